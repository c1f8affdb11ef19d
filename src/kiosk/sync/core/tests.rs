use std::collections::BTreeSet;

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

fn taken(settled: u64, fresh: u64) -> Answer {
    with_suspects(settled, fresh, 0)
}

fn with_suspects(settled: u64, fresh: u64, suspect: u64) -> Answer {
    Answer::Taken(Taken {
        settled,
        waiting: Waiting { fresh, suspect },
        limits: Limits::default(),
        next_poll: seconds(60),
    })
}

const NO_TOKEN: Answer = Answer::WrongToken { another: Another::None };
const OTHER_TOKEN: Answer = Answer::WrongToken { another: Another::Token };

/// The moment of the next attempt.
fn due(core: &Core, now: Moment) -> Moment {
    match core.next(now) {
        Step::RestUntil(then) => then,
        Step::Enrol | Step::Send(_) | Step::Try(_) | Step::Knock => now,
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
fn a_server_of_few_kiosks_has_them_call_sooner_and_none_can_have_them_call_later() {
    let first = |told| {
        let timing = Timing::default().told(told);
        let start = |seed| Core::new(timing, Standing::Enrolled(Code::None), &mut random(seed));
        (0..300).map(|seed| due(&start(seed), Moment::ZERO).as_millis()).max().unwrap()
    };
    assert!((9_000..=10_000).contains(&first(Some(seconds(10)))));
    for told in [None, Some(seconds(86_400))] {
        assert!((115_000..=120_000).contains(&first(told)), "{told:?}");
    }
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
    core.answered(taken(0, 0), 1, seconds(10), &mut random);
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
        core.answered(answer, 1, seconds(10), &mut random);
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
                    core.answered(Answer::Unreachable, 1, Moment::ZERO, &mut random);
                }
                due(&core, Moment::ZERO)
            })
            .max()
            .unwrap()
    };
    assert!(longest(1) <= seconds(5) && longest(1) > seconds(4));
    assert!(longest(3) <= seconds(20) && longest(3) > seconds(17));
    assert!(longest(40) <= seconds(120) && longest(40) > seconds(110));

    let mut random = random(4);
    let mut core = enrolled(&mut random);
    for _ in 0..40 {
        core.answered(Answer::Unreachable, 1, Moment::ZERO, &mut random);
    }
    core.answered(taken(1, 0), 1, Moment::ZERO, &mut random);
    core.answered(Answer::Unreachable, 1, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(5));
}

#[test]
fn a_server_that_asks_for_patience_gets_it_but_not_for_ever() {
    let mut random = random(5);
    let mut core = enrolled(&mut random);
    core.answered(Answer::Busy { retry_after: Some(seconds(300)) }, 1, Moment::ZERO, &mut random);
    assert!((300..=305).contains(&due(&core, Moment::ZERO).as_secs()));
    core.answered(Answer::Busy { retry_after: Some(Duration::MAX) }, 1, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(3605));
}

#[test]
fn a_wrong_token_keeps_the_data_and_asks_again_slowly() {
    let mut random = random(6);
    let mut core = enrolled(&mut random);
    core.answered(NO_TOKEN, 1, Moment::ZERO, &mut random);
    assert_eq!(core.link(), LinkState::Refused);
    let then = due(&core, Moment::ZERO);
    assert!((75..=150).contains(&then.as_secs()));
    assert!(matches!(core.next(then), Step::Send(_)));
}

#[test]
fn a_new_code_mends_a_wrong_token_and_a_used_one_is_tried_only_once() {
    let mut random = random(7);
    let mut core = Core::new(Timing::default(), Standing::Enrolled(Code::Untried), &mut random);
    core.answered(NO_TOKEN, 1, seconds(200), &mut random);
    assert_eq!(core.next(seconds(200)), Step::Enrol);
    let mut mended = core.clone();
    mended.answered(Answer::Enrolled, 0, seconds(200), &mut random);
    assert!(matches!(mended.next(seconds(200)), Step::Send(_)));

    core.answered(Answer::CodeRefused, 1, seconds(200), &mut random);
    assert!(matches!(core.next(due(&core, seconds(200))), Step::Send(_)));
    core.answered(NO_TOKEN, 1, seconds(2000), &mut random);
    assert!(matches!(core.next(due(&core, seconds(2000))), Step::Send(_)), "not the code again");
}

