//! A simulated kiosk: the real outbox and the real sync engine on a virtual clock.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{KioskNumber, SubmissionId};
use domain::wire::{Limits, Secret};
use kiosk::identity::Identity;
use kiosk::outbox::{BatchKind, Draft, Outbox, Receipt};
use kiosk::sync::LinkState;
use kiosk::sync::core::{Core, Credentials, Step, Timing};
use kiosk::sync::engine::{Engine, Environment};
use rand::rngs::ChaCha20Rng;

use super::network::{KioskTransport, Network, part};
use super::server::{Millis, a_folder, copy, moment};

/// The most requests of a kiosk in an hour, in any situation.
const MOST_REQUESTS_AN_HOUR: usize = 500;

pub struct SimKiosk {
    folder: tempfile::TempDir,
    network: Rc<RefCell<Network>>,
    millis: Millis,
    timing: Timing,
    random: ChaCha20Rng,
    outbox: Option<Arc<Mutex<Outbox>>>,
    identity: Option<Arc<Mutex<Identity>>>,
    engine: Option<Engine<ChaCha20Rng>>,
    began: u64,
    /// The error of its wall clock.
    pub wrong_by: TimeDelta,
    took: Rc<Cell<u64>>,
    /// Until this time it waits for a reply, or has no power.
    busy_until: u64,
    requests: VecDeque<u64>,
}

struct SimEnvironment {
    millis: Millis,
    began: u64,
    took: Rc<Cell<u64>>,
    wrong_by: TimeDelta,
}

impl SimEnvironment {
    fn millis(&self) -> u64 {
        self.millis.load(Ordering::SeqCst) + self.took.get()
    }
}

impl Environment for SimEnvironment {
    fn elapsed(&self) -> Duration {
        Duration::from_millis(self.millis() - self.began)
    }

    fn now(&self) -> Timestamp {
        moment(self.millis()) + self.wrong_by
    }

    fn is_running(&self) -> bool {
        true
    }
}

impl SimKiosk {
    pub fn new(network: &Rc<RefCell<Network>>, millis: &Millis, timing: Timing, random: ChaCha20Rng) -> Self {
        let mut kiosk = Self {
            folder: a_folder(),
            network: Rc::clone(network),
            millis: Millis::clone(millis),
            timing,
            random,
            outbox: None,
            identity: None,
            engine: None,
            began: 0,
            wrong_by: TimeDelta::zero(),
            took: Rc::default(),
            busy_until: 0,
            requests: VecDeque::new(),
        };
        kiosk.start(None);
        kiosk
    }

    /// Another kiosk with a copy of this one's disk.
    pub fn copied(&mut self) -> Self {
        let folder = a_folder();
        copy(self.folder.path(), folder.path());
        let random = part(&mut self.random);
        let mut kiosk = Self {
            folder,
            network: Rc::clone(&self.network),
            millis: Millis::clone(&self.millis),
            timing: self.timing,
            random,
            outbox: None,
            identity: None,
            engine: None,
            began: 0,
            wrong_by: self.wrong_by,
            took: Rc::default(),
            busy_until: 0,
            requests: VecDeque::new(),
        };
        kiosk.start(None);
        kiosk
    }

    fn now(&self) -> u64 {
        self.millis.load(Ordering::SeqCst)
    }

    fn environment(&self) -> SimEnvironment {
        SimEnvironment {
            millis: Millis::clone(&self.millis),
            began: self.began,
            took: Rc::clone(&self.took),
            wrong_by: self.wrong_by,
        }
    }

