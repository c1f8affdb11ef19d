//! Runs the days of a fleet, one event after the other.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use domain::id::SubmissionId;
use kiosk::outbox::Draft;
use kiosk::sync::core::Timing;
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::happenings::{self, DAY, Happening, MINUTE};
use super::kiosk::SimKiosk;
use super::network::{Network, part};
use super::server::{Millis, Server};
use super::{check, happenings as what};
use crate::stage::chance::Chance as _;

/// The result of a simulation. Two runs of one seed have the same result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub days: u64,
    pub sent: u64,
    pub mishaps: u64,
    /// Submissions with a receipt that the server does not have.
    pub lost: u64,
    /// Submissions that the server has twice.
    pub doubled: u64,
    pub happened: BTreeMap<&'static str, u64>,
}

impl Outcome {
    pub fn is_bad(&self) -> bool {
        (self.lost, self.doubled) != (0, 0)
    }

    pub fn add(&mut self, other: &Self) {
        self.days += other.days;
        self.sent += other.sent;
        self.mishaps += other.mishaps;
        self.lost += other.lost;
        self.doubled += other.doubled;
        for (name, times) in &other.happened {
            *self.happened.entry(name).or_default() += times;
        }
    }
}

pub struct Fleet {
    pub random: ChaCha20Rng,
    pub millis: Millis,
    pub network: Rc<RefCell<Network>>,
    pub kiosks: Vec<SimKiosk>,
    /// The digest of each token that was issued, and the draft for which it was issued.
    pub sent: Vec<(String, Draft)>,
    agenda: BTreeMap<(u64, usize), Happening>,
    pub outcome: Outcome,
}

impl Fleet {
    /// A fleet whose kiosks use these waiting times.
    pub fn new(seed: u64, timing: Timing) -> Self {
        let mut random = ChaCha20Rng::seed_from_u64(seed);
        let millis = Millis::default();
        let mut server_seed = [0; 32];
        rand::Rng::fill_bytes(&mut random, &mut server_seed);
        let server = Server::new(server_seed, &millis);
        let trouble = u32::try_from([5, 20, 40, 70][random.index(4)]).unwrap();
        let network = Network::new(server, &millis, part(&mut random), trouble);
        let network = Rc::new(RefCell::new(network));
        let count = 2 + random.index(2);
        let kiosks =
            (0..count).map(|_| SimKiosk::new(&network, &millis, timing, part(&mut random))).collect();
        let outcome = Outcome { days: 2 + random.below(2), ..Outcome::default() };
        let mut fleet =
            Self { random, millis, network, kiosks, sent: Vec::new(), agenda: BTreeMap::new(), outcome };
        fleet.network.borrow().server.save();
        for (n, (at, happening)) in
            happenings::plan(&mut fleet.random, fleet.outcome.days, count).into_iter().enumerate()
        {
            fleet.agenda.insert((at, n), happening);
        }
        fleet
    }

    pub fn now(&self) -> u64 {
        self.millis.load(Ordering::SeqCst)
    }

    /// Runs all days and the calm period after them.
    pub fn live(mut self) -> Outcome {
        self.run_until(self.outcome.days * DAY);
        self.calm();
        self.five_minutes_are_enough();
        let poison = self.network.borrow().poison.clone();
        self.nothing_waits_but(&poison);
        self.quarantines_poisoned_items();
        self.somebody_mends_the_rest();
        self.five_minutes_are_enough();
        // A kiosk that was enrolled under another number meanwhile has not been asked to retry under that
        // number.
        self.somebody_mends_the_rest();
        self.five_minutes_are_enough();
        self.nothing_waits_but(&BTreeSet::new());
        for kiosk in &self.kiosks {
            assert_eq!(kiosk.left().1, [], "something is in quarantine: {}", kiosk.describe());
        }
        (self.outcome.lost, self.outcome.doubled) = check::everything(&self);
        let network = self.network.borrow();
        (self.outcome.sent, self.outcome.mishaps) = (self.sent.len().try_into().unwrap(), network.mishaps);
        self.outcome.clone()
    }

