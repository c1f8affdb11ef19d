//! `cargo xtask test`: everything that must hold before a change lands, part by part, with the time that each
//! part took. It stops at the first part that fails; no part is optional.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::cargo::{cargo, root, run};
use crate::{api, dependencies, packages, window};

/// Runs all parts.
///
/// # Errors
/// When a part fails.
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
    // Every part names the whole workspace: a smaller selection would build the same crates again with other
    // features.
    part("build", &|| run("build", &mut cargo(&["test", "--workspace", "--no-run", "--quiet"])))?;
    part("unit tests", &|| run("unit tests", &mut cargo(&["test", "--workspace", "--lib", "--bins"])))?;
    // Half the time of a journey is waiting: for a disk, for a program to start, for a connection.
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
    part("dependencies", &dependencies::check)?;
    part("documentation", &|| {
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", "--document-private-items", "--quiet"]);
        // Readers of these pages work on the project, private items included, so links to private items are
        // fine.
        run("cargo doc", doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
    })?;
    println!("\nAll parts passed:");
    for (name, time) in &times {
        println!("{:>8.1} s  {name}", time.as_secs_f64());
    }
    println!("{:>8.1} s  in all", times.iter().map(|(_, t)| t.as_secs_f64()).sum::<f64>());
    hint_at_long_files();
    dependencies::remind();
    Ok(())
}

/// A file with more lines is worth a look. This is a hint, not a rule.
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
