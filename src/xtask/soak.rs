//! `cargo xtask soak`: the randomised tests of `tests/journeys`, run for long: disks rebuilt after power
//! cuts, kiosks killed at random moments, fleets on an unreliable network.
//!
//! Environment variables tell each test how much to do. The last line sums up the results. A test that fails
//! prints the seed that reproduces it.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::cargo;
use crate::packages;

/// The amounts at which the soak ends if no duration is given.
const GOAL: Amounts = Amounts { states: 10_000, kills: 1_000, days: 10_000, lost: 0, doubled: 0 };
/// The amounts of one round.
const ROUND: Amounts = Amounts { states: 500, kills: 50, days: 50, lost: 0, doubled: 0 };
/// The days of a round once only they are left: each round ends with waiting for its slowest fleet.
const DAYS_ALONE: u64 = 500;

/// The name filter of the test that simulates days.
const DAYS: &str = "simulation::every_thanked";

/// The options of `soak`.
#[derive(Clone, Copy, Debug)]
pub struct SoakOptions {
    /// The duration; without it, until the goal is reached.
    pub minutes: Option<u64>,
    /// The first seed.
    pub seed: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Amounts {
    states: u64,
    kills: u64,
    days: u64,
    lost: u64,
    doubled: u64,
}

impl Amounts {
    fn add(&mut self, other: Self) {
        self.states += other.states;
        self.kills += other.kills;
        self.days += other.days;
        self.lost += other.lost;
        self.doubled += other.doubled;
    }

    /// Reads a result line of a test.
    fn read(line: &str) -> Option<Self> {
        // The test harness may have left a dot before it.
        let (_, numbers) = line.trim().split_once("soaked: ")?;
        let mut read = Self::default();
        for part in numbers.split(", ") {
            let (name, number) = part.rsplit_once(' ')?;
            let number = number.parse().ok()?;
            match name {
                "states" => read.states = number,
                "kills" => read.kills = number,
                "fleet-days" => read.days = number,
                "lost" => read.lost = number,
                "doubled" => read.doubled = number,
                _ => return None,
            }
        }
        Some(read)
    }
}

/// Reads the arguments after `soak`.
///
/// # Errors
/// Anything but `--minutes N` and `--seed S`.
pub fn options(args: &[&str]) -> Result<SoakOptions> {
    let mut options = SoakOptions { minutes: None, seed: 1 };
    for pair in args.chunks(2) {
        match pair {
            ["--minutes", n] => options.minutes = Some(n.parse().context("--minutes takes a whole number")?),
            ["--seed", s] => options.seed = s.parse().context("--seed takes a whole number")?,
            other => anyhow::bail!("soak takes --minutes N and --seed S, not {:?}", other.join(" ")),
        }
    }
    Ok(options)
}

/// Runs rounds until the goal or the time is reached, and prints the sums.
///
/// # Errors
/// A test failed; its output names it and the seed.
pub fn soak(options: SoakOptions) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::TESTS])?;
    let (begun, mut seed, mut sum) = (Instant::now(), options.seed, Amounts::default());
    let is_done = |sum: &Amounts| match options.minutes {
        Some(minutes) => begun.elapsed() >= Duration::from_secs(60 * minutes),
        None => sum.states >= GOAL.states && sum.kills >= GOAL.kills && sum.days >= GOAL.days,
    };
    let mut passed = true;
    while passed && !is_done(&sum) {
        let is_left = |done: u64, goal: u64| options.minutes.is_some() || done < goal;
        let mut tests = Vec::new();
        if is_left(sum.states, GOAL.states) {
            tests.push("power_cuts::every_thanked");
        }
        if is_left(sum.kills, GOAL.kills) {
            tests.push("killed_at_random::");
        }
        if is_left(sum.days, GOAL.days) {
            tests.push(DAYS);
        }
        let before = sum;
        passed = round(&tests, seed, &mut sum)?;
        // A renamed test would match no filter, and the loop would never end.
        ensure!(!passed || sum != before, "no test reported anything for {tests:?}");
        // A test also uses the seeds that follow; the next round begins beyond them.
        seed = seed.wrapping_add(1_000);
    }
    let Amounts { states, kills, days, lost, doubled } = sum;
    println!(
        "soak: states {states}, kills {kills}, fleet-days {days}, lost {lost}, doubled {doubled}, seed {}",
        options.seed
    );
    ensure!(passed && lost == 0 && doubled == 0, "a test failed; its seed is printed above");
    Ok(())
}

/// Runs one round; returns whether it passed.
fn round(tests: &[&str], seed: u64, sum: &mut Amounts) -> Result<bool> {
    // Only the journeys, so that the window is not built.
    let mut command =
        cargo(&["test", "--release", "--quiet", "--package", "journeys", "--test", "journeys", "--"]);
    command.args(tests).arg("--nocapture").stdout(Stdio::piped());
    command.env("GALLERIA_SEED", seed.to_string());
    command.env("GALLERIA_STATES", ROUND.states.to_string());
    command.env("GALLERIA_KILLS", ROUND.kills.to_string());
    let days = if tests == [DAYS] { DAYS_ALONE } else { ROUND.days };
    command.env("GALLERIA_FLEET_DAYS", days.to_string());
    let output = command.spawn().context("cargo cannot be started")?.wait_with_output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let seen = text.lines().filter_map(Amounts::read);
    seen.for_each(|amounts| sum.add(amounts));
    if !output.status.success() {
        print!("{text}");
    }
    println!("round from seed {seed}: {sum:?}");
    Ok(output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_added_up() {
        let mut sum = Amounts::default();
        for line in [
            "soaked: states 400, lost 1, doubled 0",
            "soaked: kills 12, lost 0, doubled 2",
            "running 3 tests",
        ] {
            if let Some(read) = Amounts::read(line) {
                sum.add(read);
            }
        }
        assert_eq!(sum, Amounts { states: 400, kills: 12, days: 0, lost: 1, doubled: 2 });
        assert!(Amounts::read("soaked: something else").is_none());
    }

    #[test]
    fn options_set_duration_and_seed() {
        let both = options(&["--seed", "7", "--minutes", "30"]).unwrap();
        assert_eq!((both.minutes, both.seed), (Some(30), 7));
        assert!(options(&["--minutes"]).is_err() && options(&["--hours", "1"]).is_err());
    }
}
