//! `cargo xtask demo`: builds everything, starts the server and a kiosk with the demo mall, and prints where
//! to look. Ctrl-C ends both. All data is in the target folder; delete it to start afresh.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::cargo::{cargo, run, target};
use crate::packages;
use crate::window::{Display, Kiosk, usual_args};

const SIZE: &str = "1080x1920";

/// Runs the demo until Ctrl-C, or until `for_seconds` have passed.
///
/// # Errors
/// When something cannot be built or started.
pub fn demo(for_seconds: Option<u64>) -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|v| std::env::var_os(v).is_some());
    let mut sets = vec![packages::BUILD, packages::KIOSK];
    if !has_display {
        sets.push(packages::DISPLAY);
    }
    packages::ensure(&sets)?;
    println!("Building (the first time takes some minutes, Slint is large) …");
    run("build", &mut cargo(&["build", "--quiet", "--workspace", "--bins"]))?;

    let folder = target().join("demo");
    // The development profile: it optimises the crates that draw and hash, and builds in a third of the time.
    let bin = target().join("debug");
    fs::create_dir_all(&folder)?;
    let data = folder.join("server");
    let login = init(&bin, &data, &folder.join("login.txt"))?;
    let (mut server, address) = start_server(&bin, &data)?;
    let ended = (|| -> Result<()> {
        let display = if has_display { None } else { Some(Display::start(SIZE)?) };
        let name =
            display.as_ref().map_or_else(|| std::env::var("DISPLAY").unwrap_or_default(), |d| d.name.clone());
        let kiosk = start_kiosk(&bin, &folder, &data, &address, &name)?;
        println!("\nThe kiosk is open ({} ms to its first frame).", kiosk.ready_after.as_millis());
        println!("Staff console: {address}/  (the browser asks about the certificate: it is self-made)");
        println!("{login}");
        if let Some(display) = &display {
            let picture = folder.join("kiosk.png");
            display.picture(&picture)?;
            println!("There is no display here, so the kiosk runs on a virtual one: {}", display.name);
            println!("A screenshot is in {}", picture.display());
        }
        println!("Ctrl-C ends everything.");
        wait(&stop, &mut server, for_seconds)?;
        kiosk.end()
    })();
    // The server may already have received the same Ctrl-C.
    let _ = Command::new("kill").args(["-TERM", &server.id().to_string()]).stderr(Stdio::null()).status();
    let status = server.wait()?;
    ended?;
    println!("Ended (server: {status}).");
    Ok(())
}

fn wait(stop: &AtomicBool, server: &mut Child, for_seconds: Option<u64>) -> Result<()> {
    let mut left = for_seconds.map(|s| s * 10);
    while !stop.load(Ordering::Relaxed) && left != Some(0) {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended by itself: {status}");
        }
        std::thread::sleep(Duration::from_millis(100));
        left = left.map(|l| l - 1);
    }
    Ok(())
}

fn init(bin: &Path, data: &Path, login: &Path) -> Result<String> {
    if !login.exists() {
        let out = Command::new(bin.join("galleria-server")).arg("init").arg("--data").arg(data).output()?;
        if !out.status.success() {
            bail!("galleria-server init failed: {}", String::from_utf8_lossy(&out.stderr));
        }
        fs::write(login, &out.stdout)?;
    }
    let report = fs::read_to_string(login).context("the login of the demo cannot be read")?;
    Ok(report.trim_end().to_owned())
}

fn start_server(bin: &Path, data: &Path) -> Result<(Child, String)> {
    let mut server = Command::new(bin.join("galleria-server"))
        .args(["run", "--listen", "127.0.0.1:8443", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .spawn()?;
    let out = server.stdout.take().context("the server has no output")?;
    let mut lines = BufReader::new(out).lines();
    let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let at = line.find("https://")?;
        Some(line[at..].split_whitespace().next()?.trim_end_matches(['/', '.']).to_owned())
    });
    let Some(address) = address else {
        bail!("the server ended before it was ready: {}", server.wait()?);
    };
    // Its further output must not fill the pipe.
    std::thread::spawn(move || lines.for_each(drop));
    Ok((server, address))
}

fn start_kiosk(bin: &Path, folder: &Path, server_data: &Path, address: &str, display: &str) -> Result<Kiosk> {
    let data = folder.join("kiosk");
    let mut args = usual_args(&data, SIZE);
    let ca = server_data.join("tls/ca.pem").to_string_lossy().into_owned();
    args.extend(["--server".to_owned(), address.to_owned(), "--server-ca".to_owned(), ca]);
    if !data.exists() {
        let out = Command::new(bin.join("galleria-server"))
            .args(["kiosk", "add", "Demo kiosk", "--data"])
            .arg(server_data)
            .output()?;
        if !out.status.success() {
            bail!("galleria-server kiosk add failed: {}", String::from_utf8_lossy(&out.stderr));
        }
        let printed = String::from_utf8_lossy(&out.stdout).into_owned();
        let is_code = |word: &&str| {
            word.len() >= 16 && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-')
        };
        let code = printed
            .split_whitespace()
            .find(is_code)
            .with_context(|| format!("no enrolment code in: {printed}"))?;
        args.extend(["--enrol".to_owned(), code.to_owned()]);
    }
    Kiosk::start(&bin.join("galleria-kiosk"), display, None, &args)
}