#[test]
fn a_revoked_kiosk_sends_nothing_but_a_knock_until_it_is_welcome_again() {
    let mut random = random(8);
    let mut core = enrolled(&mut random);
    core.answered(Answer::Revoked, 1, Moment::ZERO, &mut random);
    for _ in 0..5 {
        let then = due(&core, Moment::ZERO);
        assert_eq!(core.next(then), Step::Knock);
        core.answered(Answer::Revoked, 1, Moment::ZERO, &mut random);
    }
    core.answered(taken(0, 7), 0, seconds(5000), &mut random);
    assert_eq!(core.link(), LinkState::Online);
    assert!(matches!(core.next(seconds(5000)), Step::Send(_)), "what was collected goes at once");
}

#[test]
fn the_other_token_is_shown_at_once_but_only_once() {
    let mut random = random(11);
    let mut core = enrolled(&mut random);
    core.answered(OTHER_TOKEN, 3, seconds(200), &mut random);
    assert!(matches!(core.next(seconds(200)), Step::Send(_)));
    core.answered(OTHER_TOKEN, 3, seconds(200), &mut random);
    assert_eq!(core.link(), LinkState::Refused);
    assert!(due(&core, seconds(200)) > seconds(260));
    core.answered(taken(0, 0), 0, seconds(400), &mut random);
    core.answered(OTHER_TOKEN, 0, seconds(500), &mut random);
    assert!(matches!(core.next(seconds(500)), Step::Send(_)), "it has been taken since then");
}

#[test]
fn what_does_not_arrive_as_it_was_signed_is_sent_again_and_then_is_something_for_staff() {
    let mut random = random(18);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.answered(taken(1, 0), 1, now, &mut random);
    for link in [LinkState::Offline, LinkState::Refused] {
        assert_eq!(core.answered(Answer::WrongSignature, 1, now, &mut random), None, "no item is to blame");
        assert_eq!(core.link(), link);
        now = due(&core, now);
        assert!(matches!(core.next(now), Step::Send(_)));
    }
    let mut invited = Core::new(Timing::default(), Standing::Enrolled(Code::Untried), &mut random);
    invited.answered(Answer::WrongSignature, 1, now, &mut random);
    invited.answered(Answer::WrongSignature, 1, now, &mut random);
    assert_eq!(invited.next(now), Step::Enrol, "staff have been there and typed a code");
}

#[test]
fn a_request_that_is_not_taken_is_halved_down_to_a_single_item() {
    let mut random = random(9);
    let mut core = enrolled(&mut random);
    let mut sizes = Vec::new();
    loop {
        let Step::Send(limits) = core.next(seconds(200)) else { panic!("halves are tried at once") };
        sizes.push(limits.max_items);
        let count = core.answered(Answer::Unacceptable, limits.max_items, seconds(200), &mut random);
        if limits.max_items == 1 {
            assert_eq!(count, Some(Count::AgainstTheServer), "nothing shows yet that it takes others");
            break;
        }
        assert_eq!(count, None);
    }
    assert_eq!(sizes, [200, 100, 50, 25, 12, 6, 3, 1]);
    core.answered(taken(1, 5), 1, seconds(400), &mut random);
    let count = core.answered(Answer::Unacceptable, 1, seconds(400), &mut random);
    assert_eq!(count, Some(Count::AgainstIt));
    let count = core.answered(Answer::Unacceptable, 1, seconds(400), &mut random);
    assert_eq!(count, Some(Count::AgainstTheServer), "it has to be shown anew");
}

#[test]
fn a_suspect_is_tried_however_busily_visitors_speak() {
    let mut random = random(13);
    let mut core = enrolled(&mut random);
    core.answered(with_suspects(1, 0, 1), 1, seconds(200), &mut random);
    let (mut trials, mut counted) = (0, 0);
    for second in 200..500 {
        core.queued(seconds(second));
        match core.next(seconds(second)) {
            Step::Send(_) => {
                core.answered(with_suspects(1, 0, 1), 1, seconds(second), &mut random);
            }
            Step::Try(_) => {
                trials += 1;
                let count = core.answered(Answer::Unacceptable, 1, seconds(second), &mut random);
                counted += u32::from(count == Some(Count::AgainstIt));
            }
            step => panic!("{step:?}"),
        }
    }
    assert!(counted >= MOST_REFUSALS && trials < 60, "{counted} counted of {trials}");
}

