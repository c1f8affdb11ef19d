//! The obedient loop: lets the [`Engine`] take its turns, and waits in between for as long as it says.
//!
//! It has a thread of its own: a visitor's "send" never waits for a server.

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use domain::Timestamp;
use domain::id::CryptoRng;
use domain::wire::{BatchReply, ContentOffer, ContentReport, Enrolment, Secret, Signed};

use super::address::{ProxyAddress, ServerAddress};
use super::client::{Client, Roots, Timeouts};
use super::core::{Answer, Code, Core, Moment, Standing, Timing};
use super::engine::{Engine, Line, Surroundings};
use super::handle::{Shared, SyncHandle, Wish};
use super::status::{Board, SyncStatus};
use super::{MAINTENANCE, lock};
use crate::content::Courier;
use crate::content::courier::Access;
use crate::identity::Identity;
use crate::outbox::Outbox;

/// What the loop is told at its start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The server; without one, that of the enrolment.
    pub server: Option<ServerAddress>,
    /// What stands between the kiosk and the server, if the house has that.
    pub proxy: Option<ProxyAddress>,
    /// A one-time code, for a kiosk that is not enrolled or whose token is refused.
    pub code: Option<Secret>,
    /// Whose certificates are believed.
    pub roots: Roots,
    /// How long to wait for what.
    pub timing: Timing,
    /// How long a request may take.
    pub timeouts: Timeouts,
    /// Version of this program.
    pub software: String,
    /// Who fetches what the server offers to show.
    pub courier: Option<Arc<Courier>>,
}

impl Settings {
    /// Nothing but what an enrolled kiosk knows itself.
    pub fn new(software: &str) -> Self {
        Self {
            server: None,
            proxy: None,
            code: None,
            roots: Roots::WebPki,
            timing: Timing::default(),
            timeouts: Timeouts::default(),
            software: software.to_owned(),
            courier: None,
        }
    }
}

/// Starts the loop.
///
/// # Errors
/// The system has no thread left.
pub fn start<R: CryptoRng + Send + 'static>(
    settings: Settings,
    outbox: &Arc<Mutex<Outbox>>,
    identity: &Arc<Mutex<Identity>>,
    clock: fn() -> Timestamp,
    mut random: R,
) -> Result<SyncHandle, std::io::Error> {
    let (server, enrolled, timing) = {
        let identity = lock(identity);
        let known = identity.server().and_then(|server| server.parse().ok());
        let timing = settings.timing.told(identity.first_contact());
        (settings.server.clone().or(known), identity.token().is_some(), timing)
    };
    let standing = match (&server, &settings.code) {
        (Some(_), Some(_)) if enrolled => Standing::Enrolled(Code::Untried),
        (Some(_), None) if enrolled => Standing::Enrolled(Code::None),
        (Some(_), Some(_)) => Standing::Invited,
        _ => Standing::Alone,
    };
    let line = server.map(|server| Wired {
        client: Client::new(
            server,
            settings.proxy.as_ref(),
            &settings.roots,
            settings.timeouts,
            &settings.software,
        ),
        courier: settings.courier,
    });
    let core = Core::new(timing, standing, &mut random);
    let waiting = lock(outbox).waiting().unwrap_or_default();
    let mut engine = Engine::new(core, settings.code, settings.software, outbox, identity, random);
    let link = engine.core.link();
    let board = Arc::new(Board::new(SyncStatus { link, waiting, last_success: None }));
    engine.board = Arc::clone(&board);
    let shared = Arc::new(Shared::default());
    let (ending, ended) = channel();
    let around = Around { shared: Arc::clone(&shared), clock, began: Instant::now() };
    let thread = std::thread::Builder::new().name("sync".to_owned()).spawn(move || {
        let _ending: Sender<()> = ending;
        run(&mut engine, line.as_ref(), &around);
    })?;
    Ok(SyncHandle { shared, board, ended, thread: Some(thread) })
}

/// The real line, and the courier who fetches content beside it.
struct Wired {
    client: Client,
    courier: Option<Arc<Courier>>,
}

impl Line for Wired {
    fn server(&self) -> &str {
        self.client.server()
    }

    fn send(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, Answer> {
        self.client.send(token, batch)
    }

    fn enrol(&self, request: &Signed) -> Result<Enrolment, Answer> {
        self.client.enrol(request)
    }

    fn content(&self) -> Option<ContentReport> {
        self.courier.as_ref().map(|courier| courier.report())
    }

    fn offered(&self, offer: ContentOffer, identity: &Identity) {
        let Some(courier) = &self.courier else { return };
        let version = offer.version;
        match (identity.token().cloned(), identity.content_key().map(str::parse)) {
            (Some(token), Some(Ok(key))) => {
                courier.offered(offer, Access { client: self.client.clone(), token, key });
            }
            (_, Some(Err(error))) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(target: MAINTENANCE, %version, error, "the content key is of no use");
            }
            _ => {
                tracing::warn!(target: MAINTENANCE, %version, "no content key is known; enrol again to learn it");
            }
        }
    }
}

/// The real clocks, and what the handle wishes.
struct Around {
    shared: Arc<Shared>,
    clock: fn() -> Timestamp,
    began: Instant,
}

impl Surroundings for Around {
    fn moment(&self) -> Moment {
        self.began.elapsed()
    }

    fn now(&self) -> Timestamp {
        (self.clock)()
    }

    fn goes_on(&self) -> bool {
        *lock(&self.shared.wish) != Wish::Stop
    }
}

fn run<R: CryptoRng>(engine: &mut Engine<R>, line: Option<&Wired>, around: &Around) {
    while let Ok(rest) = engine.turn(line, around) {
        let wish = match rest {
            Some(then) => around.rest(then),
            None => Wish::Nothing,
        };
        if wish == Wish::Wake {
            engine.core.queued(around.moment());
            if engine.report().is_err() {
                return;
            }
        }
        if !around.goes_on() {
            return;
        }
    }
}

impl Around {
    /// Waits until `then`, or until something is wished.
    fn rest(&self, then: Moment) -> Wish {
        let longest = then.saturating_sub(self.moment());
        let waited = self
            .shared
            .changed
            .wait_timeout_while(lock(&self.shared.wish), longest, |wish| *wish == Wish::Nothing);
        let (mut wish, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if *wish == Wish::Stop { Wish::Stop } else { std::mem::take(&mut *wish) }
    }
}