    fn start(&mut self, code: Option<String>) {
        self.began = self.now();
        let now = moment(self.began) + self.wrong_by;
        let (mut identity, replaced) = Identity::open(self.folder.path(), now, &mut self.random).unwrap();
        assert!(replaced.is_none(), "{replaced:?}");
        let (mut outbox, replaced) = Outbox::open(self.folder.path(), &mut identity, now).unwrap();
        assert!(replaced.is_none(), "{replaced:?}");
        let (millis, began) = (Millis::clone(&self.millis), self.began);
        outbox
            .set_uptime_clock(Box::new(move || Duration::from_millis(millis.load(Ordering::SeqCst) - began)));
        let credentials = match (identity.token().is_some(), &code) {
            (true, code) => Credentials::Token { spare_code: code.is_some() },
            (false, Some(_)) => Credentials::Code,
            (false, None) => Credentials::None,
        };
        let first_contact = identity.first_contact();
        let (outbox, identity) = (Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity)));
        let core = Core::new(self.timing.with_first_contact(first_contact), credentials, &mut self.random);
        let random = part(&mut self.random);
        let code = code.map(Secret);
        self.engine = Some(Engine::new(core, code, "simulated".to_owned(), &outbox, &identity, random));
        (self.outbox, self.identity) = (Some(outbox), Some(identity));
    }

    /// Cuts the power for `away` milliseconds; `code` is the enrolment code that is entered then.
    pub fn cut(&mut self, away: u64, code: Option<String>) {
        let left = a_folder();
        copy(self.folder.path(), left.path());
        (self.engine, self.outbox, self.identity) = (None, None, None);
        self.folder = left;
        self.took.set(0);
        self.start(code);
        self.busy_until = self.now() + away;
    }

    pub fn tell(&mut self, draft: &Draft) -> Receipt {
        let now = moment(self.now()) + self.wrong_by;
        let (outbox, identity) = (self.outbox.as_ref().unwrap(), self.identity.as_ref().unwrap());
        let receipt =
            outbox.lock().unwrap().queue(draft, &identity.lock().unwrap(), now, &mut self.random).unwrap();
        let env = self.environment();
        self.engine.as_mut().unwrap().core.item_queued(env.elapsed());
        receipt
    }

    /// The submission that it queued last, if it is still waiting.
    pub fn newest(&self) -> Option<SubmissionId> {
        let outbox = self.outbox.as_ref().unwrap().lock().unwrap();
        let everything = Limits { max_items: 100_000, max_bytes: usize::MAX, ..Limits::default() };
        outbox.next_batch(BatchKind::Fresh, &everything).unwrap().last().map(|item| item.id)
    }

    /// The time of its next step.
    pub fn due(&self) -> u64 {
        let env = self.environment();
        let due = match self.engine.as_ref().unwrap().core.next(env.elapsed()) {
            Step::WaitUntil(then) => self.began + u64::try_from(then.as_millis()).unwrap(),
            _ => self.now(),
        };
        due.max(self.busy_until)
    }

    /// Runs one step.
    pub fn turn(&mut self) {
        let now = self.now();
        let transport = KioskTransport { network: Rc::clone(&self.network), took: Rc::clone(&self.took) };
        let env = self.environment();
        self.took.set(0);
        let wait = self.engine.as_mut().unwrap().step(Some(&transport), &env).unwrap();
        self.busy_until = now + self.took.replace(0);
        if wait.is_some() {
            return;
        }
        self.requests.push_back(now);
        while self.requests.front().is_some_and(|at| at + 3_600_000 < now) {
            self.requests.pop_front();
        }
        assert!(self.requests.len() <= MOST_REQUESTS_AN_HOUR, "{} requests in an hour", self.requests.len());
    }

    pub fn is_refused(&self) -> bool {
        self.engine.as_ref().unwrap().core.link() == LinkState::Refused
    }

    pub fn number(&self) -> KioskNumber {
        self.identity.as_ref().unwrap().lock().unwrap().kiosk()
    }

    pub fn is_alone(&self) -> bool {
        self.identity.as_ref().unwrap().lock().unwrap().token().is_none()
    }

    /// The waiting and the quarantined items.
    pub fn left(&self) -> (Vec<SubmissionId>, Vec<SubmissionId>) {
        let outbox = self.outbox.as_ref().unwrap().lock().unwrap();
        let everything = Limits { max_items: 100_000, max_bytes: usize::MAX, ..Limits::default() };
        let mut waiting: Vec<_> = outbox
            .next_batch(BatchKind::Fresh, &everything)
            .unwrap()
            .into_iter()
            .map(|item| item.id)
            .collect();
        let suspects = outbox.waiting_by_kind().unwrap().suspect;
        if suspects > 0 {
            waiting.extend(
                outbox.next_batch(BatchKind::Suspect, &everything).unwrap().into_iter().map(|i| i.id),
            );
        }
        let quarantined = outbox.quarantined().unwrap().into_iter().map(|item| item.id).collect();
        (waiting, quarantined)
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub fn describe(&self) -> String {
        let engine = self.engine.as_ref().unwrap();
        format!("{} {:?} due {} now {}", self.number(), engine.core, self.due(), self.now())
    }
}
