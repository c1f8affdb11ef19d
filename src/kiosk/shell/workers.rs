//! The shell's workers: one writes to the outbox, one computes the routes. Each has a thread and an inbox, and
//! ends when the shell drops it; a submission that was handed over is written before that. Whoever asks the
//! server has a thread for each question, because the one before may still wait for a network.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use domain::Timestamp;
use domain::language::Language;
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use wayfinding::route::Router;
use wayfinding::venue::KioskSpot;
use zeroize::Zeroize as _;

use crate::case_lookup::{LookupError, ReceiptProof, RequestId};
use crate::event::{Arrival, SaveFailed};
use crate::identity::Identity;
use crate::outbox::{Outbox, Receipt, Said};
use crate::routes::{self, KioskRoutes};
use crate::sync::Inquiry;

type Wake = Arc<dyn Fn() + Send + Sync>;

/// Where workers put what they have to say.
pub struct Answers {
    sender: AnswerSender,
    inbox: Receiver<Arrival>,
}

/// A worker's end.
#[derive(Clone)]
pub struct AnswerSender {
    arrivals: Sender<Arrival>,
    wake: Arc<Mutex<Option<Wake>>>,
}

impl Answers {
    pub(super) fn new() -> Self {
        let (arrivals, inbox) = channel();
        Self { sender: AnswerSender { arrivals, wake: Arc::default() }, inbox }
    }

    pub(super) fn sender(&self) -> AnswerSender {
        self.sender.clone()
    }

    pub(super) fn on_wake(&self, wake: Wake) {
        *self.sender.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some(wake);
    }

    pub(super) fn take(&self) -> Vec<Arrival> {
        self.inbox.try_iter().collect()
    }
}

impl AnswerSender {
    fn say(&self, arrival: Arrival) {
        // The shell is gone only when the program ends.
        let _ = self.arrivals.send(arrival);
        if let Some(wake) = &*self.wake.lock().unwrap_or_else(PoisonError::into_inner) {
            wake();
        }
    }
}

/// Writes submissions, one after the other.
pub struct Writer {
    inbox: Option<Sender<Box<Said>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        outbox: Arc<Mutex<Outbox>>,
        identity: Arc<Mutex<Identity>>,
        clock: fn() -> Timestamp,
        answers: AnswerSender,
    ) -> Self {
        let (inbox, said) = channel::<Box<Said>>();
        let work = move || {
            make_ready(&outbox, &identity);
            for mut said in said {
                let saved = write(&outbox, &identity, &said, clock());
                // The visitor may go as soon as they are thanked, and nothing of theirs stays here.
                said.zeroize();
                drop(said);
                answers.say(Arrival::Saved(saved));
                tidy(&outbox);
                make_ready(&outbox, &identity);
            }
        };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(work)
            .expect("a thread can be started when the kiosk starts");
        Self { inbox: Some(inbox), thread: Some(thread) }
    }

    pub(super) fn write(&self, said: Box<Said>) {
        if let Some(inbox) = &self.inbox {
            // The writer lives as long as this does.
            let _ = inbox.send(said);
        }
    }
}

/// The visitor has been thanked; now there is time for this.
fn tidy(outbox: &Mutex<Outbox>) {
    let tidied = outbox.lock().unwrap_or_else(PoisonError::into_inner).tidy();
    if let Err(error) = tidied {
        tracing::error!(target: "maintenance", %error, "the outbox could not be put in order");
    }
}

/// The next visitor waits for the disk only.
fn make_ready(outbox: &Mutex<Outbox>, identity: &Mutex<Identity>) {
    let identity = identity.lock().unwrap_or_else(PoisonError::into_inner);
    let mut outbox = outbox.lock().unwrap_or_else(PoisonError::into_inner);
    outbox.make_ready(&identity, &mut UnwrapErr(SysRng));
}

