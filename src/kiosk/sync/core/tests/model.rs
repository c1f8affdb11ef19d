//! A model of a kiosk and an unreliable server, in virtual time.

use proptest::prelude::*;

use super::*;

/// A waiting item.
struct WaitingItem {
    id: u32,
    deferrals: u32,
    refusals: u32,
    is_suspect: bool,
}

struct Model {
    core: Core,
    now: Moment,
    random: ChaCha20Rng,
    waiting: Vec<WaitingItem>,
    poison: BTreeSet<u32>,
    arrived: BTreeSet<u32>,
    quarantined: BTreeSet<u32>,
    queued: u32,
    requests: Vec<Moment>,
}

type ServerMood = fn(&mut ChaCha20Rng) -> Option<Outcome>;

impl Model {
    fn new(seed: u64) -> Self {
        let mut random = random(seed);
        let core = enrolled(&mut random);
        let (now, queued) = (Moment::ZERO, 0);
        let (waiting, requests) = (Vec::new(), Vec::new());
        let (poison, arrived, quarantined) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { core, now, random, waiting, poison, arrived, quarantined, queued, requests }
    }

    fn queue(&mut self) {
        if self.random.next_u32().is_multiple_of(40) {
            self.poison.insert(self.queued);
        }
        self.waiting.push(WaitingItem { id: self.queued, deferrals: 0, refusals: 0, is_suspect: false });
        self.queued += 1;
        self.core.item_queued(self.now);
    }

    /// Runs until `end`. `mood` decides the server's answers; without a mood the server works properly.
    fn run(&mut self, end: Moment, mood: ServerMood) {
        while self.now < end {
            if self.random.next_u32().is_multiple_of(4) && self.queued < 600 {
                self.queue();
            }
            match self.core.next(self.now) {
                Step::WaitUntil(then) => {
                    let pause = seconds(1 + u64::from(self.random.next_u32() % 59));
                    assert!(then > self.now, "a wait ends in the future");
                    self.now = then.min(self.now + pause).min(end);
                }
                Step::Send(limits) => self.send(Some((limits.max_items, false)), mood),
                Step::SendSuspect(_) => self.send(Some((1, true)), mood),
                Step::Probe => self.send(None, mood),
                Step::Enrol => panic!("there is no code"),
            }
        }
    }

    fn send(&mut self, what: Option<(usize, bool)>, mood: ServerMood) {
        self.requests.push(self.now);
        self.now += Duration::from_millis(20 + u64::from(self.random.next_u32() % 1980));
        self.waiting.sort_by_key(|w| (w.deferrals, w.id));
        let (most, suspects) = what.unwrap_or((0, false));
        let sent: Vec<u32> =
            self.waiting.iter().filter(|w| w.is_suspect == suspects).take(most).map(|w| w.id).collect();
        let poisoned = sent.iter().any(|id| self.poison.contains(id));
        let answer = match mood(&mut self.random) {
            Some(Outcome::Unreachable) => {
                // It may be the reply that was lost.
                if !poisoned && self.random.next_u32().is_multiple_of(2) {
                    self.arrived.extend(&sent);
                }
                Outcome::Unreachable
            }
            // A server refuses a good item alone only if it refuses everything.
            Some(Outcome::Rejected) if sent.len() == 1 => Outcome::InvalidReply,
            Some(mood) => mood,
            None if poisoned => Outcome::Rejected,
            None => {
                self.arrived.extend(&sent);
                self.waiting.retain(|w| !sent.contains(&w.id));
                let suspect = self.waiting.iter().filter(|w| w.is_suspect).count();
                let fresh = self.waiting.len() - suspect;
                let number = |n: usize| u64::try_from(n).unwrap();
                with_suspects(number(sent.len()), number(fresh), number(suspect))
            }
        };
        if let Some(fault) = self.core.record(answer, sent.len(), self.now, &mut self.random) {
            // As in the outbox: suspects are sent round-robin.
            let last = self.waiting.iter().filter(|w| w.is_suspect).map(|w| w.deferrals).max();
            let item = self.waiting.iter_mut().find(|w| w.id == sent[0]).unwrap();
            item.is_suspect = true;
            item.deferrals = 1 + item.deferrals.max(last.unwrap_or_default());
            item.refusals += u32::from(fault == Fault::Item);
            if item.refusals >= MAX_REFUSALS {
                self.quarantined.insert(sent[0]);
                self.waiting.retain(|w| w.id != sent[0]);
            }
        }
    }
}

