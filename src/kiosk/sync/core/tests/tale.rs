//! What a kiosk would do against a server of moods, in virtual time.

use proptest::prelude::*;

use super::*;

/// Something that waits.
struct Waits {
    id: u32,
    setbacks: u32,
    refusals: u32,
    is_suspect: bool,
}

struct Tale {
    core: Core,
    now: Moment,
    random: ChaCha20Rng,
    waiting: Vec<Waits>,
    poison: BTreeSet<u32>,
    arrived: BTreeSet<u32>,
    aside: BTreeSet<u32>,
    queued: u32,
    requests: Vec<Moment>,
}

type Mood = fn(&mut ChaCha20Rng) -> Option<Answer>;

impl Tale {
    fn new(seed: u64) -> Self {
        let mut random = random(seed);
        let core = enrolled(&mut random);
        let (now, queued) = (Moment::ZERO, 0);
        let (waiting, requests) = (Vec::new(), Vec::new());
        let (poison, arrived, aside) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { core, now, random, waiting, poison, arrived, aside, queued, requests }
    }

    fn queue(&mut self) {
        if self.random.next_u32().is_multiple_of(40) {
            self.poison.insert(self.queued);
        }
        self.waiting.push(Waits { id: self.queued, setbacks: 0, refusals: 0, is_suspect: false });
        self.queued += 1;
        self.core.queued(self.now);
    }

    /// Lives until `end`; `mood` says whether the server has one.
    fn live(&mut self, end: Moment, mood: Mood) {
        while self.now < end {
            if self.random.next_u32().is_multiple_of(4) && self.queued < 600 {
                self.queue();
            }
            match self.core.next(self.now) {
                Step::RestUntil(then) => {
                    let pause = seconds(1 + u64::from(self.random.next_u32() % 59));
                    assert!(then > self.now, "a rest ends in the future");
                    self.now = then.min(self.now + pause).min(end);
                }
                Step::Send(limits) => self.send(Some((limits.max_items, false)), mood),
                Step::Try(_) => self.send(Some((1, true)), mood),
                Step::Knock => self.send(None, mood),
                Step::Enrol => panic!("there is no code"),
            }
        }
    }

    fn send(&mut self, what: Option<(usize, bool)>, mood: Mood) {
        self.requests.push(self.now);
        self.now += Duration::from_millis(20 + u64::from(self.random.next_u32() % 1980));
        self.waiting.sort_by_key(|w| (w.setbacks, w.id));
        let (most, suspects) = what.unwrap_or((0, false));
        let sent: Vec<u32> =
            self.waiting.iter().filter(|w| w.is_suspect == suspects).take(most).map(|w| w.id).collect();
        let poisoned = sent.iter().any(|id| self.poison.contains(id));
        let answer = match mood(&mut self.random) {
            Some(Answer::Unreachable) => {
                // The reply may be what was lost.
                if !poisoned && self.random.next_u32().is_multiple_of(2) {
                    self.arrived.extend(&sent);
                }
                Answer::Unreachable
            }
            // A single item that is good is only refused by a server that refuses all.
            Some(Answer::Unacceptable) if sent.len() == 1 => Answer::Nonsense,
            Some(mood) => mood,
            None if poisoned => Answer::Unacceptable,
            None => {
                self.arrived.extend(&sent);
                self.waiting.retain(|w| !sent.contains(&w.id));
                let suspect = self.waiting.iter().filter(|w| w.is_suspect).count();
                let fresh = self.waiting.len() - suspect;
                let number = |n: usize| u64::try_from(n).unwrap();
                with_suspects(number(sent.len()), number(fresh), number(suspect))
            }
        };
        if let Some(count) = self.core.answered(answer, sent.len(), self.now, &mut self.random) {
            // As in the outbox: those that come alone take turns.
            let last = self.waiting.iter().filter(|w| w.is_suspect).map(|w| w.setbacks).max();
            let item = self.waiting.iter_mut().find(|w| w.id == sent[0]).unwrap();
            item.is_suspect = true;
            item.setbacks = 1 + item.setbacks.max(last.unwrap_or_default());
            item.refusals += u32::from(count == Count::AgainstIt);
            if item.refusals >= MOST_REFUSALS {
                self.aside.insert(sent[0]);
                self.waiting.retain(|w| w.id != sent[0]);
            }
        }
    }
}

