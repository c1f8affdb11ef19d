//! A fleet of kiosks and their server over days that pass in seconds: the real outbox, the real engine and
//! the real server on real databases, one virtual clock, and chance from one seed.
//!
//! Everything goes wrong that can: replies are lost, late, doubled, out of order or cut off; the server is
//! down, refuses, fails, is restored from yesterday's backup; kiosks lose their power, their calendars are
//! wrong, their disks are copied. When the last of it is over, five minutes are enough: whatever a visitor
//! was thanked for is on the server once, as it was said. The same seed is the same story.

mod check;
mod fleet;
mod happenings;
mod kiosk;
mod network;
mod server;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use fleet::Outcome;
pub use server::a_folder;

/// Lives through the story of `seed`; a story that fails names its seed, and so lives again.
pub fn live(seed: u64) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| fleet::Fleet::new(seed).live())) {
        Ok(outcome) => outcome,
        Err(cause) => {
            println!("the simulation fails with GALLERIA_SEED={seed} GALLERIA_FLEET_DAYS=1");
            std::panic::resume_unwind(cause);
        }
    }
}

/// Lives through stories from `seed` on until they make `days` fleet-days, some at a time.
pub fn live_days(seed: u64, days: u64) -> Outcome {
    let mut sum = Outcome::default();
    let mut next = seed;
    while sum.days < days {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                let seed = next;
                next = next.wrapping_add(1);
                std::thread::spawn(move || live(seed))
            })
            .collect();
        for thread in threads {
            let outcome = thread.join().unwrap_or_else(|cause| std::panic::resume_unwind(cause));
            sum.add(&outcome);
        }
    }
    sum
}

/// Scaled for a run in CI; `GALLERIA_FLEET_DAYS` raises it, `GALLERIA_SEED` says where to begin.
#[test]
fn whatever_goes_wrong_every_thanked_submission_arrives_once_within_five_minutes_of_the_last_fault() {
    let seed = crate::stage::scale("GALLERIA_SEED", 1);
    let outcome = live_days(seed, crate::stage::scale("GALLERIA_FLEET_DAYS", 12));
    println!("{outcome:?}");
    println!("soaked: fleet-days {}, lost 0, doubled 0", outcome.days);
    assert!(outcome.told > 0 && outcome.mishaps > 0, "something was said, and something went wrong");
}

#[test]
fn the_same_seed_is_the_same_story() {
    assert_eq!(live(7), live(7));
}
