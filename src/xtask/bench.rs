//! `cargo xtask bench`: measures the kiosk in a real window, then runs the benches `thanks`, `ingest` and
//! `ways`. Each figure is printed beside a comparison. A figure over its budget makes the command fail; tests
//! never measure time.

mod peer;
mod process;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};

use crate::cargo::{cargo, run, target};
use crate::packages;
use crate::touch::{Bus, Finger};
use crate::window::{Display, Kiosk, usual_args, visit};
use peer::Peer;
use process::{cpu_percent, resident_mb};

const SIZE: &str = "1080x1920";
const STARTS: usize = 9;
/// How long after the start the processes have settled.
const SETTLE: Duration = Duration::from_secs(5);
/// How long the processor time of an idle program is measured.
const REST: Duration = Duration::from_secs(30);

struct Figure {
    name: &'static str,
    value: f64,
    unit: &'static str,
    at_most: f64,
    peer: Option<f64>,
}

/// Builds for release, measures, prints a table.
///
/// # Errors
/// When something cannot be started, or a figure is over its budget. The measured figures are printed in any
/// case.
pub fn bench() -> Result<()> {
    packages::ensure(&[packages::BUILD, packages::KIOSK, packages::DISPLAY, packages::TESTS])?;
    run("build", &mut cargo(&["build", "--release", "--quiet", "--workspace", "--bins"]))?;
    // Every bench runs, even after a failure; at the end the command fails if one of them did.
    let mut failed = Vec::new();
    let mut note = |outcome: Result<()>| failed.extend(outcome.err().map(|error| format!("{error:#}")));
    note(window());
    for name in ["thanks", "ingest", "ways"] {
        note(run(name, &mut cargo(&["bench", "--quiet", "--workspace", "--bench", name])));
    }
    ensure!(failed.is_empty(), "{}", failed.join("; "));
    Ok(())
}

/// Measures the kiosk in a real window.
fn window() -> Result<()> {
    let display = Display::start(SIZE)?;
    let peer = peer::chromium(&display);
    let figures = kiosk(&display, peer.as_ref().ok())?;
    println!(
        "\n{:<46} {:>10} {:>10} {:>10}",
        "kiosk, demo mall, software renderer", "measured", "at most", "Chromium"
    );
    for f in &figures {
        let peer = f.peer.map_or_else(|| "—".to_owned(), |v| format!("{v:.1}"));
        println!("{:<46} {:>7.1} {:<2} {:>10.1} {:>10}", f.name, f.value, f.unit, f.at_most, peer);
    }
    let over: Vec<_> = figures.iter().filter(|f| f.value > f.at_most).map(|f| f.name).collect();
    ensure!(over.is_empty(), "over budget: {}", over.join(", "));
    peer.map(drop)
}

fn kiosk(display: &Display, peer: Option<&Peer>) -> Result<Vec<Figure>> {
    let data = target().join("bench-kiosk");
    let args = usual_args(&data, SIZE);
    let program = target().join("release/galleria-kiosk");
    let mut ready = Vec::new();
    for _ in 0..STARTS {
        let _ = fs::remove_dir_all(&data);
        let kiosk = Kiosk::start(&program, &display.name, None, &args)?;
        ready.push(kiosk.ready_after.as_secs_f64() * 1000.0);
        kiosk.end()?;
    }
    ready.sort_by(f64::total_cmp);
    let rest = rest(&program, display, &args)?;
    let (home, all) = memory(&program, display, &args)?;
    let figure = |name, value, unit, at_most, peer| Figure { name, value, unit, at_most, peer };
    let shown = peer.map(|p| p.shown_ms);
    Ok(vec![
        figure("start to first interactive frame, median of 9", ready[STARTS / 2], "ms", 700.0, shown),
        figure("the slowest of the 9", ready[STARTS - 1], "ms", 700.0, shown),
        figure("resident memory on the home page", home, "MB", 120.0, peer.map(|p| p.memory_mb)),
        figure("resident memory after all pages", all, "MB", 160.0, None),
        figure("CPU when nobody touches it, of one core", rest, "%", 1.0, peer.map(|p| p.cpu_percent)),
    ])
}

/// The CPU share of the idle kiosk, after it has settled.
fn rest(program: &Path, display: &Display, args: &[String]) -> Result<f64> {
    let kiosk = Kiosk::start(program, &display.name, None, args)?;
    std::thread::sleep(SETTLE);
    let share = cpu_percent(&[kiosk.child.id()], REST);
    kiosk.end()?;
    Ok(share)
}

/// Memory on the home page, and after a visit to every page. The accessibility tree is switched on, because
/// [`Finger`] needs it.
fn memory(program: &Path, display: &Display, args: &[String]) -> Result<(f64, f64)> {
    let bus = Bus::start(&display.name)?;
    let finger = Finger::new(&display.name, &bus);
    let kiosk = Kiosk::start(program, &display.name, Some(&bus), args)?;
    finger.touch("Touch to start")?;
    finger.find("Where would you like to go?")?;
    std::thread::sleep(Duration::from_secs(2));
    let home = resident_mb(kiosk.child.id())?;
    kiosk.end()?;
    let kiosk = Kiosk::start(program, &display.name, Some(&bus), args)?;
    finger.touch("Touch to start")?;
    visit(&finger)?;
    let all = resident_mb(kiosk.child.id())?;
    kiosk.end()?;
    Ok((home, all))
}
