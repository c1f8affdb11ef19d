//! A finger for a real window: finds controls by their accessible name and touches them with a pointer.
//!
//! It sees what a screen reader sees, so a control without a name or in the wrong place is found out. It
//! needs a session bus and the accessibility bus of its own, which end when it is dropped.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

const LAUNCHER: &str = "/usr/libexec/at-spi-bus-launcher";

/// A session bus with accessibility switched on.
pub struct Bus {
    daemon: Child,
    launcher: Child,
    /// Where programs find it: `DBUS_SESSION_BUS_ADDRESS`.
    pub address: String,
}

impl Bus {
    /// Starts one for programs on this display.
    ///
    /// # Errors
    /// When a part of it cannot be started.
    pub fn start(display: &str) -> Result<Self> {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("dbus-daemon cannot be started (Debian package dbus)")?;
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().context("no output")?).read_line(&mut address)?;
        let address = address.trim().to_owned();
        let launcher = Command::new(LAUNCHER)
            .arg("--launch-immediately")
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .env("DISPLAY", display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("the accessibility bus cannot be started (Debian package at-spi2-core)")?;
        let bus = Self { daemon, launcher, address };
        let deadline = Instant::now() + Duration::from_secs(10);
        while !bus.switch_on()? {
            ensure!(Instant::now() < deadline, "the accessibility bus did not come up within 10 s");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(bus)
    }

    fn switch_on(&self) -> Result<bool> {
        let property = ["string:org.a11y.Status", "string:IsEnabled", "variant:boolean:true"];
        let status = Command::new("dbus-send")
            .args(["--session", "--dest=org.a11y.Bus", "--print-reply", "/org/a11y/bus"])
            .arg("org.freedesktop.DBus.Properties.Set")
            .args(property)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        Ok(status.success())
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        for child in [&mut self.launcher, &mut self.daemon] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Something on the screen.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its role, `push button`.
    pub role: String,
    /// Its accessible name.
    pub name: String,
    /// Left, top, width, height, in pixels.
    pub shape: [i32; 4],
}

pub struct Finger<'a> {
    /// Where the window is.
    pub display: &'a str,
    /// Where its names are.
    pub bus: &'a Bus,
}

impl Finger<'_> {
    /// Everything on the screen.
    ///
    /// # Errors
    /// When the bus does not answer.
    pub fn see(&self) -> Result<Vec<Element>> {
        let out = Command::new("/usr/bin/python3")
            .args(["-c", include_str!("touch.py")])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address)
            .env("DISPLAY", self.display)
            .stderr(Stdio::null())
            .output()
            .context("python3 cannot be started (Debian package python3-pyatspi)")?;
        let element = |line: &str| {
            let mut parts = line.split('\t');
            let (role, name) = (parts.next()?.to_owned(), parts.next()?.to_owned());
            let numbers: Vec<i32> = parts.filter_map(|n| n.parse().ok()).collect();
            Some(Element { role, name, shape: numbers.try_into().ok()? })
        };
        Ok(String::from_utf8_lossy(&out.stdout).lines().filter_map(element).collect())
    }

    /// Touches the first thing with this name and waits until it is there.
    ///
    /// # Errors
    /// When nothing of that name appears within 10 s.
    pub fn touch(&self, name: &str) -> Result<()> {
        let [x, y, width, height] = self.find(name)?.shape;
        let (x, y) = ((x + width / 2).to_string(), (y + height / 2).to_string());
        let status = Command::new("xdotool")
            .args(["mousemove", &x, &y, "mousedown", "1", "sleep", "0.05", "mouseup", "1"])
            .env("DISPLAY", self.display)
            .status()
            .context("xdotool cannot be started (Debian package xdotool)")?;
        ensure!(status.success(), "xdotool could not touch {name:?}");
        Ok(())
    }

    /// Waits until the thing with this name has come to rest: what slides in is missed by a quick finger.
    ///
    /// # Errors
    /// When nothing of that name appears within 10 s.
    pub fn rest(&self, name: &str) -> Result<()> {
        let mut last = self.find(name)?.shape;
        loop {
            let now = self.find(name)?.shape;
            if now == last {
                return Ok(());
            }
            last = now;
        }
    }

    /// Waits for something with this name.
    ///
    /// # Errors
    /// When nothing of that name appears within 10 s; the message lists what is there.
    pub fn find(&self, name: &str) -> Result<Element> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let seen = self.see()?;
            if let Some(found) = seen.iter().find(|e| e.name == name && e.shape[2] > 0) {
                return Ok(found.clone());
            }
            let names: Vec<_> = seen.iter().map(|e| format!("{}: {}", e.role, e.name)).collect();
            ensure!(
                Instant::now() < deadline,
                "nothing on the screen is called {name:?}; there is:\n{}",
                names.join("\n")
            );
        }
    }
}
