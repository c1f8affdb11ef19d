//! A kiosk without a window, for tests in which it is killed. It is made of the same parts as the real
//! program.
//!
//! `journey-kiosk DATA take N` queues N submissions and prints `receipt NUMBER` after each one that is
//! stored.
//! `journey-kiosk DATA send URL CA CODE` enrols if necessary, sends until nothing is waiting, and prints
//! `empty`.
//! `journey-kiosk DATA busy SEED N` makes N changes to its outbox, as if a server answered, and prints
//! `thanked ID` for each submission.
//! `journey-kiosk DATA live URL CA CODE` queues and sends until it is killed, and prints `receipt DIGEST`
//! with the digest of each token.
//! `journey-kiosk DATA visit` is a whole visit, `journey-kiosk DATA follow URL CA` a visit with a case
//! lookup; see [`visit`] and [`lookup`].

mod lookup;
mod visit;

use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::testing::{self, Sample};
use domain::wire::{ItemResult, ItemStatus, Limits, SealedItem, Secret};
use kiosk::identity::Identity;
use kiosk::net::{Network, Roots};
use kiosk::outbox::{BatchKind, Draft, Fault, Outbox, ServerReport};
use kiosk::sync::core::Timing;
use kiosk::sync::{self, LinkState, Settings};
use rand::rngs::ChaCha20Rng;
use rand::{Rng as _, SeedableRng as _};

/// As in the real program.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [data, "take", n] => take(Path::new(data), n.parse()?),
        [data, "send", url, ca, code] => send(Path::new(data), url, Path::new(ca), code),
        [data, "busy", seed, n] => busy(Path::new(data), seed.parse()?, n.parse()?),
        [data, "lookup", url, ca] => lookup::run(Path::new(data), url, Path::new(ca)),
        [data, "visit"] => visit::run(Path::new(data), visit::CoreDumps::Forbidden),
        [data, "visit-with-core-dumps"] => visit::run(Path::new(data), visit::CoreDumps::Allowed),
        [data, "live", url, ca, code] => live(Path::new(data), url, Path::new(ca), code),
        _ => bail!(
            "usage: journey-kiosk DATA take N | send URL CA CODE | busy SEED N | live URL CA CODE | visit | \
             visit-with-core-dumps | lookup URL CA"
        ),
    }
}

fn open(data: &Path, random: &mut ChaCha20Rng) -> Result<(Identity, Outbox)> {
    let now = chrono::Utc::now();
    let (mut identity, lost) = Identity::open(data, now, random)?;
    let (outbox, moved) = Outbox::open(data, &mut identity, now)?;
    if lost.is_some() || moved.is_some() {
        bail!("something was moved aside: {lost:?} {moved:?}");
    }
    Ok((identity, outbox))
}

fn take(data: &Path, n: u32) -> Result<()> {
    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, mut outbox) = open(data, &mut random)?;
    for i in 0..n {
        let receipt = outbox.queue(&draft(i, &mut random)?, &identity, chrono::Utc::now(), &mut random)?;
        say(&format!("receipt {}", receipt.case_number))?;
    }
    Ok(())
}

/// The submission of the `i`th visitor: every form in turn and a call for help, with random answers.
fn draft(i: u32, random: &mut ChaCha20Rng) -> Result<Draft> {
    let words = format!("The escalator stopped for the {i}th time");
    let sample = testing::any(usize::try_from(i)?, &words, testing::a_day(), random);
    let Sample { language, place, body, contact } = sample;
    Ok(Draft { language, place, body, contact })
}

/// Queues, delivers, quarantines and restores submissions.
fn busy(data: &Path, seed: u64, n: u32) -> Result<()> {
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let (mut identity, mut outbox) = open(data, &mut random)?;
    let everything = Limits { max_items: 10_000, max_bytes: usize::MAX, ..Limits::default() };
    let now = chrono::Utc::now;
    for i in 0..n {
        let fresh = outbox.next_batch(BatchKind::Fresh, &everything)?;
        let stored = |item: &SealedItem| ItemResult {
            id: item.id,
            status: ItemStatus::Stored,
            sha256: item.sha256.clone(),
            reason: None,
        };
        match random.next_u32() % 20 {
            0..4 => {
                let some = usize::try_from(random.next_u32() % 8)?;
                let results: Vec<_> = fresh.iter().take(some).map(stored).collect();
                outbox.settle(&results, &ServerReport::at(now()), now())?;
            }
            4 => {
                if let Some(item) = fresh.first() {
                    outbox.count_refusal(item.id, Fault::Item)?;
                }
            }
            5 => {
                if let Some(item) = outbox.next_batch(BatchKind::Suspect, &everything)?.first() {
                    outbox.quarantine(item.id, "refused", now(), now())?;
                }
            }
            6 => {
                let report = ServerReport { retries_requested: u64::from(i) + 1, ..ServerReport::at(now()) };
                outbox.settle(&[], &report, now())?;
            }
            7 => {
                outbox.settle(
                    &[],
                    &ServerReport { newest_unknown: true, ..ServerReport::at(now()) },
                    now(),
                )?;
            }
            8 => outbox.begin_distant_epoch(&mut identity, &mut random)?,
            _ => {
                outbox.queue(&draft(i, &mut random)?, &identity, now(), &mut random)?;
                let waiting = outbox.next_batch(BatchKind::Fresh, &everything)?;
                let newest = waiting.iter().max_by_key(|item| (item.epoch, item.seq));
                say(&format!("thanked {}", newest.context("it was queued")?.id))?;
            }
        }
        // A kiosk does this after each receipt and after each reply of the server.
        outbox.tidy()?;
        outbox.make_ready(&identity, &mut random);
    }
    Ok(())
}

/// Queues and sends submissions until it is killed.
fn live(data: &Path, url: &str, ca: &Path, code: &str) -> Result<()> {
    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, outbox) = open(data, &mut random)?;
    let (identity, outbox) = (Arc::new(Mutex::new(identity)), Arc::new(Mutex::new(outbox)));
    let settings = settings(url, ca, code)?;
    let own = ChaCha20Rng::from_rng(&mut random);
    let sync = sync::start(settings, &Network::start()?, &outbox, &identity, chrono::Utc::now, own)?;
    for i in 0.. {
        let receipt = {
            let identity = identity.lock().map_err(|_| anyhow::anyhow!("the other thread died"))?;
            let mut outbox = outbox.lock().map_err(|_| anyhow::anyhow!("the other thread died"))?;
            outbox.queue(&draft(i, &mut random)?, &identity, chrono::Utc::now(), &mut random)?
        };
        sync.wake();
        say(&format!("receipt {}", domain::seal::hex(&receipt.token.digest().0)))?;
        std::thread::sleep(Duration::from_millis(1 + u64::from(random.next_u32() % 9)));
    }
    Ok(())
}

fn send(data: &Path, url: &str, ca: &Path, code: &str) -> Result<()> {
    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, outbox) = open(data, &mut random)?;
    let (identity, outbox) = (Arc::new(Mutex::new(identity)), Arc::new(Mutex::new(outbox)));
    let settings = settings(url, ca, code)?;
    let sync = sync::start(settings, &Network::start()?, &outbox, &identity, chrono::Utc::now, random)?;
    sync.wait(Duration::from_secs(30), |status| status.link == LinkState::Online && status.waiting == 0)
        .with_context(|| format!("it did not arrive: {:?}", sync.status()))?;
    sync.stop();
    say("empty")
}

fn settings(url: &str, ca: &Path, code: &str) -> Result<Settings> {
    Ok(Settings {
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
    })
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