#[test]
fn a_suspect_does_not_wait_for_what_others_before_it_were_refused() {
    let mut random = random(16);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.answered(with_suspects(1, 0, 1), 1, now, &mut random);
    let mut trials = 0;
    while trials < 8 {
        now = due(&core, now);
        let (answer, sent) = match core.next(now) {
            Step::Try(_) => (Answer::Unacceptable, 1),
            _ => (with_suspects(0, 0, 1), 0),
        };
        trials += sent;
        core.answered(answer, sent, now, &mut random);
    }
    core.answered(taken(0, 0), 0, now, &mut random);
    core.answered(with_suspects(0, 0, 1), 0, now, &mut random);
    assert!(matches!(core.next(now), Step::Try(_)), "another one");
    core.answered(Answer::Unacceptable, 1, now, &mut random);
    core.answered(with_suspects(0, 0, 1), 0, now, &mut random);
    assert!(due(&core, now) <= now + Timing::default().base);
}

#[test]
fn a_vain_trial_does_not_slow_down_the_others() {
    for answer in [Answer::Unacceptable, Answer::Nonsense, Answer::Unreachable] {
        let mut random = random(17);
        let mut core = enrolled(&mut random);
        let mut now = seconds(200);
        core.answered(with_suspects(1, 150, 1), 1, now, &mut random);
        for _ in 0..3 {
            while !matches!(core.next(now), Step::Try(_)) {
                core.answered(with_suspects(1, 150, 1), 1, now, &mut random);
                now += seconds(1);
            }
            core.answered(answer, 1, now, &mut random);
            now = due(&core, now);
            let Step::Send(limits) = core.next(now) else { panic!("the others come next") };
            assert_eq!(limits.max_items, 200, "after {answer:?}");
        }
    }
}

#[test]
fn bad_items_in_a_row_hold_up_the_good_ones_behind_them_for_seconds_and_a_server_that_refuses_all_has_peace()
{
    let mut random = random(19);
    let mut core = enrolled(&mut random);
    let (begun, mut refused) = (seconds(200), 0);
    let mut now = begun;
    core.answered(with_suspects(1, 100, 0), 1, now, &mut random);
    while refused < 9 {
        let (Step::Send(Limits { max_items: sent, .. }) | Step::Try(Limits { max_items: sent, .. })) =
            core.next(now)
        else {
            panic!("a bad one is no reason to rest")
        };
        refused += u32::from(core.answered(Answer::Unacceptable, sent, now, &mut random).is_some());
        now += seconds(1);
    }
    for _ in 0..20 {
        now = due(&core, now);
        core.answered(Answer::Unacceptable, 1, now, &mut random);
    }
    assert!(now > begun + seconds(600), "{now:?}");
}

#[test]
fn an_item_on_which_the_line_chokes_comes_alone_and_the_others_pass() {
    let mut random = random(14);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.answered(taken(1, 9), 1, now, &mut random);
    let mut sizes = Vec::new();
    let suspect = loop {
        now = due(&core, now);
        let Step::Send(limits) = core.next(now) else { panic!("it sends") };
        let sent = limits.max_items.min(9);
        sizes.push(sent);
        if let Some(count) = core.answered(Answer::Nonsense, sent, now, &mut random) {
            break count;
        }
    };
    assert_eq!((suspect, sizes), (Count::AgainstTheServer, vec![9, 9, 4, 2, 1]));
    now = due(&core, now);
    assert!(matches!(core.next(now), Step::Send(_)), "the next one, without the suspect");
}

#[test]
fn a_limit_that_would_stop_everything_is_not_obeyed_to_the_letter() {
    let mut random = random(10);
    let mut core = enrolled(&mut random);
    let limits = Limits { max_items: 0, max_bytes: 0, max_item_bytes: 0 };
    let answer =
        Taken { settled: 1, waiting: Waiting { fresh: 1, suspect: 0 }, limits, next_poll: Duration::ZERO };
    core.answered(Answer::Taken(answer), 1, seconds(200), &mut random);
    let Step::Send(limits) = core.next(seconds(200)) else { panic!("more is waiting") };
    assert!(limits.max_items == 1 && limits.max_bytes > 0);
}

mod tale;
