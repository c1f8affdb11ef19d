//! The shell's workers: one writes to the outbox, one computes the route trees.
//!
//! Each has a thread and a queue, and ends when the shell drops it; drafts in its queue are written first.
//! Case lookups need no thread: they are tasks of the network, which end when nobody waits for them.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use domain::Timestamp;
use domain::language::Language;
use domain::wire::CaseStatus;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use wayfinding::route::Router;
use wayfinding::venue::KioskSpot;
use zeroize::Zeroize as _;

use crate::case_lookup::{LookupError, ReceiptProof, RequestId};
use crate::event::{Arrival, SaveFailed};
use crate::identity::Identity;
use crate::lock::lock;
use crate::log::MAINTENANCE;
use crate::lookup_client::LookupClient;
use crate::net::network::Pending;
use crate::outbox::{Draft, Outbox, Receipt};
use crate::routes::{self, KioskRoutes};

type Wake = Arc<dyn Fn() + Send + Sync>;

/// The events that workers send to the shell.
pub struct EventInbox {
    sender: EventSender,
    inbox: Receiver<Arrival>,
}

/// A worker's end of the inbox.
#[derive(Clone)]
pub struct EventSender {
    events: Sender<Arrival>,
    wake: Arc<Mutex<Option<Wake>>>,
}

impl EventInbox {
    pub(super) fn new() -> Self {
        let (events, inbox) = channel();
        Self { sender: EventSender { events, wake: Arc::default() }, inbox }
    }

    pub(super) fn sender(&self) -> EventSender {
        self.sender.clone()
    }

    pub(super) fn on_wake(&self, wake: Wake) {
        *lock(&self.sender.wake) = Some(wake);
    }

    pub(super) fn take(&self) -> Vec<Arrival> {
        self.inbox.try_iter().collect()
    }
}

impl EventSender {
    fn send(&self, arrival: Arrival) {
        // The receiver is dropped only when the program ends.
        let _ = self.events.send(arrival);
        if let Some(wake) = &*lock(&self.wake) {
            wake();
        }
    }
}

/// Queues drafts in the outbox, one after another.
pub struct OutboxWriter {
    queue: Option<Sender<Box<Draft>>>,
    thread: Option<JoinHandle<()>>,
}

impl OutboxWriter {
    pub(super) fn start(
        outbox: Arc<Mutex<Outbox>>,
        identity: Arc<Mutex<Identity>>,
        clock: fn() -> Timestamp,
        events: EventSender,
    ) -> Self {
        let (queue, drafts) = channel::<Box<Draft>>();
        let work = move || {
            make_ready(&outbox, &identity);
            for mut draft in drafts {
                let saved = write(&outbox, &identity, &draft, clock());
                // The visitor may leave as soon as the receipt is shown, so the draft is overwritten now.
                draft.zeroize();
                drop(draft);
                events.send(Arrival::Saved(saved));
                tidy(&outbox);
                make_ready(&outbox, &identity);
            }
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(work)
            .expect("a thread can be started when the kiosk starts");
        Self { queue: Some(queue), thread: Some(thread) }
    }

    pub(super) fn write(&self, draft: Box<Draft>) {
        if let Some(queue) = &self.queue {
            // The receiving thread lives as long as this value.
            let _ = queue.send(draft);
        }
    }
}

/// Checkpoints the outbox. Call it after the visitor has the receipt.
fn tidy(outbox: &Mutex<Outbox>) {
    let tidied = lock(outbox).tidy();
    if let Err(error) = tidied {
        tracing::error!(target: MAINTENANCE, %error, "the outbox could not be tidied");
    }
}

/// Prepares the next submission, whose visitor then waits only for the disk.
fn make_ready(outbox: &Mutex<Outbox>, identity: &Mutex<Identity>) {
    let identity = lock(identity);
    let mut outbox = lock(outbox);
    outbox.make_ready(&identity, &mut UnwrapErr(SysRng));
}

/// Waits until all queued drafts are on the disk.
impl Drop for OutboxWriter {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(
    outbox: &Mutex<Outbox>,
    identity: &Mutex<Identity>,
    draft: &Draft,
    now: Timestamp,
) -> Result<Receipt, SaveFailed> {
    let identity = lock(identity);
    let mut outbox = lock(outbox);
    outbox.queue(draft, &identity, now, &mut UnwrapErr(SysRng)).map_err(|error| {
        tracing::error!(target: MAINTENANCE, %error, "a submission could not be saved; the visitor was told");
        SaveFailed::Disk
    })
}

/// Sends case lookups for visitors.
pub struct LookupWorker {
    client: LookupClient,
    events: EventSender,
    running: Vec<(RequestId, Pending)>,
}

impl LookupWorker {
    pub(super) fn new(client: LookupClient, events: EventSender) -> Self {
        Self { client, events, running: Vec::new() }
    }

