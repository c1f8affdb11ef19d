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
    Core::new(Timing::default(), Credentials::Token { spare_code: false }, random)
}

fn answered(settled: u64, fresh: u64) -> Outcome {
    with_suspects(settled, fresh, 0)
}

fn with_suspects(settled: u64, fresh: u64, suspect: u64) -> Outcome {
    Outcome::Answered(BatchSummary {
        settled,
        waiting: Waiting { fresh, suspect },
        limits: Limits::default(),
        next_poll: seconds(60),
    })
}

const NO_TOKEN: Outcome = Outcome::WrongToken { has_other: false };
const OTHER_TOKEN: Outcome = Outcome::WrongToken { has_other: true };

/// The moment of the next attempt.
fn due(core: &Core, now: Moment) -> Moment {
    match core.next(now) {
        Step::WaitUntil(then) => then,
        Step::Enrol | Step::Send(_) | Step::SendSuspect(_) | Step::Probe => now,
    }
}

#[test]
fn kiosks_starting_together_spread_their_first_contact() {
    let minutes: BTreeSet<_> =
        (0..500).map(|seed| due(&enrolled(&mut random(seed)), Moment::ZERO).as_secs()).collect();
    assert!(minutes.len() > 80, "{} different seconds", minutes.len());
    assert!(minutes.iter().all(|s| *s <= 120));
}

#[test]
fn a_server_can_only_shorten_the_first_contact() {
    let first = |asked| {
        let timing = Timing::default().with_first_contact(asked);
        let start = |seed| Core::new(timing, Credentials::Token { spare_code: false }, &mut random(seed));
        (0..300).map(|seed| due(&start(seed), Moment::ZERO).as_millis()).max().unwrap()
    };
    assert!((9_000..=10_000).contains(&first(Some(seconds(10)))));
    for asked in [None, Some(seconds(86_400))] {
        assert!((115_000..=120_000).contains(&first(asked)), "{asked:?}");
    }
}

#[test]
fn a_typed_code_is_exchanged_at_once() {
    let core = Core::new(Timing::default(), Credentials::Code, &mut random(1));
    assert_eq!(core.next(Moment::ZERO), Step::Enrol);
}

#[test]
fn new_items_are_sent_at_once_when_online() {
    let mut random = random(2);
    let mut core = enrolled(&mut random);
    core.record(answered(0, 0), 1, seconds(10), &mut random);
    assert!(matches!(core.next(seconds(20)), Step::WaitUntil(_)));
    core.item_queued(seconds(20));
    assert!(matches!(core.next(seconds(20)), Step::Send(_)));
}

#[test]
fn a_new_item_does_not_shorten_the_backoff() {
    let mut random = random(3);
    let mut core = enrolled(&mut random);
    for answer in
        [Outcome::Unreachable, Outcome::InvalidReply, Outcome::Revoked, Outcome::Busy { retry_after: None }]
    {
        core.record(answer, 1, seconds(10), &mut random);
        let before = due(&core, seconds(10));
        core.item_queued(seconds(10));
        assert_eq!(due(&core, seconds(10)), before, "{answer:?}");
    }
}

