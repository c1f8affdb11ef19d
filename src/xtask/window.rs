//! Runs the program in a real window on a virtual display: it reports that it is ready, a simulated finger
//! visits every page, and it ends cleanly.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::cargo::{root, target};
use crate::touch::{BETWEEN_TOUCHES, Bus, Finger};

/// A virtual display that ends when it is dropped.
pub struct Display {
    server: Child,
    /// Its name, for example `:97`.
    pub name: String,
}

impl Display {
    /// Starts a display of this size, on the first free number.
    ///
    /// # Errors
    /// When Xvfb cannot be started or does not print its number.
    pub fn start(size: &str) -> Result<Self> {
        let mut server = Command::new("Xvfb")
            // Without -noreset Xvfb disconnects a client that is just connecting when its last client leaves.
            .args(["-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp", "-noreset"])
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

    /// Takes a picture of the whole display.
    ///
    /// # Errors
    /// When ImageMagick's `import` fails.
    pub fn picture(&self, to: &Path) -> Result<()> {
        let status =
            Command::new("import").args(["-display", &self.name, "-window", "root"]).arg(to).status()?;
        ensure!(status.success(), "import (Debian package imagemagick) could not take the picture");
        Ok(())
    }
}

impl Display {
    /// The pixels of a part of the display: left, top, width, height.
    ///
    /// # Errors
    /// When ImageMagick's `import` fails.
    fn pixels(&self, [x, y, width, height]: [i32; 4]) -> Result<Vec<u8>> {
        let crop = format!("{width}x{height}+{x}+{y}");
        let out = Command::new("import")
            .args(["-display", &self.name, "-window", "root", "-crop", &crop, "rgb:-"])
            .output()?;
        ensure!(out.status.success(), "import (Debian package imagemagick) could not read the display");
        Ok(out.stdout)
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
    pub child: Child,
    /// Time from its start until its first frame was on the display.
    pub ready_after: Duration,
}

impl Kiosk {
    /// Starts `program` and waits until it prints that its first frame is on the display.
    ///
    /// # Errors
    /// When it ends before that, or prints nothing for 30 s.
    pub fn start(program: &Path, display: &str, bus: Option<&Bus>, args: &[String]) -> Result<Self> {
        let start = Instant::now();
        let mut child = Command::new(program)
            .args(args)
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY")
            .envs(bus.map(|b| ("DBUS_SESSION_BUS_ADDRESS", &b.address)))
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", program.display()))?;
        let out = child.stdout.take().context("the kiosk has no output")?;
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if line.starts_with("ready") {
                    // The receiver may have timed out.
                    let _ = sender.send(Instant::now());
                }
            }
        });
        match receiver.recv_timeout(Duration::from_secs(30)) {
            Ok(ready) => Ok(Self { child, ready_after: ready - start }),
            Err(_) => {
                let _ = child.kill();
                bail!("the kiosk did not become ready: {:?}", child.wait()?);
            }
        }
    }

    /// Sends SIGTERM and waits for the program to end.
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

/// The arguments that every kiosk here is started with: the demo mall, its own data folder, the window size.
pub fn usual_args(data: &Path, size: &str) -> Vec<String> {
    let venue = root().join("assets/demo-mall");
    let text = |path: &Path| path.to_string_lossy().into_owned();
    [("--venue", text(&venue)), ("--data", text(data)), ("--size", size.to_owned())]
        .into_iter()
        .flat_map(|(flag, value)| [flag.to_owned(), value])
        .collect()
}

/// Opens the kiosk with the demo mall in both orientations, plays a whole visit, and ends it.
///
/// # Errors
/// When a step fails.
pub fn smoke() -> Result<()> {
    let program = target().join("debug/galleria-kiosk");
    let data = target().join("window-smoke");
    for size in ["1080x1920", "1920x1080"] {
        let _ = std::fs::remove_dir_all(&data);
        let display = Display::start(size)?;
        let bus = Bus::start(&display.name)?;
        let kiosk = Kiosk::start(&program, &display.name, Some(&bus), &usual_args(&data, size))?;
        println!("{size}: first frame after {} ms (development build)", kiosk.ready_after.as_millis());
        let finger = Finger::new(&display.name, &bus);
        clock_is_painted(&display, &finger)?;
        visit(&finger)?;
        kiosk.end()?;
    }
    Ok(())
}

/// The English text of a key, from the words of the kiosk, its map and its forms.
fn word(key: &str) -> Result<String> {
    let read = |part: &str| std::fs::read_to_string(root().join(format!("assets/lang/{part}.en.po")));
    let po = read("kiosk")? + &read("wayfinding")? + &read("form")?;
    let entry = format!("msgid \"{key}\"\nmsgstr \"");
    let at = po.find(&entry).with_context(|| format!("no word {key} in assets/lang"))? + entry.len();
    Ok(po[at..].split("\"\n").next().unwrap_or_default().replace("\\\"", "\""))
}

