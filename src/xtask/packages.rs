//! Debian packages that the other commands need. Missing ones are named and then installed.

use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// What a kiosk needs to run: fonts for its five languages, pinyin, a display to draw on.
pub const KIOSK: &[&str] = &[
    "fontconfig",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "librime1",
    "librime-bin",
    "librime-data",
    "rime-data-pinyin-simp",
    "libxkbcommon-x11-0",
    "libx11-6",
    "libx11-xcb1",
    "libxcursor1",
    "libxi6",
];
/// Needed for the build besides Rust: a C compiler, for SQLite.
pub const BUILD: &[&str] = &["gcc", "libc6-dev", "pkg-config"];
/// A virtual display, and a tool that takes pictures of it.
pub const DISPLAY: &[&str] = &["xvfb", "xauth", "imagemagick"];
/// Needed by the tests: a browser with its driver, `openssl` to sign generated requests as a kiosk, `strace`
/// to kill a program at a chosen system call, and the tools of [`Finger`](crate::touch::Finger).
pub const TESTS: &[&str] = &[
    "chromium",
    "chromium-driver",
    "openssl",
    "strace",
    "procps",
    "xdotool",
    "dbus",
    "at-spi2-core",
    "python3-pyatspi",
    "python3-venv",
];

/// The packages among these that are not installed.
fn missing(packages: &[&'static str]) -> Vec<&'static str> {
    let installed = |package: &&&str| {
        Command::new("dpkg-query")
            .args(["--show", "--showformat=${db:Status-Status}", package])
            .stderr(Stdio::null())
            .output()
            .is_ok_and(|o| o.stdout == b"installed")
    };
    packages.iter().filter(|p| !installed(p)).copied().collect()
}

/// Installs the missing packages. Needs root, or a `sudo` that may ask for a password.
///
/// # Errors
/// When a package cannot be installed; the message names the command to run as root.
pub fn ensure(sets: &[&[&'static str]]) -> Result<()> {
    let wanted: Vec<&'static str> = sets.concat();
    let missing = missing(&wanted);
    if missing.is_empty() {
        return Ok(());
    }
    println!("These Debian packages are missing and will be installed: {}", missing.join(" "));
    let apt = |args: &[&str]| -> Result<bool> {
        let root =
            std::fs::metadata("/proc/self").is_ok_and(|m| std::os::unix::fs::MetadataExt::uid(&m) == 0);
        let mut command = if root {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.arg("apt-get");
            sudo
        };
        let quiet = ["-qq", "-o=Dpkg::Use-Pty=0"];
        let status = command
            .args(quiet)
            .args(args)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .context("apt-get cannot be started: this command knows Debian only")?;
        Ok(status.success())
    };
    let install = [&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat();
    // The package lists of a fresh machine are empty, those of an old one out of date.
    if !(apt(&["update"])? && apt(&install)?) {
        bail!("could not install them; as root: apt-get update && apt-get install {}", missing.join(" "));
    }
    Ok(())
}
