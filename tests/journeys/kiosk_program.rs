//! A kiosk without a window, for stories in which it is killed.
//!
//! `journey-kiosk DATA take N` takes in N complaints and prints `receipt NUMBER` after each one that is
//! safe. `journey-kiosk DATA send URL CA CODE` enrols if need be, sends until nothing is waiting, and prints
//! `empty`. Both are made of the same parts as the real program.

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::language::Language;
use domain::submission::{Body, Category, Complaint, Story};
use domain::wire::Secret;
use kiosk::identity::Identity;
use kiosk::outbox::{Outbox, Said};
use kiosk::sync::core::Timing;
use kiosk::sync::worker;
use kiosk::sync::{LinkState, Roots, Settings};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [data, "take", n] => take(Path::new(data), n.parse()?),
        [data, "send", url, ca, code] => send(Path::new(data), url, Path::new(ca), code),
        _ => bail!("usage: journey-kiosk DATA take N | DATA send URL CA CODE"),
    }
}

fn open(data: &Path, random: &mut ChaCha20Rng) -> Result<(Identity, Outbox)> {
    let now = chrono::Utc::now();
    let (mut identity, lost) = Identity::open(data, now, random)?;
    let (outbox, moved) = Outbox::open(data, &mut identity, now)?;
    if !lost.is_empty() || !moved.is_empty() {
        bail!("something was moved aside: {lost:?} {moved:?}");
    }
    Ok((identity, outbox))
}

fn take(data: &Path, n: u32) -> Result<()> {
    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, mut outbox) = open(data, &mut random)?;
    for i in 0..n {
        let story = Story::parse(&format!("The escalator stopped for the {i}th time"))?;
        let complaint = Complaint { category: Category::Facilities, story, remedy: None };
        let body = Body::Complaint(complaint);
        let said = Said { language: Language::En, place: None, body, contact: None };
        let receipt = outbox.queue(&said, &identity, chrono::Utc::now(), &mut random)?;
        say(&format!("receipt {}", receipt.case_number))?;
    }
    Ok(())
}

fn send(data: &Path, url: &str, ca: &Path, code: &str) -> Result<()> {
    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, outbox) = open(data, &mut random)?;
    let (identity, outbox) = (Arc::new(Mutex::new(identity)), Arc::new(Mutex::new(outbox)));
    let settings = Settings {
        server: Some(url.parse()?),
        code: Some(Secret(code.to_owned())),
        roots: Roots::from_file(ca)?,
        timing: Timing {
            base: Duration::from_millis(20),
            cap: Duration::from_millis(200),
            first_contact: Duration::ZERO,
            ..Timing::default()
        },
        ..Settings::new("journey")
    };
    let sync = worker::start(settings, &outbox, &identity, chrono::Utc::now, random)?;
    sync.wait(Duration::from_secs(30), |status| status.link == LinkState::Online && status.waiting == 0)
        .with_context(|| format!("it did not arrive: {:?}", sync.status()))?;
    sync.stop();
    say("empty")
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
