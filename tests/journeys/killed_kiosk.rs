//! The kiosk is killed at each step: before every write, sync, rename and network call that it makes.
//!
//! After each kill it is started again as if nothing had been. Every submission for which a receipt was
//! given is then on the server exactly once, and nothing is there that nobody said.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;
use crate::stage::strace::{self, Calls, HEAR, NAME, SAY, SYNC, WRITE};

/// More steps than any of these stories has.
const MOST_STEPS: u32 = 400;

/// So many steps in a row without harm, and there is none left.
const ENOUGH: u32 = 5;

const PROGRAM: &str = env!("CARGO_BIN_EXE_journey-kiosk");

/// Sends what is in `data` to the mall, by a kiosk that nobody kills.
fn send(mall: &Mall, data: &Path, code: &str) -> Vec<String> {
    strace::run(sending(&mut Command::new(PROGRAM), mall, data, code)).lines
}

fn sending<'a>(command: &'a mut Command, mall: &Mall, data: &Path, code: &str) -> &'a mut Command {
    command.arg(data).args(["send", mall.address().as_str()]).arg(mall.ca()).arg(code)
}

/// Kills a kiosk that takes in three complaints at each of its `calls`; answers how often it died.
fn kill_while_taking_in(calls: Calls) -> u32 {
    take_in_at_each_step(calls, |nth| strace::kill_at(calls, nth, Path::new(PROGRAM)))
}

/// Lets each of its `calls` fail once for a kiosk that takes in three complaints.
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
        // The one that was being written at that moment may be there; no more than that.
        assert!(arrived.len() <= receipts.len() + usize::from(disturbed), "{calls:?} {nth}");
        // A call whose failure does no harm, such as a checkpoint that is made up for later, is no end.
        undisturbed = if disturbed { 0 } else { undisturbed + 1 };
        if undisturbed == ENOUGH {
            println!("disturbed at {} calls of {}", nth - ENOUGH, calls.0);
            return nth - ENOUGH;
        }
    }
    panic!("there is no end to {calls:?}");
}

/// Kills a kiosk that enrols and sends three submissions at each of its `calls`.
fn kill_while_sending(calls: Calls) -> u32 {
    let mall = Mall::open();
    for nth in 1..MOST_STEPS {
        let mut kiosk = Kiosk::new();
        for _ in 0..3 {
            kiosk.tell();
        }
        let Kiosk { folder, told, .. } = kiosk.asleep();
        let (number, code) = mall.expect_kiosk();
        let mut command = strace::kill_at(calls, nth, Path::new(PROGRAM));
        let ended = strace::run(sending(&mut command, &mall, folder.path(), &code));
        let killed = strace::was_killed(ended.status);
        if killed {
            assert_eq!(send(&mall, folder.path(), &code), ["empty"], "{calls:?} {nth}");
        }
        mall.has_exactly(number, &told);
        if !killed {
            println!("killed at {} calls of {}", nth - 1, calls.0);
            return nth - 1;
        }
    }
    panic!("there is no end to {calls:?}");
}

/// A kiosk killed before any sync while it takes in loses nothing.
#[test]
fn killed_before_a_sync_while_queuing() {
    assert!(kill_while_taking_in(SYNC) >= 6, "each receipt waits for a sync");
}

/// A kiosk killed before any write while it takes in loses nothing.
#[test]
fn killed_before_a_write_while_queuing() {
    assert!(kill_while_taking_in(WRITE) >= 12);
}

/// A kiosk killed before any rename or removal while it takes in loses nothing.
#[test]
fn killed_before_a_rename_while_queuing() {
    assert!(kill_while_taking_in(NAME) >= 2);
}

/// A disk that fails to sync once costs no receipt that was given.
#[test]
fn a_failed_sync_costs_no_receipt() {
    assert!(fail_while_taking_in(SYNC, "EIO") >= 6);
}

/// A disk that is full once costs no receipt that was given.
#[test]
fn a_full_disk_costs_no_receipt() {
    assert!(fail_while_taking_in(WRITE, "ENOSPC") >= 12);
}

/// A kiosk killed before any sync while it sends loses and doubles nothing.
#[test]
fn killed_before_a_sync_while_sending() {
    assert!(kill_while_sending(SYNC) >= 4);
}

/// A kiosk killed before any write while it sends loses and doubles nothing.
#[test]
fn killed_before_a_write_while_sending() {
    assert!(kill_while_sending(WRITE) >= 4);
}

/// A kiosk killed before any rename or removal while it sends loses and doubles nothing.
#[test]
fn killed_before_a_rename_while_sending() {
    assert!(kill_while_sending(NAME) >= 1);
}

/// A kiosk killed while it speaks or listens loses and doubles nothing.
#[test]
fn killed_while_talking_to_the_server() {
    assert!(kill_while_sending(SAY) >= 3);
    assert!(kill_while_sending(HEAR) >= 3);
}