/// Uses the keyboard of the search, and waits for the next minute: the clock has to be painted anew, and not only
/// to be right in the tree. Ends on the home page.
fn clock_is_painted(display: &Display, finger: &Finger) -> Result<()> {
    finger.touch(&word("attract.touch")?)?;
    finger.touch(&word("home.search-hint")?)?;
    for letter in ["b", "a"] {
        finger.touch(letter)?;
    }
    finger.touch(&word("keyboard.done")?)?;
    let clock = || {
        let is_clock = |name: &str| name.len() == 5 && name.as_bytes()[2] == b':';
        finger.see()?.into_iter().find(|e| is_clock(&e.name)).context("no clock in the header")
    };
    let before = clock()?;
    let painted = display.pixels(before.shape)?;
    let deadline = Instant::now() + Duration::from_secs(63);
    while clock()?.name == before.name {
        ensure!(Instant::now() < deadline, "the clock in the tree stands still at {}", before.name);
        // A finger that moves shows that somebody is there.
        finger.touch(&word("find.title")?)?;
        finger.touch("L1 · K1 Main Entrance Directory")?;
    }
    std::thread::sleep(Duration::from_millis(500));
    let now = clock()?;
    ensure!(display.pixels(before.shape)? != painted, "it is {}, and {} is painted", now.name, before.name);
    finger.touch(&word("bar.home")?)?;
    Ok(())
}

/// Points at the middle of the basement, the only level without a void there. The picture appears a moment
/// after the touch on the level's button.
fn point(finger: &Finger) -> Result<()> {
    finger.touch("Basement 1")?;
    let map = word("pointing.map")?.replace("{level}", "Basement 1");
    for _ in 0..10 {
        finger.touch(&map)?;
        if finger.see()?.iter().any(|e| e.role == "label" && e.name.contains("B1")) {
            return Ok(());
        }
    }
    bail!("a touch on the map chooses no place")
}

/// Visits every page from the home page on: a search, a route, feedback, a complaint with its place on the map to its receipt, a
/// case lookup, a call for staff, the panels.
///
/// # Errors
/// When an element is not found or cannot be touched.
pub fn visit(finger: &Finger) -> Result<()> {
    let touch = |key: &str| finger.touch(&word(key)?);
    let see = |key: &str| finger.find(&word(key)?).map(|_| ());
    // The shops on the map are in the tree too.
    finger.find("Cotton City")?;
    touch("home.search-hint")?;
    for letter in ["b", "a", "n", "k"] {
        finger.touch(letter)?;
    }
    touch("keyboard.done")?;
    touch("bar.home")?;
    touch("facility.restroom")?;
    finger.touch("Women's restroom")?;
    see("route.another")?;
    touch("bar.home")?;
    touch("tile.places")?;
    see("find.title")?;
    touch("bar.home")?;
    touch("tile.tell-us")?;
    touch("feedback")?;
    touch("face.5")?;
    touch("form.to-review")?;
    see("review.title")?;
    touch("bar.home")?;
    touch("tile.tell-us")?;
    touch("complaint")?;
    touch("discard.discard")?;
    touch("complaint.category.facilities")?;
    touch("complaint.category.facilities.lift")?;
    touch("place.on-map")?;
    point(finger)?;
    touch("pointing.use")?;
    touch("phrase.facilities.1")?;
    touch("review.send")?;
    // This kiosk has no server, so the receipt has no number.
    see("thanks.stored")?;
    // The receipt came when the disk answered: a page that comes without a touch is deaf for a moment.
    std::thread::sleep(BETWEEN_TOUCHES);
    touch("thanks.done")?;
    touch("receipt.again")?;
    see("thanks.stored")?;
    touch("bar.home")?;
    touch("tile.tell-us")?;
    touch("lookup.title")?;
    // The number goes on to the code, and the code to the lookup.
    finger.rest(&word("keyboard.done")?)?;
    for key in "K3-Q22-BF0-67QX41MD0".chars() {
        finger.touch(&key.to_string())?;
    }
    // This kiosk has no server to ask.
    see("lookup.no-server")?;
    std::thread::sleep(BETWEEN_TOUCHES);
    touch("bar.home")?;
    touch("tile.call-staff")?;
    // And none that could call anybody.
    see("help.no-server")?;
    touch("bar.home")?;
    touch("bar.access")?;
    touch("access.extra-large")?;
    touch("access.close")?;
    see("tile.places")?;
    finger.touch("English")?;
    finger.touch("简体中文")?;
    finger.find("全部店铺").map(|_| ())
}
