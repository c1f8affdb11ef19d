use std::collections::BTreeSet;

use proptest::prelude::*;
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::*;

fn random(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn enrolled(random: &mut ChaCha20Rng) -> Core {
    Core::new(Timing::default(), Standing::Enrolled(Code::None), random)
}

fn taken(settled: u64, waiting: u64) -> Answer {
    Answer::Taken(Taken { settled, waiting, limits: Limits::default(), next_poll: seconds(60) })
}

/// The moment of the next attempt.
fn due(core: &Core, now: Moment) -> Moment {
    match core.next(now) {
        Step::RestUntil(then) => then,
        Step::Enrol | Step::Send(_) | Step::Knock => now,
    }
}

#[test]
fn kiosks_that_start_together_do_not_call_together() {
    let minutes: BTreeSet<_> =
        (0..500).map(|seed| due(&enrolled(&mut random(seed)), Moment::ZERO).as_secs()).collect();
    assert!(minutes.len() > 80, "{} different seconds", minutes.len());
    assert!(minutes.iter().all(|s| *s <= 120));
}

#[test]
fn whoever_typed_the_code_is_not_kept_waiting() {
    let core = Core::new(Timing::default(), Standing::Invited, &mut random(1));
    assert_eq!(core.next(Moment::ZERO), Step::Enrol);
}

#[test]
fn what_a_visitor_queues_is_sent_at_once_while_the_server_answers() {
    let mut random = random(2);
    let mut core = enrolled(&mut random);
    core.answered(taken(0, 0), seconds(10), &mut random);
    assert!(matches!(core.next(seconds(20)), Step::RestUntil(_)));
    core.queued(seconds(20));
    assert!(matches!(core.next(seconds(20)), Step::Send(_)));
}

#[test]
fn what_a_visitor_queues_does_not_shorten_the_wait_for_a_server_that_failed() {
    let mut random = random(3);
    let mut core = enrolled(&mut random);
    for answer in [Answer::Unreachable, Answer::Nonsense, Answer::Revoked, Answer::Busy { retry_after: None }]
    {
        core.answered(answer, seconds(10), &mut random);
        let before = due(&core, seconds(10));
        core.queued(seconds(10));
        assert_eq!(due(&core, seconds(10)), before, "{answer:?}");
    }
}

#[test]
fn the_wait_grows_with_every_failure_up_to_its_cap_and_begins_anew_after_a_success() {
    let longest = |failures: u32| {
        (0..300)
            .map(|seed| {
                let mut random = random(seed);
                let mut core = enrolled(&mut random);
                for _ in 0..failures {
                    core.answered(Answer::Unreachable, Moment::ZERO, &mut random);
                }
                due(&core, Moment::ZERO)
            })
            .max()
            .unwrap()
    };
    assert!(longest(1) <= seconds(5) && longest(1) > seconds(4));
    assert!(longest(3) <= seconds(20) && longest(3) > seconds(17));
    assert!(longest(40) <= seconds(900) && longest(40) > seconds(850));

    let mut random = random(4);
    let mut core = enrolled(&mut random);
    for _ in 0..40 {
        core.answered(Answer::Unreachable, Moment::ZERO, &mut random);
    }
    core.answered(taken(1, 0), Moment::ZERO, &mut random);
    core.answered(Answer::Unreachable, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(5));
}

#[test]
fn a_server_that_asks_for_patience_gets_it_but_not_for_ever() {
    let mut random = random(5);
    let mut core = enrolled(&mut random);
    core.answered(Answer::Busy { retry_after: Some(seconds(300)) }, Moment::ZERO, &mut random);
    assert!((300..=305).contains(&due(&core, Moment::ZERO).as_secs()));
    core.answered(Answer::Busy { retry_after: Some(Duration::MAX) }, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(3605));
}

#[test]
fn a_wrong_token_keeps_the_data_and_asks_again_slowly() {
    let mut random = random(6);
    let mut core = enrolled(&mut random);
    core.answered(Answer::WrongToken, Moment::ZERO, &mut random);
    assert_eq!(core.link(), LinkState::Refused);
    let then = due(&core, Moment::ZERO);
    assert!((450..=900).contains(&then.as_secs()));
    assert!(matches!(core.next(then), Step::Send(_)));
}

#[test]
fn a_new_code_mends_a_wrong_token_and_a_used_one_is_tried_only_once() {
    let mut random = random(7);
    let mut core = Core::new(Timing::default(), Standing::Enrolled(Code::Untried), &mut random);
    core.answered(Answer::WrongToken, seconds(200), &mut random);
    assert_eq!(core.next(seconds(200)), Step::Enrol);
    let mut mended = core.clone();
    mended.answered(Answer::Enrolled, seconds(200), &mut random);
    assert!(matches!(mended.next(seconds(200)), Step::Send(_)));

    core.answered(Answer::CodeRefused, seconds(200), &mut random);
    assert!(matches!(core.next(due(&core, seconds(200))), Step::Send(_)));
    core.answered(Answer::WrongToken, seconds(2000), &mut random);
    assert!(matches!(core.next(due(&core, seconds(2000))), Step::Send(_)), "not the code again");
}

#[test]
fn a_revoked_kiosk_sends_nothing_but_a_knock_until_it_is_welcome_again() {
    let mut random = random(8);
    let mut core = enrolled(&mut random);
    core.answered(Answer::Revoked, Moment::ZERO, &mut random);
    for _ in 0..5 {
        let then = due(&core, Moment::ZERO);
        assert_eq!(core.next(then), Step::Knock);
        core.answered(Answer::Revoked, Moment::ZERO, &mut random);
    }
    core.answered(taken(0, 7), seconds(5000), &mut random);
    assert_eq!(core.link(), LinkState::Online);
    assert!(matches!(core.next(seconds(5000)), Step::Send(_)), "what was collected goes at once");
}

#[test]
fn a_request_that_is_not_taken_is_halved_down_to_a_single_item() {
    let mut random = random(9);
    let mut core = enrolled(&mut random);
    let mut sizes = Vec::new();
    loop {
        let Step::Send(limits) = core.next(seconds(200)) else { panic!("halves are tried at once") };
        sizes.push(limits.max_items);
        let count = core.answered(Answer::Unacceptable { sent: limits.max_items }, seconds(200), &mut random);
        if limits.max_items == 1 {
            assert_eq!(count, Some(Count::AgainstTheServer), "nothing shows yet that it takes others");
            break;
        }
        assert_eq!(count, None);
    }
    assert_eq!(sizes, [200, 100, 50, 25, 12, 6, 3, 1]);
    core.answered(taken(1, 5), seconds(200), &mut random);
    let count = core.answered(Answer::Unacceptable { sent: 1 }, seconds(200), &mut random);
    assert_eq!(count, Some(Count::AgainstIt));
    let count = core.answered(Answer::Unacceptable { sent: 1 }, seconds(200), &mut random);
    assert_eq!(count, Some(Count::AgainstTheServer), "it has to be shown anew");
}

#[test]
fn a_limit_that_would_stop_everything_is_not_obeyed_to_the_letter() {
    let mut random = random(10);
    let mut core = enrolled(&mut random);
    let limits = Limits { max_items: 0, max_bytes: 0, max_item_bytes: 0 };
    let answer = Taken { settled: 1, waiting: 1, limits, next_poll: Duration::ZERO };
    core.answered(Answer::Taken(answer), seconds(200), &mut random);
    let Step::Send(limits) = core.next(seconds(200)) else { panic!("more is waiting") };
    assert!(limits.max_items == 1 && limits.max_bytes > 0);
}

/// What a kiosk would do against a server of moods, in virtual time.
struct Tale {
    core: Core,
    now: Moment,
    random: ChaCha20Rng,
    /// Id, setbacks and refusals of what waits.
    waiting: Vec<(u32, u32, u32)>,
    poison: BTreeSet<u32>,
    arrived: BTreeSet<u32>,
    aside: BTreeSet<u32>,
    queued: u32,
    requests: Vec<Moment>,
}

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
        if self.random.random_ratio(1, 40) {
            self.poison.insert(self.queued);
        }
        self.waiting.push((self.queued, 0, 0));
        self.queued += 1;
        self.core.queued(self.now);
    }

    /// Lives until `end`; `moody` says whether the server has its moods.
    fn live(&mut self, end: Moment, moody: fn(&mut ChaCha20Rng) -> Option<Answer>) {
        while self.now < end {
            if self.random.random_ratio(1, 4) && self.queued < 600 {
                self.queue();
            }
            match self.core.next(self.now) {
                Step::RestUntil(then) => {
                    let pause = seconds(self.random.random_range(1..60));
                    assert!(then > self.now, "a rest ends in the future");
                    self.now = then.min(self.now + pause).min(end);
                }
                Step::Send(limits) => self.send(limits.max_items, moody),
                Step::Knock => self.send(0, moody),
                Step::Enrol => panic!("there is no code"),
            }
        }
    }

    fn send(&mut self, most: usize, moody: fn(&mut ChaCha20Rng) -> Option<Answer>) {
        self.requests.push(self.now);
        self.now += Duration::from_millis(self.random.random_range(20..2000));
        self.waiting.sort_by_key(|(id, setbacks, _)| (*setbacks, *id));
        let sent: Vec<u32> = self.waiting.iter().take(most).map(|(id, ..)| *id).collect();
        let poisoned = sent.iter().any(|id| self.poison.contains(id));
        let answer = match moody(&mut self.random) {
            Some(Answer::Unreachable) => {
                // The reply may be what was lost.
                if !poisoned && self.random.random_bool(0.5) {
                    self.arrived.extend(&sent);
                }
                Answer::Unreachable
            }
            // A single item that is good is only refused by a server that refuses all.
            Some(Answer::Unacceptable { sent: 2 }) if sent.len() < 2 => Answer::Nonsense,
            Some(Answer::Unacceptable { .. }) => Answer::Unacceptable { sent: sent.len() },
            Some(mood) => mood,
            None if poisoned => Answer::Unacceptable { sent: sent.len() },
            None => {
                self.arrived.extend(&sent);
                self.waiting.retain(|(id, ..)| !sent.contains(id));
                taken(sent.len().try_into().unwrap(), self.waiting.len().try_into().unwrap())
            }
        };
        if let Some(count) = self.core.answered(answer, self.now, &mut self.random) {
            let item = self.waiting.iter_mut().find(|(id, ..)| *id == sent[0]).unwrap();
            item.1 += 1;
            item.2 += u32::from(count == Count::AgainstIt);
            if item.2 >= MOST_REFUSALS {
                self.aside.insert(sent[0]);
                self.waiting.retain(|(id, ..)| *id != sent[0]);
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
        Answer::WrongToken,
        Answer::Revoked,
        Answer::DiskTrouble,
        Answer::Unacceptable { sent: 2 },
    ];
    random.random_ratio(2, 3).then(|| moods[random.random_range(0..moods.len())])
}

#[test]
fn a_poisoned_item_goes_aside_within_minutes_and_holds_up_nobody() {
    let mut tale = Tale::new(12);
    for _ in 0..150 {
        tale.queue();
    }
    tale.poison = BTreeSet::from([0, 77]);
    tale.live(seconds(10 * 60), |_| None);
    assert_eq!(tale.aside, BTreeSet::from([0, 77]));
    assert!((1..150).all(|id| id == 77 || tale.arrived.contains(&id)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn whatever_the_server_does_nothing_is_lost_nothing_blocks_and_nothing_storms(seed in any::<u64>()) {
        let mut tale = Tale::new(seed);
        tale.live(seconds(6 * 3600), stormy);
        let queued_in_the_storm = tale.queued;
        // The longest single wait is fifteen minutes; then two visitors an hour come along as proof that
        // the server takes others.
        let calm = tale.now;
        tale.live(calm + seconds(20 * 60), |_| None);
        let good = (0..queued_in_the_storm).filter(|id| !tale.poison.contains(id));
        for id in good {
            prop_assert!(tale.arrived.contains(&id), "{id} did not arrive; seed {seed}");
        }
        for (id, ..) in &tale.waiting {
            prop_assert!(tale.poison.contains(id) || *id >= queued_in_the_storm, "{id} is stuck; seed {seed}");
        }
        prop_assert!(tale.aside.is_subset(&tale.poison), "a good one was put aside; seed {seed}");
        let accounted = tale.waiting.len() + tale.aside.len()
            + tale.arrived.iter().filter(|id| !tale.waiting.iter().any(|(w, ..)| w == *id)).count();
        prop_assert_eq!(accounted, usize::try_from(tale.queued).unwrap(), "seed {}", seed);
    }

    #[test]
    fn a_server_that_always_errs_is_asked_less_and_less(seed in any::<u64>()) {
        let mut tale = Tale::new(seed);
        for _ in 0..300 {
            tale.queue();
        }
        let day = seconds(24 * 3600);
        let moods: [fn(&mut ChaCha20Rng) -> Option<Answer>; 4] = [
            |_| Some(Answer::Unreachable),
            |_| Some(Answer::Nonsense),
            |_| Some(Answer::Unacceptable { sent: 0 }),
            |_| Some(Answer::Revoked),
        ];
        tale.live(day, moods[usize::try_from(seed % 4).unwrap()]);
        let late = tale.requests.iter().filter(|at| **at > day / 2).count();
        // Half a day has 96 quarters of an hour after each of which, on average twice, one call is due; a
        // visitor's submission may add one each.
        prop_assert!(late < 12 * 60, "{late} requests in half a day; seed {seed}");
        prop_assert!(tale.requests.len() > 20, "it never gives up; seed {seed}");
        prop_assert!(tale.aside.is_empty(), "nothing shows that the server takes others; seed {seed}");
    }
}
