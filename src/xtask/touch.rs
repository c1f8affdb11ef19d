//! Touches a real window: finds controls by their accessible name and clicks on them.
//!
//! It uses the accessibility tree, as a screen reader does, so it also detects a control without a name or at
//! the wrong place. It needs its own session bus and accessibility bus, which end when [`Bus`] is dropped.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

const LAUNCHER: &str = "/usr/libexec/at-spi-bus-launcher";

/// A session bus with the accessibility bus.
pub struct Bus {
    daemon: Child,
    launcher: Child,
    /// The value of `DBUS_SESSION_BUS_ADDRESS` for programs that use it.
    pub address: String,
}

impl Bus {
    /// Starts a bus for programs on this display.
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

/// An element of the accessibility tree.
#[derive(Clone, Debug)]
pub struct Element {
    /// Its accessible role, for example `push button`.
    pub role: String,
    pub name: String,
    /// Left, top, width, height, in pixels.
    pub shape: [i32; 4],
}

pub struct Finger<'a> {
    /// The name of the display with the window.
    display: &'a str,
    /// The bus with the window's accessibility tree.
    bus: &'a Bus,
    /// The places and times of the touches so far.
    touches: RefCell<Vec<(i32, i32, Instant)>>,
}

/// The kiosk takes a second touch at one place for a tremor if it comes earlier.
pub const BETWEEN_TOUCHES: Duration = Duration::from_millis(700);
/// Touches that are nearer to each other are at one place, in pixels.
const ONE_PLACE: i32 = 80;

impl<'a> Finger<'a> {
    /// A finger at this display, which finds controls on this bus.
    pub fn new(display: &'a str, bus: &'a Bus) -> Self {
        Self { display, bus, touches: RefCell::default() }
    }

    /// Reads the accessibility tree.
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

    /// Waits for the first element with this name and touches it.
    ///
    /// # Errors
    /// When no element with this name appears within 10 s.
    pub fn touch(&self, name: &str) -> Result<()> {
        let [x, y, width, height] = self.find(name)?.shape;
        let (x, y) = (x + width / 2, y + height / 2);
        let is_near =
            |last: &&(i32, i32, Instant)| (last.0 - x).abs() < ONE_PLACE && (last.1 - y).abs() < ONE_PLACE;
        let before = self.touches.borrow().iter().rev().find(is_near).map(|(_, _, at)| *at);
        if let Some(at) = before {
            std::thread::sleep(BETWEEN_TOUCHES.saturating_sub(at.elapsed()));
        }
        self.touches.borrow_mut().push((x, y, Instant::now()));
        let (x, y) = (x.to_string(), y.to_string());
        let status = Command::new("xdotool")
            .args(["mousemove", &x, &y, "mousedown", "1", "sleep", "0.05", "mouseup", "1"])
            .env("DISPLAY", self.display)
            .status()
            .context("xdotool cannot be started (Debian package xdotool)")?;
        ensure!(status.success(), "xdotool could not touch {name:?}");
        Ok(())
    }

    /// Waits until the element with this name stops moving: a touch during an animation misses it.
    ///
    /// # Errors
    /// When no element with this name appears within 10 s.
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

    /// Waits for an element with this name.
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
