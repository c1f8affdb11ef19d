//! The comparison for the kiosk: a browser in kiosk mode, the usual way to build one. It shows one static
//! page on the same display in the same run.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::process::{cpu_percent, descendants, proportional_mb};
use super::{REST, SETTLE};
use crate::cargo::target;
use crate::window::Display;

/// The measured figures of the browser.
pub struct Peer {
    /// Time from its start until the page was on the display.
    pub shown_ms: f64,
    /// Memory of all its processes, shared pages counted once.
    pub memory_mb: f64,
    /// Of one core, while it is idle.
    pub cpu_percent: f64,
}

/// Starts the browser on this display and measures its start, its memory and its idle load.
///
/// # Errors
/// When it does not start, or shows no page within half a minute; the message names the file with its output.
pub fn chromium(display: &Display) -> Result<Peer> {
    let folder = target().join("bench-chromium");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let page = folder.join("page.html");
    fs::write(
        &page,
        "<!doctype html><title>peer</title><body style='background:#246'><h1>Touch to start</h1>",
    )?;
    let log = folder.join("stderr.txt");
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
        // Without a window manager nothing else makes the window as large as the display.
        .args(["--window-position=0,0", "--window-size=1080,1920"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", page.display()))
        .env("DISPLAY", &display.name)
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .spawn()
        .context("chromium cannot be started")?;
    let measured = (|| {
        let shown_ms = until_coloured(display, start)
            .with_context(|| format!("what chromium printed is in {}", log.display()))?;
        std::thread::sleep(SETTLE);
        let family = descendants(browser.id())?;
        Ok(Peer { shown_ms, memory_mb: proportional_mb(&family), cpu_percent: cpu_percent(&family, REST) })
    })();
    // The browser must end even when the measurement failed.
    let _ = browser.kill();
    let _ = browser.wait();
    measured
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
