//! `cargo xtask bench`: the figures of the kiosk, measured on a real window, each beside what it is
//! compared with. A figure over its budget makes the command fail; tests never look at a clock.
//!
//! The peer is the usual way to build such a thing: a browser in kiosk mode showing one static page.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::{cargo, run, target};
use crate::packages;
use crate::touch::{Bus, Finger};
use crate::window::{Display, Kiosk, usual_args, visit};

const SIZE: &str = "1080x1920";
const RUNS: usize = 5;

struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    budget: Option<f64>,
    peer: Option<f64>,
}

/// Builds for release, measures, prints a table.
///
/// # Errors
/// When something cannot be started, or a figure is over its budget.
pub fn bench() -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::KIOSK, packages::DISPLAY, packages::TESTS])?;
    run("build", &mut cargo(&["build", "--release", "--quiet", "--workspace", "--bins"]))?;
    let figures = kiosk()?;
    println!(
        "\n{:<44} {:>10} {:>10} {:>14}",
        "kiosk, demo mall, software renderer", "measured", "at most", "Chromium"
    );
    for f in &figures {
        let or_dash = |v: Option<f64>| v.map_or_else(|| "—".to_owned(), |v| format!("{v:.1}"));
        println!(
            "{:<44} {:>7.1} {:<2} {:>10} {:>14}",
            f.name,
            f.value,
            f.unit,
            or_dash(f.budget),
            or_dash(f.peer)
        );
    }
    let over: Vec<_> =
        figures.iter().filter(|f| f.budget.is_some_and(|b| f.value > b)).map(|f| f.name).collect();
    ensure!(over.is_empty(), "over budget: {}", over.join(", "));
    Ok(())
}

fn kiosk() -> Result<Vec<Figure>> {
    let display = Display::start(SIZE)?;
    let data = target().join("bench-kiosk");
    let args = usual_args(&data, SIZE);
    let program = target().join("release/galleria-kiosk");
    let mut ready = Vec::new();
    for _ in 0..RUNS {
        let _ = fs::remove_dir_all(&data);
        let kiosk = Kiosk::start(&program, &display.name, None, &args)?;
        ready.push(kiosk.ready_after.as_secs_f64() * 1000.0);
        kiosk.end()?;
    }
    let rest = rest(&program, &display, &args)?;
    let (home, all) = memory(&program, &display, &args)?;
    let peer = chromium(&display)?;
    let figure = |name, value, unit, budget, peer| Figure { name, value, unit, budget, peer };
    Ok(vec![
        figure(
            "start to first interactive frame, median of 5",
            median(&mut ready),
            "ms",
            Some(700.0),
            Some(peer.shown_ms),
        ),
        figure("resident memory on the home page", home, "MB", Some(120.0), Some(peer.resident_mb)),
        figure("resident memory after all pages", all, "MB", Some(160.0), None),
        figure("CPU when nobody touches it, of one core", rest, "%", Some(1.0), Some(peer.cpu_percent)),
    ])
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// CPU share over ten seconds of rest, after everything has settled.
fn rest(program: &Path, display: &Display, args: &[String]) -> Result<f64> {
    let kiosk = Kiosk::start(program, &display.name, None, args)?;
    std::thread::sleep(Duration::from_secs(3));
    let share = cpu_share(&[kiosk.child.id()], Duration::from_secs(10))?;
    kiosk.end()?;
    Ok(share)
}

/// Memory on the home page and after a visit to every page, with a screen reader's tree switched on,
/// because the finger that visits needs it.
fn memory(program: &Path, display: &Display, args: &[String]) -> Result<(f64, f64)> {
    let bus = Bus::start(&display.name)?;
    let finger = Finger { display: &display.name, bus: &bus };
    let kiosk = Kiosk::start(program, &display.name, Some(&bus), args)?;
    finger.touch("Touch to start")?;
    finger.find("Where would you like to go?")?;
    std::thread::sleep(Duration::from_secs(2));
    let home = resident_mb(&[kiosk.child.id()])?;
    kiosk.end()?;
    let kiosk = Kiosk::start(program, &display.name, Some(&bus), args)?;
    visit(&finger)?;
    let all = resident_mb(&[kiosk.child.id()])?;
    kiosk.end()?;
    Ok((home, all))
}

struct Peer {
    shown_ms: f64,
    resident_mb: f64,
    cpu_percent: f64,
}

/// A browser in kiosk mode with one static page on the same display: start, memory, rest.
fn chromium(display: &Display) -> Result<Peer> {
    let folder = target().join("bench-chromium");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let page = folder.join("page.html");
    fs::write(
        &page,
        "<!doctype html><title>peer</title><body style='background:#246'><h1>Touch to start</h1>",
    )?;
    let start = Instant::now();
    let mut browser = Command::new("chromium")
        .args([
            "--kiosk",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        ])
        .args(["--disable-component-update", "--disable-sync", "--disable-quic"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .env("DISPLAY", &display.name)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .context("chromium cannot be started")?;
    let shown = until_coloured(display, start)?;
    std::thread::sleep(Duration::from_secs(5));
    let family = descendants(browser.id())?;
    let measured = Peer {
        shown_ms: shown,
        resident_mb: resident_mb(&family)?,
        cpu_percent: cpu_share(&family, Duration::from_secs(10))?,
    };
    let _ = browser.kill();
    let _ = browser.wait();
    Ok(measured)
}

/// Milliseconds until the middle of the display has the colour of the peer's page.
fn until_coloured(display: &Display, start: Instant) -> Result<f64> {
    loop {
        let out = Command::new("import")
            .args([
                "-display",
                &display.name,
                "-window",
                "root",
                "-crop",
                "1x1+540+960",
                "-depth",
                "8",
                "txt:-",
            ])
            .output()?;
        if String::from_utf8_lossy(&out.stdout).to_ascii_uppercase().contains("#224466") {
            return Ok(start.elapsed().as_secs_f64() * 1000.0);
        }
        ensure!(start.elapsed() < Duration::from_secs(30), "chromium showed no page within 30 s");
    }
}

fn descendants(root: u32) -> Result<Vec<u32>> {
    let mut family = vec![root];
    let mut at = 0;
    while let Some(parent) = family.get(at).copied() {
        let out = Command::new("pgrep").args(["-P", &parent.to_string()]).output()?;
        family.extend(
            String::from_utf8_lossy(&out.stdout).split_whitespace().filter_map(|p| p.parse::<u32>().ok()),
        );
        at += 1;
    }
    Ok(family)
}

/// Resident memory, in megabytes of 10⁶ bytes. Shared pages of several processes count once each.
fn resident_mb(processes: &[u32]) -> Result<f64> {
    let mut kib = 0.0;
    for pid in processes {
        let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) else { continue };
        let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or("0");
        kib += line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default();
    }
    Ok(kib * 1024.0 / 1e6)
}

/// Per cent of one core used over a while.
fn cpu_share(processes: &[u32], over: Duration) -> Result<f64> {
    let ticks = || -> f64 {
        processes
            .iter()
            .filter_map(|pid| fs::read_to_string(format!("/proc/{pid}/stat")).ok())
            .filter_map(|stat| {
                // utime and stime are fields 14 and 15; the name in field 2 may contain spaces.
                let fields: Vec<f64> =
                    stat.rsplit_once(") ")?.1.split(' ').filter_map(|f| f.parse().ok()).collect();
                Some(fields.get(10)? + fields.get(11)?)
            })
            .sum()
    };
    let before = ticks();
    std::thread::sleep(over);
    let per_second = 100.0;
    Ok((ticks() - before) / per_second / over.as_secs_f64() * 100.0)
}
