//! A visit with a case lookup, at a kiosk with the most verbose log.
//!
//! The typed text comes on standard input, one line for each field, XORed with [`DISGUISE`] and in
//! hexadecimal. A search of this program's memory for the text thus does not find the input itself. The
//! program prints `shown` while the result is on the screen, and `over` when the visit has ended; it waits for
//! a line after each.

use std::io::BufRead as _;
use std::path::Path;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use domain::language::Language;
use kiosk::event::{Bar, Key, OverlayTouch, Touch};
use kiosk::lookup_client::LookupClient;
use kiosk::net::{Network, Roots};
use kiosk::pages::PageView;
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::shell::{Parts, Shell};
use kiosk::view::Field;
use kiosk::world::{Pinyin, World};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;
use tracing_subscriber::EnvFilter;

use super::visit::{DISGUISE, byte, pause};

pub fn run(data: &Path, url: &str, ca: &Path) -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(EnvFilter::new("trace")).init();
    let (identity, outbox) = super::open(data, &mut ChaCha20Rng::from_seed(rand::random()))?;
    let identity = Arc::new(Mutex::new(identity));
    let lookup = LookupClient {
        network: Network::start()?,
        server: Some(url.parse()?),
        proxy: None,
        roots: Roots::from_file(ca)?,
        software: "journey".to_owned(),
        identity: Arc::clone(&identity),
    };
    let mut shell = Shell::new(Parts {
        world: World::without_map(Language::En, chrono_tz::Tz::UTC, Pinyin::Missing),
        store: Some((Arc::new(Mutex::new(outbox)), identity)),
        pinyin: None,
        sync: None,
        lookup: Some(lookup),
        courier: None,
        clock: chrono::Utc::now,
    });
    let (wake, woken) = channel();
    let wake = Mutex::new(wake);
    shell.on_wake(Arc::new(move || {
        if let Ok(wake) = wake.lock() {
            let _ = wake.send(());
        }
    }));
    shell.handle(AttractTouch::Start(Some(Language::En)));
    shell.handle(HomeTouch::Tile(HomeTile::TellUs));
    let PageView::Menu(menu) = shell.view().page else { anyhow::bail!("there is no menu") };
    shell.handle(MenuTouch::Card(menu.cards.len() - 1));
    for field in [Field::CaseNumber, Field::CaseCode] {
        shell.handle(Touch::FieldTapped(field));
        type_in(&mut shell)?;
        shell.handle(Key::Done);
    }
    shell.handle(Bar::Primary);
    while is_waiting(&shell) {
        woken.recv_timeout(Duration::from_secs(30)).context("nobody answers")?;
        shell.pump();
    }
    ensure!(matches!(shell.view().page, PageView::CaseStatus(_)), "no status is shown");
    pause("shown")?;
    shell.handle(OverlayTouch::Finish);
    ensure!(shell.is_resting(), "the visit goes on");
    pause("over")
}

fn is_waiting(shell: &Shell) -> bool {
    matches!(shell.view().page, PageView::CaseStatus(page) if !page.give_up.is_empty())
}

/// Types the next line, which is never in memory as a whole.
fn type_in(shell: &mut Shell) -> Result<()> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    for digits in line.trim().as_bytes().chunks_exact(2) {
        shell.handle(Key::Char(char::from(byte(digits)? ^ DISGUISE)));
    }
    Ok(())
}
