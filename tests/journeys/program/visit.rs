//! A visit from the first touch to the last, by the real application without its window.
//!
//! The typed text comes on standard input, disguised, so that memory holds it only where typing puts it.
//! After printing `typed` and `over` the program waits for a line; meanwhile the test can examine it.

use std::io::BufRead as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use domain::language::Language;
use kiosk::event::{Arrival, Bar, Event, Key, OverlayTouch, Touch};
use kiosk::pages::PageView;
use kiosk::pages::attract::AttractTouch;
use kiosk::pages::form::FormTouch;
use kiosk::pages::home::{HomeTile, HomeTouch};
use kiosk::pages::menu::MenuTouch;
use kiosk::pages::review::ReviewTouch;
use kiosk::shell::{Parts, Shell};
use kiosk::view::{Field, Layout};
use kiosk::world::{Pinyin, World};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;
use tracing_subscriber::EnvFilter;

/// The byte with which the input is XORed.
pub(super) const DISGUISE: u8 = 0x5A;

/// Whether the kernel may write a core dump of the program.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum CoreDumps {
    /// As in the real program.
    Forbidden,
    /// Only for the test that examines a core dump.
    Allowed,
}

pub fn run(data: &Path, dumps: CoreDumps) -> Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_env_filter(EnvFilter::new("trace")).init();
    let limit = match dumps {
        CoreDumps::Forbidden => rustix::process::Rlimit { current: Some(0), maximum: Some(0) },
        CoreDumps::Allowed => {
            let most = rustix::process::getrlimit(rustix::process::Resource::Core).maximum;
            rustix::process::Rlimit { current: most, maximum: most }
        }
    };
    rustix::process::setrlimit(rustix::process::Resource::Core, limit)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    let disguised: Vec<u8> = line.trim().as_bytes().chunks_exact(2).map(byte).collect::<Result<_>>()?;

    let mut random = ChaCha20Rng::from_seed(rand::random());
    let (identity, outbox) = super::open(data, &mut random)?;
    let (outbox, identity) = (Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity)));
    let mut shell = Shell::new(Parts {
        world: World::without_map(Language::En, chrono_tz::Tz::UTC, Pinyin::Missing),
        store: Some((outbox, identity)),
        pinyin: None,
        sync: None,
        lookup: None,
        courier: None,
        clock: chrono::Utc::now,
    });
    complain(&mut shell, &disguised);
    pause("typed")?;
    shell.handle(Bar::Primary);
    shell.handle(Bar::Primary);
    let begun = Instant::now();
    while !matches!(shell.view().page, PageView::Thanks(_)) {
        shell.pump();
        ensure!(begun.elapsed() < Duration::from_secs(30), "nobody was thanked");
    }
    shell.handle(OverlayTouch::Finish);
    shell.handle(Bar::Home);
    while !shell.is_resting() {
        shell.handle(Arrival::Tick(chrono::Utc::now() + chrono::TimeDelta::hours(1)));
        shell.pump();
        ensure!(begun.elapsed() < Duration::from_secs(30), "the visit does not end");
    }
    pause("over")
}

pub(super) fn byte(digits: &[u8]) -> Result<u8> {
    Ok(u8::from_str_radix(std::str::from_utf8(digits)?, 16)?)
}

/// The position of the complaint among the forms of "Tell us", and its question for what happened.
const COMPLAINT: usize = 1;
const STORY: Field = Field::Answer(2);
/// The place of the question for contact data in what the review offers to add.
const CONTACT: usize = 2;

/// Fills in a complaint, except its last page.
fn complain(shell: &mut Shell, disguised: &[u8]) {
    let pick = |item, index| Event::from(FormTouch::Pick { item, index });
    for event in [
        Event::from(AttractTouch::Start(None)),
        Event::from(HomeTouch::Tile(HomeTile::TellUs)),
        Event::from(MenuTouch::Card(COMPLAINT)),
        pick(0, 3),
        Event::from(Bar::Primary),
        Event::from(FormTouch::PlaceUnknown),
        Event::from(Touch::FieldTapped(STORY)),
        Event::from(Key::Layout(Layout::Latin)),
    ] {
        shell.handle(event);
    }
    type_in(shell, disguised);
    for event in [
        Event::from(Key::Done),
        Event::from(Bar::Primary),
        Event::from(ReviewTouch::Add(CONTACT)),
        pick(1, 0),
        Event::from(Touch::FieldTapped(Field::Email)),
        Event::from(Key::Layout(Layout::Latin)),
    ] {
        shell.handle(event);
    }
    type_in(shell, disguised);
    for letter in "@example.com".chars() {
        shell.handle(Key::Char(letter));
    }
    shell.handle(Key::Done);
}

fn type_in(shell: &mut Shell, disguised: &[u8]) {
    for byte in disguised {
        shell.handle(Key::Char(char::from(byte ^ DISGUISE)));
    }
}

pub(super) fn pause(word: &str) -> Result<()> {
    super::say(word)?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("nobody goes on")?;
    Ok(())
}
