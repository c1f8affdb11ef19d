//! `cargo bench --bench thanks`: measures how long a visitor waits for the receipt.
//!
//! Between the touch and the receipt there is one commit that is synced to the disk. For comparison the sync
//! alone is measured: a page appended to a file and `fdatasync`, in the same folder, alternating with the
//! submissions so that both run under the same load. The folder is in `TMPDIR`; a disk in memory needs no
//! time for a sync and gives no useful figure. A figure over its budget makes the program fail.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on says where it stopped")]

use std::fs::File;
use std::io::Write as _;
use std::process::ExitCode;
use std::time::Instant;

use domain::contact::{Contact, Email};
use domain::form::Answer;
use domain::language::Language;
use domain::testing::{self, Answering};
use kiosk::identity::Identity;
use kiosk::outbox::{Draft, Outbox};
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

const VISITORS: usize = 2_000;
/// The 99th percentile of the waiting times may be at most this many syncs.
const BUDGET: f64 = 1.5;

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, without `--bench`; it needs no figures.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let (mut identity, _) =
        Identity::open(&folder.path().join("data"), chrono::Utc::now(), &mut random).unwrap();
    let (mut outbox, _) =
        Outbox::open(&folder.path().join("data"), &mut identity, chrono::Utc::now()).unwrap();
    outbox.make_ready(&identity, &mut random);
    let mut plain = File::create(folder.path().join("plain")).unwrap();
    let (mut thanks, mut syncs) = (Vec::new(), Vec::new());
    for n in 0..VISITORS {
        let draft = draft(n);
        thanks.push(millis(|| {
            outbox.queue(&draft, &identity, chrono::Utc::now(), &mut random).unwrap();
        }));
        // A kiosk does this after each receipt.
        outbox.tidy().unwrap();
        outbox.make_ready(&identity, &mut random);
        syncs.push(millis(|| {
            plain.write_all(&[0x5A; 4096]).unwrap();
            plain.sync_data().unwrap();
        }));
    }
    let (thanks, syncs) = (Spread::of(thanks), Spread::of(syncs));
    println!("{:<44} {:>9} {:>9} {:>9}", format!("of {VISITORS}, in milliseconds"), "median", "p99", "most");
    thanks.print("from the touch to the receipt");
    syncs.print("one page written and fdatasync");
    let (ratio, median) = (thanks.p99 / syncs.p99, thanks.median / syncs.median);
    let over = ratio > BUDGET;
    let verdict = if over { "  over" } else { "" };
    println!(
        "{:<44} {median:>9.2} {ratio:>9.2}   (p99 at most {BUDGET}){verdict}",
        "receipt / sync, median and p99"
    );
    if over { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A draft of typical length.
fn draft(n: usize) -> Draft {
    let story = format!("扶梯 E5 第{n}次停了，推婴儿车上不去。The escalator stopped again, number {n}.");
    let email = Email::parse("visitor@example.com").ok();
    let sample = Answering::new("complaint")
        .choose("category", ["facilities/lift"])
        .answer("place", Answer::Unsure)
        .answer("when", Answer::Unsure)
        .write("story", &story)
        .contact(Contact { name: None, phone: None, email })
        .send(Language::ZhHans, testing::a_day());
    Draft { language: sample.language, place: sample.place, body: sample.body, contact: sample.contact }
}

fn millis(work: impl FnOnce()) -> f64 {
    let began = Instant::now();
    work();
    began.elapsed().as_secs_f64() * 1000.0
}

/// The distribution of durations, in milliseconds.
struct Spread {
    median: f64,
    p99: f64,
    most: f64,
}

impl Spread {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        Self { median: at(50), p99: at(99), most: at(100) }
    }

    fn print(&self, what: &str) {
        println!("{what:<44} {:>9.3} {:>9.3} {:>9.3}", self.median, self.p99, self.most);
    }
}