fn stormy(random: &mut ChaCha20Rng) -> Option<Answer> {
    let moods = [
        Answer::Unreachable,
        Answer::Nonsense,
        Answer::Busy { retry_after: None },
        Answer::Busy { retry_after: Some(seconds(40)) },
        NO_TOKEN,
        OTHER_TOKEN,
        Answer::Revoked,
        Answer::DiskTrouble,
        Answer::Unacceptable,
    ];
    let any = moods[usize::try_from(random.next_u32() % 9).unwrap()];
    (!random.next_u32().is_multiple_of(3)).then_some(any)
}

#[test]
fn a_poisoned_item_goes_aside_within_minutes_and_holds_up_nobody() {
    let mut tale = Tale::new(12);
    for _ in 0..150 {
        tale.queue();
    }
    tale.poison = BTreeSet::from([0, 77]);
    tale.live(seconds(10 * 60), |_| None);
    assert_eq!(tale.aside.intersection(&BTreeSet::from([0, 77])).count(), 2);
    assert!((1..150).all(|id| id == 77 || tale.arrived.contains(&id)));
}

#[test]
fn a_poisoned_item_goes_aside_even_if_nobody_else_ever_speaks() {
    let mut tale = Tale::new(15);
    tale.queue();
    tale.poison = BTreeSet::from([0]);
    tale.queued = 600;
    tale.live(seconds(5 * 60), |_| None);
    assert_eq!(tale.aside, BTreeSet::from([0]), "that the server answers otherwise is proof enough");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_the_server_does_nothing_is_lost_nothing_blocks_and_nothing_storms(seed in any::<u64>()) {
        let mut tale = Tale::new(seed);
        tale.live(seconds(3 * 3600), stormy);
        let queued_in_the_storm = tale.queued;
        let calm = tale.now;
        tale.live(calm + seconds(5 * 60), |_| None);
        let good = (0..queued_in_the_storm).filter(|id| !tale.poison.contains(id));
        for id in good {
            prop_assert!(tale.arrived.contains(&id), "{id} did not arrive; seed {seed}");
        }
        for Waits { id, .. } in &tale.waiting {
            prop_assert!(tale.poison.contains(id) || *id >= queued_in_the_storm, "{id} is stuck; seed {seed}");
        }
        prop_assert!(tale.aside.is_subset(&tale.poison), "a good one was put aside; seed {seed}");
        let accounted = tale.waiting.len() + tale.aside.len()
            + tale.arrived.iter().filter(|id| !tale.waiting.iter().any(|w| w.id == **id)).count();
        prop_assert_eq!(accounted, usize::try_from(tale.queued).unwrap(), "seed {}", seed);
    }

    #[test]
    fn a_server_that_always_errs_is_asked_once_a_minute_on_average_and_no_more(seed in any::<u64>()) {
        let mut tale = Tale::new(seed);
        for _ in 0..300 {
            tale.queue();
        }
        let day = seconds(24 * 3600);
        let moods: [Mood; 5] = [
            |_| Some(Answer::Unreachable),
            |_| Some(Answer::Nonsense),
            |_| Some(Answer::Revoked),
            |_| Some(NO_TOKEN),
            |_| Some(Answer::Busy { retry_after: None }),
        ];
        tale.live(day, moods[usize::try_from(seed % 5).unwrap()]);
        let late = tale.requests.iter().filter(|at| **at > day / 2).count();
        prop_assert!(late < 12 * 75, "{late} requests in half a day; seed {seed}");
        prop_assert!(tale.requests.len() > 20, "it never gives up; seed {seed}");
        prop_assert!(tale.aside.is_empty(), "nothing shows that the server takes others; seed {seed}");
    }
}