    /// Runs the events in order, until `end`.
    fn run_until(&mut self, end: u64) {
        loop {
            let kiosk = (0..self.kiosks.len()).min_by_key(|n| self.kiosks[*n].due()).unwrap();
            let turn = self.kiosks[kiosk].due();
            let happening = self.agenda.first_key_value().map_or(u64::MAX, |((at, _), _)| *at);
            let late = self.network.borrow().next_late().unwrap_or(u64::MAX);
            let next = turn.min(happening).min(late);
            if next > end {
                self.millis.store(end, Ordering::SeqCst);
                return;
            }
            self.millis.store(next.max(self.now()), Ordering::SeqCst);
            if late == next {
                self.network.borrow_mut().late();
            } else if happening == next {
                let (_, happening) = self.agenda.pop_first().unwrap();
                what::happen(self, happening);
            } else {
                let was_alone = self.kiosks[kiosk].is_alone();
                self.kiosks[kiosk].turn();
                if was_alone && !self.kiosks[kiosk].is_alone() {
                    // The manual demands this backup: from now on only the server has the key to the first
                    // submissions.
                    self.network.borrow().server.save();
                }
            }
        }
    }

    /// Stops all faults and all visits.
    fn calm(&mut self) {
        self.agenda.clear();
        let mut network = self.network.borrow_mut();
        (network.trouble, network.down_until) = (0, 0);
        network.server.limits = domain::wire::Limits::default();
        network.server.cut();
        network.last_fault = network.last_fault.max(network.now());
    }

    /// Lets five minutes pass after the last fault. Enrols kiosks again that the server refuses, which also
    /// ends a fault.
    fn five_minutes_are_enough(&mut self) {
        let mut last = u64::MAX;
        loop {
            let fault = self.network.borrow().last_fault;
            if self.now() >= fault + 5 * MINUTE && fault == last {
                return;
            }
            last = fault;
            let end = fault + 5 * MINUTE;
            while self.now() < end {
                let minute = (self.now() + MINUTE).min(end);
                self.run_until(minute);
                if (0..self.kiosks.len()).any(|n| what::let_in_again(self, n)) {
                    let now = self.now();
                    let mut network = self.network.borrow_mut();
                    network.last_fault = network.last_fault.max(now);
                    break;
                }
            }
        }
    }

    /// A poisoned item is tried three times, with growing pauses, and is then quarantined. A quarantined item
    /// is tried again every few hours, so each kiosk has its own moment at which nothing waits.
    fn quarantines_poisoned_items(&mut self) {
        let end = self.now() + 20 * MINUTE;
        let mut busy: Vec<usize> = (0..self.kiosks.len()).collect();
        loop {
            busy.retain(|n| !self.kiosks[*n].left().0.is_empty());
            if busy.is_empty() {
                return;
            }
            assert!(self.now() < end, "a poisoned item still waits: {}", self.kiosks[busy[0]].describe());
            self.run_until((self.now() + MINUTE / 4).min(end));
        }
    }

    fn somebody_mends_the_rest(&mut self) {
        let mut network = self.network.borrow_mut();
        network.poison.clear();
        network.last_fault = network.last_fault.max(network.now());
        let admin = network.server.admin();
        for kiosk in &self.kiosks {
            admin.ask_retry(kiosk.number()).unwrap();
        }
    }

    fn nothing_waits_but(&self, these: &BTreeSet<SubmissionId>) {
        for kiosk in &self.kiosks {
            let (waiting, _) = kiosk.left();
            let stuck: Vec<_> = waiting.iter().filter(|id| !these.contains(id)).collect();
            assert!(stuck.is_empty(), "{stuck:?} still wait: {}", kiosk.describe());
        }
    }
}