#[test]
fn backoff_doubles_to_its_cap_and_resets() {
    let longest = |failures: u32| {
        (0..300)
            .map(|seed| {
                let mut random = random(seed);
                let mut core = enrolled(&mut random);
                for _ in 0..failures {
                    core.record(Outcome::Unreachable, 1, Moment::ZERO, &mut random);
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
        core.record(Outcome::Unreachable, 1, Moment::ZERO, &mut random);
    }
    core.record(answered(1, 0), 1, Moment::ZERO, &mut random);
    core.record(Outcome::Unreachable, 1, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(5));
}

#[test]
fn retry_after_is_obeyed_up_to_a_limit() {
    let mut random = random(5);
    let mut core = enrolled(&mut random);
    core.record(Outcome::Busy { retry_after: Some(seconds(300)) }, 1, Moment::ZERO, &mut random);
    assert!((300..=305).contains(&due(&core, Moment::ZERO).as_secs()));
    core.record(Outcome::Busy { retry_after: Some(Duration::MAX) }, 1, Moment::ZERO, &mut random);
    assert!(due(&core, Moment::ZERO) <= seconds(3605));
}

#[test]
fn a_wrong_token_is_retried_slowly() {
    let mut random = random(6);
    let mut core = enrolled(&mut random);
    core.record(NO_TOKEN, 1, Moment::ZERO, &mut random);
    assert_eq!(core.link(), LinkState::Refused);
    let then = due(&core, Moment::ZERO);
    assert!((75..=150).contains(&then.as_secs()));
    assert!(matches!(core.next(then), Step::Send(_)));
}

#[test]
fn a_spare_code_replaces_a_wrong_token_once() {
    let mut random = random(7);
    let mut core = Core::new(Timing::default(), Credentials::Token { spare_code: true }, &mut random);
    core.record(NO_TOKEN, 1, seconds(200), &mut random);
    assert_eq!(core.next(seconds(200)), Step::Enrol);
    let mut mended = core.clone();
    mended.record(Outcome::Enrolled, 0, seconds(200), &mut random);
    assert!(matches!(mended.next(seconds(200)), Step::Send(_)));

    core.record(Outcome::CodeRefused, 1, seconds(200), &mut random);
    assert!(matches!(core.next(due(&core, seconds(200))), Step::Send(_)));
    core.record(NO_TOKEN, 1, seconds(2000), &mut random);
    assert!(matches!(core.next(due(&core, seconds(2000))), Step::Send(_)), "not the code again");
}

/// The kiosk probes until the server accepts it again, and then sends the whole backlog at once.
#[test]
fn a_revoked_kiosk_only_probes() {
    let mut random = random(8);
    let mut core = enrolled(&mut random);
    core.record(Outcome::Revoked, 1, Moment::ZERO, &mut random);
    for _ in 0..5 {
        let then = due(&core, Moment::ZERO);
        assert_eq!(core.next(then), Step::Probe);
        core.record(Outcome::Revoked, 1, Moment::ZERO, &mut random);
    }
    core.record(answered(0, 7), 0, seconds(5000), &mut random);
    assert_eq!(core.link(), LinkState::Online);
    assert!(matches!(core.next(seconds(5000)), Step::Send(_)), "what was collected goes at once");
}

/// The other token is tried at once, and again only after the server has accepted a token.
#[test]
fn the_other_token_is_tried_once() {
    let mut random = random(11);
    let mut core = enrolled(&mut random);
    core.record(OTHER_TOKEN, 3, seconds(200), &mut random);
    assert!(matches!(core.next(seconds(200)), Step::Send(_)));
    core.record(OTHER_TOKEN, 3, seconds(200), &mut random);
    assert_eq!(core.link(), LinkState::Refused);
    assert!(due(&core, seconds(200)) > seconds(260));
    core.record(answered(0, 0), 0, seconds(400), &mut random);
    core.record(OTHER_TOKEN, 0, seconds(500), &mut random);
    assert!(matches!(core.next(seconds(500)), Step::Send(_)), "it has been taken since then");
}

/// The first wrong signature is retried like any failure. No item is ever blamed for it.
#[test]
fn a_second_wrong_signature_alerts_staff() {
    let mut random = random(18);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.record(answered(1, 0), 1, now, &mut random);
    for link in [LinkState::Offline, LinkState::Refused] {
        assert_eq!(core.record(Outcome::WrongSignature, 1, now, &mut random), None, "no item is to blame");
        assert_eq!(core.link(), link);
        now = due(&core, now);
        assert!(matches!(core.next(now), Step::Send(_)));
    }
    let mut invited = Core::new(Timing::default(), Credentials::Token { spare_code: true }, &mut random);
    invited.record(Outcome::WrongSignature, 1, now, &mut random);
    invited.record(Outcome::WrongSignature, 1, now, &mut random);
    assert_eq!(invited.next(now), Step::Enrol, "staff have been there and typed a code");
}

#[test]
fn a_rejected_batch_is_bisected_to_one_item() {
    let mut random = random(9);
    let mut core = enrolled(&mut random);
    let mut sizes = Vec::new();
    loop {
        let Step::Send(limits) = core.next(seconds(200)) else { panic!("halves are tried at once") };
        sizes.push(limits.max_items);
        let fault = core.record(Outcome::Rejected, limits.max_items, seconds(200), &mut random);
        if limits.max_items == 1 {
            assert_eq!(fault, Some(Fault::Server), "nothing has been accepted yet");
            break;
        }
        assert_eq!(fault, None);
    }
    assert_eq!(sizes, [200, 100, 50, 25, 12, 6, 3, 1]);
    core.record(answered(1, 5), 1, seconds(400), &mut random);
    let fault = core.record(Outcome::Rejected, 1, seconds(400), &mut random);
    assert_eq!(fault, Some(Fault::Item));
    let fault = core.record(Outcome::Rejected, 1, seconds(400), &mut random);
    assert_eq!(fault, Some(Fault::Server), "it has to accept something again first");
}

#[test]
fn suspects_are_retried_while_new_items_keep_coming() {
    let mut random = random(13);
    let mut core = enrolled(&mut random);
    core.record(with_suspects(1, 0, 1), 1, seconds(200), &mut random);
    let (mut trials, mut counted) = (0, 0);
    for second in 200..500 {
        core.item_queued(seconds(second));
        match core.next(seconds(second)) {
            Step::Send(_) => {
                core.record(with_suspects(1, 0, 1), 1, seconds(second), &mut random);
            }
            Step::SendSuspect(_) => {
                trials += 1;
                let fault = core.record(Outcome::Rejected, 1, seconds(second), &mut random);
                counted += u32::from(fault == Some(Fault::Item));
            }
            step => panic!("{step:?}"),
        }
    }
    assert!(counted >= MAX_REFUSALS && trials < 60, "{counted} counted of {trials}");
}

#[test]
fn a_suspect_does_not_inherit_earlier_backoff() {
    let mut random = random(16);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.record(with_suspects(1, 0, 1), 1, now, &mut random);
    let mut trials = 0;
    while trials < 8 {
        now = due(&core, now);
        let (answer, sent) = match core.next(now) {
            Step::SendSuspect(_) => (Outcome::Rejected, 1),
            _ => (with_suspects(0, 0, 1), 0),
        };
        trials += sent;
        core.record(answer, sent, now, &mut random);
    }
    core.record(answered(0, 0), 0, now, &mut random);
    core.record(with_suspects(0, 0, 1), 0, now, &mut random);
    assert!(matches!(core.next(now), Step::SendSuspect(_)), "another one");
    core.record(Outcome::Rejected, 1, now, &mut random);
    core.record(with_suspects(0, 0, 1), 0, now, &mut random);
    assert!(due(&core, now) <= now + Timing::default().base);
}

#[test]
fn a_failed_suspect_does_not_shrink_the_batches() {
    for answer in [Outcome::Rejected, Outcome::InvalidReply, Outcome::Unreachable] {
        let mut random = random(17);
        let mut core = enrolled(&mut random);
        let mut now = seconds(200);
        core.record(with_suspects(1, 150, 1), 1, now, &mut random);
        for _ in 0..3 {
            while !matches!(core.next(now), Step::SendSuspect(_)) {
                core.record(with_suspects(1, 150, 1), 1, now, &mut random);
                now += seconds(1);
            }
            core.record(answer, 1, now, &mut random);
            now = due(&core, now);
            let Step::Send(limits) = core.next(now) else { panic!("the others come next") };
            assert_eq!(limits.max_items, 200, "after {answer:?}");
        }
    }
}

/// Rejects nine single items in a row, one a second, after the server accepted others. Returns the time.
fn reject_nine_items(core: &mut Core, random: &mut ChaCha20Rng) -> Moment {
    let (mut now, mut rejected) = (seconds(200), 0);
    core.record(with_suspects(1, 100, 0), 1, now, random);
    while rejected < 9 {
        let (Step::Send(Limits { max_items: sent, .. }) | Step::SendSuspect(Limits { max_items: sent, .. })) =
            core.next(now)
        else {
            panic!("a bad item is no reason to wait")
        };
        rejected += u32::from(core.record(Outcome::Rejected, sent, now, random).is_some());
        now += seconds(1);
    }
    now
}

#[test]
fn consecutive_bad_items_delay_good_ones_by_seconds() {
    let mut random = random(19);
    let mut core = enrolled(&mut random);
    let now = reject_nine_items(&mut core, &mut random);
    assert!(now < seconds(230), "{now:?}");
}

#[test]
fn a_server_refusing_everything_is_not_hammered() {
    let mut random = random(19);
    let mut core = enrolled(&mut random);
    let mut now = reject_nine_items(&mut core, &mut random);
    for _ in 0..20 {
        now = due(&core, now);
        core.record(Outcome::Rejected, 1, now, &mut random);
    }
    assert!(now > seconds(800), "{now:?}");
}

/// A middlebox answers any batch with this item in its own way; the other items get through.
#[test]
fn an_item_that_breaks_the_connection_is_isolated() {
    let mut random = random(14);
    let mut core = enrolled(&mut random);
    let mut now = seconds(200);
    core.record(answered(1, 9), 1, now, &mut random);
    let mut sizes = Vec::new();
    let suspect = loop {
        now = due(&core, now);
        let Step::Send(limits) = core.next(now) else { panic!("it sends") };
        let sent = limits.max_items.min(9);
        sizes.push(sent);
        if let Some(fault) = core.record(Outcome::InvalidReply, sent, now, &mut random) {
            break fault;
        }
    };
    assert_eq!((suspect, sizes), (Fault::Server, vec![9, 9, 4, 2, 1]));
    now = due(&core, now);
    assert!(matches!(core.next(now), Step::Send(_)), "the next one, without the suspect");
}

#[test]
fn limits_of_zero_do_not_stop_the_queue() {
    let mut random = random(10);
    let mut core = enrolled(&mut random);
    let limits = Limits { max_items: 0, max_bytes: 0, max_item_bytes: 0 };
    let answer = BatchSummary {
        settled: 1,
        waiting: Waiting { fresh: 1, suspect: 0 },
        limits,
        next_poll: Duration::ZERO,
    };
    core.record(Outcome::Answered(answer), 1, seconds(200), &mut random);
    let Step::Send(limits) = core.next(seconds(200)) else { panic!("more is waiting") };
    assert!(limits.max_items == 1 && limits.max_bytes > 0);
}

mod model;
