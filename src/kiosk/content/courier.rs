//! The courier: a thread that downloads offered publications, checks them and keeps them ready.
//!
//! It shows nothing itself: the shell switches to new content while no visitor is there. A download holds no
//! lock. Only copying its files into the spare slot does, for the moment that this takes: the shell and the sync
//! thread then wait for it.

use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use domain::content::ContentVersion;
use domain::wire::{ContentOffer, ContentReport};

use super::fetch::{ContentSource, download};
use super::slots::Slots;
use super::world_loader::WorldLoader;
use crate::lock::lock;
use crate::log::MAINTENANCE;
use crate::world::World;

/// A publication that was downloaded and checked, and can be shown.
pub struct Ready {
    pub version: ContentVersion,
    /// The world made from it.
    pub world: World,
}

/// Downloads content on its own thread.
pub struct Courier {
    orders: Mutex<Sender<(ContentOffer, ContentSource)>>,
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
    pub fn start(slots: Slots, loader: WorldLoader) -> Result<Self, std::io::Error> {
        let (orders, inbox) = channel();
        let shared = Arc::new(Shared { slots: Mutex::new(slots), ready: Mutex::new(None) });
        let work = {
            let shared = Arc::clone(&shared);
            move || run(&shared, &inbox, &loader)
        };
        std::thread::Builder::new().name("courier".to_owned()).spawn(work)?;
        Ok(Self { orders: Mutex::new(orders), shared })
    }

    /// The server offers a publication. It is downloaded unless it is shown, ready or refused already.
    pub fn offered(&self, offer: ContentOffer, source: ContentSource) {
        // The thread ends only when the courier is dropped.
        let _ = lock(&self.orders).send((offer, source));
    }

    /// The state of the content, for the server.
    pub fn report(&self) -> ContentReport {
        lock(&self.shared.slots).report()
    }

    /// The publication that can be shown now, once.
    pub fn take_ready(&self) -> Option<Ready> {
        lock(&self.shared.ready).take()
    }

    /// Records that a publication is shown from now on, unconfirmed. Returns false if the record cannot be
    /// written; the publication must then not be shown.
    pub fn show(&self, version: ContentVersion) -> bool {
        let shown = lock(&self.shared.slots).show(version);
        if let Err(error) = &shown {
            tracing::error!(target: MAINTENANCE, %error, %version, "new content cannot be shown");
        }
        shown.is_ok()
    }

    /// Confirms the shown content, because the kiosk works with it.
    pub fn confirm(&self) {
        if let Err(error) = lock(&self.shared.slots).confirm() {
            tracing::error!(target: MAINTENANCE, %error, "content stays unconfirmed");
        }
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Courier({:?})", self.report())
    }
}

fn run(shared: &Shared, inbox: &Receiver<(ContentOffer, ContentSource)>, loader: &WorldLoader) {
    while let Ok(mut order) = inbox.recv() {
        // Every reply carries an offer; only the newest counts.
        while let Ok(newer) = inbox.try_recv() {
            order = newer;
        }
        let (ContentOffer { version }, source) = order;
        let is_ready = lock(&shared.ready).as_ref().is_some_and(|ready| ready.version == version);
        if is_ready || !lock(&shared.slots).wants(version) {
            continue;
        }
        // What is ready lies in the slot that is about to be overwritten, and is not what the server offers.
        *lock(&shared.ready) = None;
        let snapshot = lock(&shared.slots).clone();
        let staged = download(&snapshot, &source, version)
            .and_then(|downloaded| downloaded.stage(&lock(&shared.slots)));
        match staged.map(|folder| loader.load(&folder)) {
            Ok(Ok(world)) => {
                tracing::info!(target: MAINTENANCE, %version, "content was downloaded and will be shown");
                *lock(&shared.ready) = Some(Ready { version, world });
            }
            Ok(Err(error)) => refuse(shared, version, &error),
            Err(error) if error.is_permanent() => refuse(shared, version, &error),
            Err(error) => {
                tracing::warn!(target: MAINTENANCE, %version, %error, "content is not here yet");
            }
        }
    }
}

fn refuse(shared: &Shared, version: ContentVersion, why: &dyn fmt::Display) {
    tracing::error!(target: MAINTENANCE, %version, %why, "content is refused");
    if let Err(error) = lock(&shared.slots).refuse(version, &why.to_string()) {
        tracing::error!(target: MAINTENANCE, %error, "a refusal could not be recorded");
    }
}