    /// Starts a lookup; the answer arrives as [`Arrival::CaseStatusArrived`].
    pub(super) fn ask(&mut self, request: RequestId, proof: &ReceiptProof, language: Language) {
        let events = self.events.clone();
        let answer = move |answer: Result<CaseStatus, LookupError>| {
            events.send(Arrival::CaseStatusArrived(request, answer.map(Box::new)));
        };
        match self.client.ask(proof, language, answer) {
            Ok(pending) => self.running.push((request, pending)),
            Err(error) => self.events.send(Arrival::CaseStatusArrived(request, Err(error))),
        }
    }

    /// Cancels every lookup that nobody waits for.
    pub(super) fn keep(&mut self, is_awaited: impl Fn(RequestId) -> bool) {
        self.running.retain(|(request, _)| is_awaited(*request));
    }
}

/// The trees are recomputed after this many minutes, because doors and lifts have opening hours.
const MAX_AGE_MIN: i64 = 5;

/// Computes the route trees.
pub struct TreeWorker {
    inbox: Sender<Timestamp>,
    last: std::cell::Cell<Timestamp>,
}

impl TreeWorker {
    /// Starts the thread. Route networks are cached in `cache_folder`, if given.
    pub(super) fn start(
        router: Router,
        spot: KioskSpot,
        cache_folder: Option<PathBuf>,
        events: EventSender,
    ) -> Self {
        let (inbox, moments) = channel();
        let work = move || {
            let venue = Arc::clone(router.venue());
            if let Some(folder) = cache_folder {
                routes::prepare(&router, &folder);
            }
            for at in moments {
                events.send(Arrival::RoutesReady(KioskRoutes::grow(&venue, &router, &spot, at)));
            }
        };
        std::thread::Builder::new()
            .name("trees".to_owned())
            .spawn(work)
            .expect("a thread can be started when the kiosk starts");
        Self { inbox, last: std::cell::Cell::new(Timestamp::UNIX_EPOCH) }
    }

    pub(super) fn compute(&self, at: Timestamp) {
        self.last.set(at);
        // If the thread has panicked, the pages show no route.
        let _ = self.inbox.send(at);
    }

    pub(super) fn compute_if_old(&self, now: Timestamp) {
        if (now - self.last.get()).abs().num_minutes() >= MAX_AGE_MIN {
            self.compute(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::demo_mall;
    use domain::Timestamp;

    /// The travel time to each place after a start, and the files of the cache.
    fn start(folder: &std::path::Path) -> (Vec<Option<u64>>, Vec<PathBuf>) {
        let (venue, events) = (demo_mall(), EventInbox::new());
        let (router, spot) = (Router::new(Arc::clone(&venue)), venue.kiosks()[0].clone());
        let trees = TreeWorker::start(router, spot, Some(folder.to_owned()), events.sender());
        trees.compute("2026-11-21T04:00:00Z".parse::<Timestamp>().unwrap());
        let Ok(Arrival::RoutesReady(routes)) = events.inbox.recv() else { panic!("no trees") };
        let tree = routes.tree(wayfinding::route::TravelProfile::Walking);
        let times = venue.places().iter().map(|p| tree.time_s(&p.id).map(f64::to_bits)).collect();
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        (times, files)
    }

    /// A sound cache is read and not rewritten.
    #[test]
    fn damaged_route_caches_are_rebuilt_on_start() {
        let folder = tempfile::tempdir().unwrap();
        let (first, files) = start(folder.path());
        assert!(first.iter().filter(|t| t.is_some()).count() > 100);
        let [file] = &files[..] else { panic!("{files:?}") };
        let whole = std::fs::read(file).unwrap();
        assert_eq!(start(folder.path()), (first.clone(), files.clone()));
        assert_eq!(std::fs::read(file).unwrap(), whole);
        for damaged in [&whole[..whole.len() / 2], b"nonsense"] {
            std::fs::write(file, damaged).unwrap();
            assert_eq!(start(folder.path()), (first.clone(), files.clone()));
            assert!(std::fs::read(file).unwrap() == whole, "it is rebuilt");
        }
    }
}
