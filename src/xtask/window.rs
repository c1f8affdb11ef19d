//! A real window on a virtual display: does the program open it, say that it is ready, and end cleanly?

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cargo::{root, target};

/// A virtual display that ends when it is dropped.
pub struct Display {
    server: Child,
    /// Its name, `:97`.
    pub name: String,
}

impl Display {
    /// Starts one of this size, on the first free number.
    ///
    /// # Errors
    /// When Xvfb cannot be started or does not say its number.
    pub fn start(size: &str) -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb cannot be started (Debian package xvfb)")?;
        let out = server.stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(out).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb ended before it had a display");
        Ok(Self { server, name: format!(":{}", number.trim()) })
    }

    /// Takes a picture of all of it.
    ///
    /// # Errors
    /// When ImageMagick's `import` fails.
    pub fn picture(&self, to: &Path) -> Result<()> {
        let status = Command::new("import").args(["-display", &self.name, "-window", "root"]).arg(to).status()?;
        ensure!(status.success(), "import (Debian package imagemagick) could not take the picture");
        Ok(())
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A kiosk program with its window open.
pub struct Kiosk {
    /// The process.
    pub child: Child,
    /// From its start until its first frame was on the display.
    pub ready_after: Duration,
}

impl Kiosk {
    /// Starts `program` and waits until it says that its first frame is on the display.
    ///
    /// # Errors
    /// When it ends before that, or says nothing for 30 s.
    pub fn start(program: &Path, display: &str, args: &[&str]) -> Result<Self> {
        let start = Instant::now();
        let mut child = Command::new(program)
            .args(args)
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let out = child.stdout.take().context("the kiosk has no output")?;
        let (said, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if line.starts_with("ready") {
                    // Whoever waits may have given up.
                    let _ = said.send(Instant::now());
                }
            }
        });
        match heard.recv_timeout(Duration::from_secs(30)) {
            Ok(ready) => Ok(Self { child, ready_after: ready - start }),
            Err(_) => {
                let _ = child.kill();
                bail!("the kiosk did not become ready: {:?}", child.wait()?);
            }
        }
    }

    /// Asks it to end and waits for that.
    ///
    /// # Errors
    /// When it does not end within 10 s, or not with status 0.
    pub fn end(mut self) -> Result<()> {
        let pid = self.child.id().to_string();
        ensure!(Command::new("kill").args(["-TERM", &pid]).status()?.success(), "kill failed");
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.child.try_wait()? {
                ensure!(status.success(), "the kiosk did not end cleanly: {status}");
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "the kiosk did not end within 10 s of SIGTERM");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Opens the kiosk with the demo mall in both orientations and ends it again.
///
/// # Errors
/// Whatever went wrong on the way.
pub fn smoke() -> Result<()> {
    let program = target().join("debug/galleria-kiosk");
    let venue = root().join("assets/demo-mall");
    let data = target().join("window-smoke");
    for size in ["1080x1920", "1920x1080"] {
        let _ = std::fs::remove_dir_all(&data);
        let display = Display::start(size)?;
        let paths = [venue.to_string_lossy(), data.to_string_lossy()];
        let kiosk = Kiosk::start(&program, &display.name, &["--venue", &paths[0], "--data", &paths[1], "--size", size])?;
        println!("{size}: first frame after {} ms (debug build)", kiosk.ready_after.as_millis());
        kiosk.end()?;
    }
    Ok(())
}