fn stormy(random: &mut ChaCha20Rng) -> Option<Outcome> {
    let moods = [
        Outcome::Unreachable,
        Outcome::InvalidReply,
        Outcome::Busy { retry_after: None },
        Outcome::Busy { retry_after: Some(seconds(40)) },
        NO_TOKEN,
        OTHER_TOKEN,
        Outcome::Revoked,
        Outcome::DiskFailed,
        Outcome::Rejected,
    ];
    let any = moods[usize::try_from(random.next_u32() % 9).unwrap()];
    (!random.next_u32().is_multiple_of(3)).then_some(any)
}

/// A poison item does not delay the others.
#[test]
fn a_poison_item_is_quarantined_within_minutes() {
    let mut model = Model::new(12);
    for _ in 0..150 {
        model.queue();
    }
    model.poison = BTreeSet::from([0, 77]);
    model.run(seconds(10 * 60), |_| None);
    assert_eq!(model.quarantined.intersection(&BTreeSet::from([0, 77])).count(), 2);
    assert!((1..150).all(|id| id == 77 || model.arrived.contains(&id)));
}

/// An accepted empty batch proves that the item is the reason.
#[test]
fn a_lone_poison_item_is_quarantined_too() {
    let mut model = Model::new(15);
    model.queue();
    model.poison = BTreeSet::from([0]);
    model.queued = 600;
    model.run(seconds(5 * 60), |_| None);
    assert_eq!(model.quarantined, BTreeSet::from([0]), "an accepted empty batch is proof enough");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn nothing_is_lost_or_stuck_after_a_storm(seed in any::<u64>()) {
        let mut model = Model::new(seed);
        model.run(seconds(3 * 3600), stormy);
        let queued_in_the_storm = model.queued;
        let calm = model.now;
        model.run(calm + seconds(5 * 60), |_| None);
        let good = (0..queued_in_the_storm).filter(|id| !model.poison.contains(id));
        for id in good {
            prop_assert!(model.arrived.contains(&id), "{id} did not arrive; seed {seed}");
        }
        for WaitingItem { id, .. } in &model.waiting {
            prop_assert!(model.poison.contains(id) || *id >= queued_in_the_storm, "{id} is stuck; seed {seed}");
        }
        prop_assert!(model.quarantined.is_subset(&model.poison), "a good one was quarantined; seed {seed}");
        let accounted = model.waiting.len() + model.quarantined.len()
            + model.arrived.iter().filter(|id| !model.waiting.iter().any(|w| w.id == **id)).count();
        prop_assert_eq!(accounted, usize::try_from(model.queued).unwrap(), "seed {}", seed);
    }

    /// The rate is the average over the second half of a day.
    #[test]
    fn a_failing_server_gets_one_request_a_minute(seed in any::<u64>()) {
        let mut model = Model::new(seed);
        for _ in 0..300 {
            model.queue();
        }
        let day = seconds(24 * 3600);
        let moods: [ServerMood; 5] = [
            |_| Some(Outcome::Unreachable),
            |_| Some(Outcome::InvalidReply),
            |_| Some(Outcome::Revoked),
            |_| Some(NO_TOKEN),
            |_| Some(Outcome::Busy { retry_after: None }),
        ];
        model.run(day, moods[usize::try_from(seed % 5).unwrap()]);
        let late = model.requests.iter().filter(|at| **at > day / 2).count();
        prop_assert!(late < 12 * 75, "{late} requests in half a day; seed {seed}");
        prop_assert!(model.requests.len() > 20, "it never gives up; seed {seed}");
        prop_assert!(model.quarantined.is_empty(), "nothing shows that the server takes others; seed {seed}");
    }
}
