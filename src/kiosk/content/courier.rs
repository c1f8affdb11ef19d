//! The courier: a thread that fetches what is offered, has it tried, and lays it ready.
//!
//! It never holds up the sending of submissions, and it shows nothing itself: the shell goes over to what
//! is ready while nobody is here.

use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use domain::content::ContentVersion;
use domain::wire::{ContentOffer, ContentReport};

use super::fetch::{FetchError, fetch};
use super::slots::Slots;
use super::trial::Trial;
use crate::sync::{MAINTENANCE, lock};
use crate::world::World;

pub use super::fetch::Access;

/// A publication that is here, was tried, and can be shown.
pub struct Ready {
    /// Its number.
    pub version: ContentVersion,
    /// What the kiosk knows with it.
    pub world: World,
}

/// Fetches content. Cheap to share.
pub struct Courier {
    orders: Mutex<Sender<(ContentOffer, Access)>>,
    shared: Arc<Shared>,
}

struct Shared {
    slots: Mutex<Slots>,
    ready: Mutex<Option<Ready>>,
}

impl Courier {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread left.
    pub fn start(slots: Slots, trial: Trial) -> Result<Self, std::io::Error> {
        let (orders, inbox) = channel();
        let shared = Arc::new(Shared { slots: Mutex::new(slots), ready: Mutex::new(None) });
        let work = {
            let shared = Arc::clone(&shared);
            move || run(&shared, &inbox, &trial)
        };
        std::thread::Builder::new().name("courier".to_owned()).spawn(work)?;
        Ok(Self { orders: Mutex::new(orders), shared })
    }

    /// The server offers something. It is fetched unless it is shown, ready or refused already.
    pub fn offered(&self, offer: ContentOffer, access: Access) {
        // The thread ends only with this.
        let _ = lock(&self.orders).send((offer, access));
    }

    /// What the server is told.
    pub fn report(&self) -> ContentReport {
        lock(&self.shared.slots).report()
    }

    /// What can be shown now, once.
    pub fn take_ready(&self) -> Option<Ready> {
        lock(&self.shared.ready).take()
    }

    /// Records that a publication is shown from now on, on trial. False when that cannot be recorded: then
    /// it must not be shown.
    pub fn show(&self, version: ContentVersion) -> bool {
        let shown = lock(&self.shared.slots).show(version);
        if let Err(error) = &shown {
            tracing::error!(target: MAINTENANCE, %error, %version, "new content cannot be shown");
        }
        shown.is_ok()
    }

    /// What is shown has stood its trial.
    pub fn confirm(&self) {
        if let Err(error) = lock(&self.shared.slots).confirm() {
            tracing::error!(target: MAINTENANCE, %error, "content stays on trial");
        }
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Courier({:?})", self.report())
    }
}

fn run(shared: &Shared, inbox: &Receiver<(ContentOffer, Access)>, trial: &Trial) {
    while let Ok(mut order) = inbox.recv() {
        // Every contact brings an offer: only the newest counts.
        while let Ok(newer) = inbox.try_recv() {
            order = newer;
        }
        let (ContentOffer { version }, access) = order;
        let is_ready = lock(&shared.ready).as_ref().is_some_and(|ready| ready.version == version);
        if is_ready || !lock(&shared.slots).wants(version) {
            continue;
        }
        // The slot is about to be written: what lay ready in it is gone.
        *lock(&shared.ready) = None;
        let slots = lock(&shared.slots);
        let outcome = fetch(&slots, &access, version);
        drop(slots);
        let tried = outcome.and_then(|folder| trial.of(&folder).map_err(FetchError::Never));
        match tried {
            Ok(world) => {
                tracing::info!(target: MAINTENANCE, %version, "content is here and will be shown");
                *lock(&shared.ready) = Some(Ready { version, world });
            }
            Err(FetchError::Later(reason)) => {
                tracing::warn!(target: MAINTENANCE, %version, reason, "content is not here yet");
            }
            Err(FetchError::Never(reason)) => {
                tracing::error!(target: MAINTENANCE, %version, reason, "content is refused");
                if let Err(error) = lock(&shared.slots).refuse(version, &reason) {
                    tracing::error!(target: MAINTENANCE, %error, "a refusal could not be noted");
                }
            }
        }
    }
}