/// Waits until what was handed over is on the disk.
impl Drop for Writer {
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write(
    outbox: &Mutex<Outbox>,
    identity: &Mutex<Identity>,
    said: &Said,
    now: Timestamp,
) -> Result<Receipt, SaveFailed> {
    let identity = identity.lock().unwrap_or_else(PoisonError::into_inner);
    let mut outbox = outbox.lock().unwrap_or_else(PoisonError::into_inner);
    outbox.queue(said, &identity, now, &mut UnwrapErr(SysRng)).map_err(|error| {
        tracing::error!(target: "maintenance", %error, "a submission could not be saved; the visitor was told");
        SaveFailed::Disk
    })
}

/// Questions that may be under way at once: of a visitor who gave up, asked again, and so on.
const QUESTIONS: usize = 4;

/// Asks the server for visitors.
pub struct Asker {
    inquiry: Arc<Inquiry>,
    answers: AnswerSender,
    /// Counted by who holds it.
    under_way: Arc<()>,
}

impl Asker {
    pub(super) fn new(inquiry: Inquiry, answers: AnswerSender) -> Self {
        Self { inquiry: Arc::new(inquiry), answers, under_way: Arc::default() }
    }

    /// The answer comes as [`Arrival::CaseStatusArrived`]. A thread that is still waiting when the program ends is left.
    pub(super) fn ask(&self, request: RequestId, proof: Box<ReceiptProof>, language: Language) {
        let (inquiry, answers) = (Arc::clone(&self.inquiry), self.answers.clone());
        let place = Arc::clone(&self.under_way);
        if Arc::strong_count(&place) > QUESTIONS + 1 {
            return answers.say(Arrival::CaseStatusArrived(request, Err(LookupError::NoNetwork)));
        }
        let work = move || {
            let told = inquiry.ask(&proof, language).map(Box::new);
            drop((proof, place));
            answers.say(Arrival::CaseStatusArrived(request, told));
        };
        if let Err(error) = std::thread::Builder::new().name("asker".to_owned()).spawn(work) {
            tracing::error!(target: "maintenance", %error, "nobody can ask the server for a visitor");
            self.answers.say(Arrival::CaseStatusArrived(request, Err(LookupError::NoNetwork)));
        }
    }
}

/// Minutes after which routes are computed anew: doors and lifts have hours.
const OLD_AFTER_MIN: i64 = 5;

/// Computes the routes.
pub struct Grower {
    inbox: Sender<Timestamp>,
    last: std::cell::Cell<Timestamp>,
}

impl Grower {
    /// Networks are kept in a folder, where there is one.
    pub(super) fn start(
        router: Router,
        spot: KioskSpot,
        kept_in: Option<PathBuf>,
        answers: AnswerSender,
    ) -> Self {
        let (inbox, moments) = channel();
        let work = move || {
            let venue = Arc::clone(router.venue());
            if let Some(folder) = kept_in {
                routes::prepare(&router, &folder);
            }
            for at in moments {
                answers.say(Arrival::RoutesReady(KioskRoutes::grow(&venue, &router, &spot, at)));
            }
        };
        std::thread::Builder::new()
            .name("grower".to_owned())
            .spawn(work)
            .expect("a thread can be started when the kiosk starts");
        Self { inbox, last: std::cell::Cell::new(Timestamp::UNIX_EPOCH) }
    }

    pub(super) fn grow(&self, at: Timestamp) {
        self.last.set(at);
        // A grower that panicked is gone; the pages then say that no way is known.
        let _ = self.inbox.send(at);
    }

    pub(super) fn grow_if_old(&self, now: Timestamp) {
        if (now - self.last.get()).abs().num_minutes() >= OLD_AFTER_MIN {
            self.grow(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::demo_mall;
    use domain::Timestamp;

    /// What a grower that starts anew says of each place, and the files that are kept afterwards.
    fn start(folder: &std::path::Path) -> (Vec<Option<u64>>, Vec<PathBuf>) {
        let (venue, answers) = (demo_mall(), Answers::new());
        let (router, spot) = (Router::new(Arc::clone(&venue)), venue.kiosks()[0].clone());
        let grower = Grower::start(router, spot, Some(folder.to_owned()), answers.sender());
        grower.grow("2026-11-21T04:00:00Z".parse::<Timestamp>().unwrap());
        let Ok(Arrival::RoutesReady(routes)) = answers.inbox.recv() else { panic!("no trees") };
        let tree = routes.tree(wayfinding::route::TravelProfile::Walking);
        let times = venue.places().iter().map(|p| tree.time_s(&p.id).map(f64::to_bits)).collect();
        let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        (times, files)
    }

    /// It reads what it measured before, and measures again where the file is damaged.
    #[test]
    fn a_restarted_kiosk_distrusts_damaged_networks() {
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
            assert!(std::fs::read(file).unwrap() == whole, "it is whole again");
        }
    }
}
