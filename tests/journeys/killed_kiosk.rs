//! The kiosk is killed at each step: before each write, sync, rename and network call that it makes.
//!
//! After each kill it is started again as if nothing had happened. Then every submission with a receipt is on
//! the server exactly once, and the server has no other submission.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;
use crate::stage::strace::{self, Calls, HEAR, NAME, SAY, SYNC, WRITE};

/// More steps than any of these tests has.
const MOST_STEPS: u32 = 400;

/// After this many undisturbed steps in a row no further call is left to disturb.
const ENOUGH: u32 = 5;

const PROGRAM: &str = env!("CARGO_BIN_EXE_journey-kiosk");

/// Sends the outbox in `data` to the mall, by a kiosk that is not killed.
fn send(mall: &Mall, data: &Path, code: &str) -> Vec<String> {
    strace::run(sending(&mut Command::new(PROGRAM), mall, data, code)).lines
}

fn sending<'a>(command: &'a mut Command, mall: &Mall, data: &Path, code: &str) -> &'a mut Command {
    command.arg(data).args(["send", mall.address().as_str()]).arg(mall.ca()).arg(code)
}

/// Kills a kiosk at each of its `calls` while it queues three complaints; returns the number of kills.
fn kill_while_taking_in(calls: Calls) -> u32 {
    take_in_at_each_step(calls, |nth| strace::kill_at(calls, nth, Path::new(PROGRAM)))
}

/// Makes each of a kiosk's `calls` fail once while it queues three complaints.
fn fail_while_taking_in(calls: Calls, error: &str) -> u32 {
    take_in_at_each_step(calls, |nth| strace::fail_at(calls, error, nth, Path::new(PROGRAM)))
}

fn take_in_at_each_step(calls: Calls, at_step: impl Fn(u32) -> Command) -> u32 {
    let mall = Mall::open();
    let mut undisturbed = 0;
    for nth in 1..MOST_STEPS {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let ended = strace::run_to_any_end(at_step(nth).arg(&data).args(["take", "3"]));
        let receipts: BTreeSet<&str> =
            ended.lines.iter().filter_map(|line| line.strip_prefix("receipt ")).collect();
        let disturbed = !ended.status.success();
        assert!(disturbed || receipts.len() == 3);

        let (number, code) = mall.expect_kiosk();
        assert_eq!(send(&mall, &data, &code), ["empty"], "{calls:?} {nth}");
        let arrived = mall.arrived(number);
        let numbers: BTreeSet<String> = arrived.iter().map(|a| a.case_number.to_string()).collect();
        assert_eq!(numbers.len(), arrived.len(), "{calls:?} {nth}: one arrived twice");
        for receipt in &receipts {
            assert!(numbers.contains(*receipt), "{calls:?} {nth}: {receipt} is lost");
        }
        // The submission that was being written at that moment may be stored without a receipt, but no other.
        assert!(arrived.len() <= receipts.len() + usize::from(disturbed), "{calls:?} {nth}");
        // One harmless failure, such as a checkpoint that is repeated later, does not end the loop.
        undisturbed = if disturbed { 0 } else { undisturbed + 1 };
        if undisturbed == ENOUGH {
            println!("disturbed at {} calls of {}", nth - ENOUGH, calls.0);
            return nth - ENOUGH;
        }
    }
    panic!("{calls:?}: still disturbed after {MOST_STEPS} steps");
}

/// Kills a kiosk at each of its `calls` while it enrols and sends three submissions.
fn kill_while_sending(calls: Calls) -> u32 {
    let mall = Mall::open();
    let (mut deaths, mut undisturbed) = (0, 0);
    for nth in 1..MOST_STEPS {
        let mut kiosk = Kiosk::new();
        for _ in 0..3 {
            kiosk.tell();
        }
        let Kiosk { folder, sent, .. } = kiosk.asleep();
        let (number, code) = mall.expect_kiosk();
        let mut command = strace::kill_at(calls, nth, Path::new(PROGRAM));
        let ended = strace::run(sending(&mut command, &mall, folder.path(), &code));
        let killed = strace::was_killed(ended.status);
        if killed {
            assert_eq!(send(&mall, folder.path(), &code), ["empty"], "{calls:?} {nth}");
            (deaths, undisturbed) = (deaths + 1, 0);
        } else {
            undisturbed += 1;
        }
        mall.has_exactly(number, &sent);
        if undisturbed == ENOUGH {
            println!("killed at {deaths} calls of {}", calls.0);
            return deaths;
        }
    }
    panic!("{calls:?}: still disturbed after {MOST_STEPS} steps");
}

/// A kiosk that is killed before any sync while it queues submissions loses nothing.
#[test]
fn killed_before_a_sync_while_queuing() {
    assert!(kill_while_taking_in(SYNC) >= 6, "each receipt waits for a sync");
}

/// A kiosk that is killed before any write while it queues submissions loses nothing.
#[test]
fn killed_before_a_write_while_queuing() {
    assert!(kill_while_taking_in(WRITE) >= 12);
}

/// A kiosk that is killed before any rename or removal while it queues submissions loses nothing.
#[test]
fn killed_before_a_rename_while_queuing() {
    assert!(kill_while_taking_in(NAME) >= 2);
}

/// A single failed sync loses no submission with a receipt.
#[test]
fn a_failed_sync_costs_no_receipt() {
    assert!(fail_while_taking_in(SYNC, "EIO") >= 6);
}

/// A single write to a full disk loses no submission with a receipt.
#[test]
fn a_full_disk_costs_no_receipt() {
    assert!(fail_while_taking_in(WRITE, "ENOSPC") >= 12);
}

/// A kiosk that is killed before any sync while it sends loses and duplicates nothing.
#[test]
fn killed_before_a_sync_while_sending() {
    assert!(kill_while_sending(SYNC) >= 4);
}

/// A kiosk that is killed before any write while it sends loses and duplicates nothing.
#[test]
fn killed_before_a_write_while_sending() {
    assert!(kill_while_sending(WRITE) >= 4);
}

/// A kiosk that is killed before any rename or removal while it sends loses and duplicates nothing.
#[test]
fn killed_before_a_rename_while_sending() {
    assert!(kill_while_sending(NAME) >= 1);
}

/// A kiosk that is killed before any network call loses and duplicates nothing.
#[test]
fn killed_while_talking_to_the_server() {
    // strace counts the calls per thread, and any thread may serve the connection.
    assert!(kill_while_sending(SAY) >= 1);
    assert!(kill_while_sending(HEAR) >= 1);
}
