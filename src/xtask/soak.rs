//! `cargo xtask soak`: what every run of the tests does a little of, done at length: disks rebuilt after
//! power cuts, kiosks killed at random moments, fleets that live through days of trouble.
//!
//! The stories are those of `tests/journeys`, told how much of each by the environment. The last line says
//! what was seen; a story that fails has printed the seed with which it fails again.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::cargo;
use crate::packages;

/// How much is enough when no time is given.
const WHOLE: Amounts = Amounts { states: 10_000, kills: 1_000, days: 10_000, lost: 0, doubled: 0 };
/// How much is done at a time.
const ROUND: Amounts = Amounts { states: 500, kills: 50, days: 50, lost: 0, doubled: 0 };
/// How many days at a time when nothing else is left: a round ends with waiting for its longest fleet.
const DAYS_ALONE: u64 = 500;

/// The story of which days are told.
const DAYS: &str = "simulation::whatever";

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub struct Wishes {
    /// Until so much time has passed; without it, until the numbers are whole.
    pub minutes: Option<u64>,
    /// Where chance begins.
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

    /// What a line of a test says, if it is one that counts.
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

/// Reads the command line behind `soak`.
///
/// # Errors
/// Anything but `--minutes N` and `--seed S`.
pub fn wishes(args: &[&str]) -> Result<Wishes> {
    let mut wishes = Wishes { minutes: None, seed: 1 };
    for pair in args.chunks(2) {
        match pair {
            ["--minutes", n] => wishes.minutes = Some(n.parse().context("--minutes takes a whole number")?),
            ["--seed", s] => wishes.seed = s.parse().context("--seed takes a whole number")?,
            other => anyhow::bail!("soak takes --minutes N and --seed S, not {:?}", other.join(" ")),
        }
    }
    Ok(wishes)
}

/// Soaks, and prints what came of it.
///
/// # Errors
/// A story failed; its output says which and with which seed.
pub fn soak(wishes: Wishes) -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::TESTS])?;
    let (begun, mut seed, mut sum) = (Instant::now(), wishes.seed, Amounts::default());
    let enough = |sum: &Amounts| match wishes.minutes {
        Some(minutes) => begun.elapsed() >= Duration::from_secs(60 * minutes),
        None => sum.states >= WHOLE.states && sum.kills >= WHOLE.kills && sum.days >= WHOLE.days,
    };
    let mut good = true;
    while good && !enough(&sum) {
        let left = |done: u64, whole: u64, round: u64| wishes.minutes.is_some() || done < whole && round > 0;
        let mut stories = Vec::new();
        if left(sum.states, WHOLE.states, ROUND.states) {
            stories.push("power_cuts::whatever");
        }
        if left(sum.kills, WHOLE.kills, ROUND.kills) {
            stories.push("killed_at_random::");
        }
        if left(sum.days, WHOLE.days, ROUND.days) {
            stories.push(DAYS);
        }
        good = round(&stories, seed, &mut sum)?;
        // A story takes the seeds that follow on its own; the next round begins beyond them.
        seed = seed.wrapping_add(1_000);
    }
    let Amounts { states, kills, days, lost, doubled } = sum;
    println!(
        "soak: states {states}, kills {kills}, fleet-days {days}, lost {lost}, doubled {doubled}, seed {}",
        wishes.seed
    );
    ensure!(good && lost == 0 && doubled == 0, "a story failed; its seed stands above");
    Ok(())
}

/// One round; whether it was good.
fn round(stories: &[&str], seed: u64, sum: &mut Amounts) -> Result<bool> {
    // The stories alone: nothing of the window is built for them.
    let mut command =
        cargo(&["test", "--release", "--quiet", "--package", "journeys", "--test", "journeys", "--"]);
    command.args(stories).arg("--nocapture").stdout(Stdio::piped());
    command.env("GALLERIA_SEED", seed.to_string());
    command.env("GALLERIA_STATES", ROUND.states.to_string());
    command.env("GALLERIA_KILLS", ROUND.kills.to_string());
    let days = if stories == [DAYS] { DAYS_ALONE } else { ROUND.days };
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
    fn the_lines_of_the_stories_are_added_up() {
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
    fn the_command_line_says_how_long_and_where_to_begin() {
        let both = wishes(&["--seed", "7", "--minutes", "30"]).unwrap();
        assert_eq!((both.minutes, both.seed), (Some(30), 7));
        assert!(wishes(&["--minutes"]).is_err() && wishes(&["--hours", "1"]).is_err());
    }
}
