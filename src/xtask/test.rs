//! `cargo xtask test`: everything that must hold before a change lands, part by part, with the time each
//! part took. The first part that fails ends it; nothing is left out.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::cargo::{cargo, root, run};
use crate::{api, packages, window};

/// Runs all parts.
///
/// # Errors
/// The first part that failed.
pub fn test() -> Result<()> {
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut part = |name: &'static str, work: &dyn Fn() -> Result<()>| -> Result<()> {
        println!("\n== {name}");
        let start = Instant::now();
        work()?;
        times.push((name, start.elapsed()));
        Ok(())
    };
    part("packages", &|| {
        packages::ensure(&[packages::BUILD, packages::KIOSK, packages::DISPLAY, packages::TESTS])
    })?;
    part("format", &|| run("cargo fmt", &mut cargo(&["fmt", "--all", "--check"])))?;
    // Every part asks for the whole workspace: a smaller choice would build the same crates again with
    // other features.
    part("build", &|| run("build", &mut cargo(&["test", "--workspace", "--no-run", "--quiet"])))?;
    part("unit tests", &|| run("unit tests", &mut cargo(&["test", "--workspace", "--lib", "--bins"])))?;
    // Half of a story is waiting: for a disk, for a program to start, for a line that comes back.
    part("journeys", &|| {
        let tell = ["test", "--workspace", "--test", "journeys", "--", "--test-threads=4"];
        run("journeys", &mut cargo(&tell))
    })?;
    part("screens", &|| run("screens", &mut cargo(&["test", "--workspace", "--test", "screens"])))?;
    part("console", &|| run("console", &mut cargo(&["test", "--workspace", "--test", "console"])))?;
    part("api", &api::check)?;
    part("window", &window::smoke)?;
    part("lints", &|| {
        let lint = ["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"];
        run("clippy", &mut cargo(&lint))
    })?;
    part("documentation", &|| {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
        // It is read by who works here, private items and all: a link to one of them leads somewhere.
        run("cargo doc", doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
    })?;
    println!("\nAll parts passed:");
    for (name, time) in &times {
        println!("{:>8.1} s  {name}", time.as_secs_f64());
    }
    println!("{:>8.1} s  in all", times.iter().map(|(_, t)| t.as_secs_f64()).sum::<f64>());
    hint_at_long_files();
    Ok(())
}

/// Lines over which a file is worth a look. Length follows the idea: this is a hint, not a rule.
const LONG: usize = 500;

fn hint_at_long_files() {
    let listed = Command::new("git").args(["ls-files", "*.rs", "*.slint"]).current_dir(root()).output();
    let Ok(listed) = listed else { return };
    for file in String::from_utf8_lossy(&listed.stdout).lines() {
        let lines = std::fs::read_to_string(root().join(file)).unwrap_or_default().lines().count();
        if lines > LONG {
            println!("hint: {file} has {lines} lines: one idea, or two?");
        }
    }
}
