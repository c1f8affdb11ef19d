//! Tests the API from the outside: schemathesis reads the server's OpenAPI description, sends valid and
//! invalid requests, and checks the responses against the description.
//!
//! schemathesis is installed from PyPI into its own folder in ~/.cache, once per machine.
//! `GALLERIA_API_EXAMPLES` sets a larger number of examples than the default, which fits into every run.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use crate::cargo::{root, run, target};

/// Pinned, so that an update is a decision and not a surprise.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";
/// Generated requests for each operation; about half a minute in all.
const EXAMPLES: &str = "40";

/// Starts a server and tests it. The program `galleria-server` must have been built.
///
/// # Errors
/// When something cannot be installed or started, or a response differs from the description.
pub fn check() -> Result<()> {
    let tools = tools()?;
    let folder = target().join("api");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let data = folder.join("server");
    let program = target().join("debug/galleria-server");
    let mut init = Command::new(&program);
    run("galleria-server init", init.args(["init", "--data"]).arg(&data).stdout(Stdio::null()))?;
    let (mut server, address) = start(&program, &data)?;
    let tried = try_all(&tools, &program, &data, &address);
    let _ = server.kill();
    let _ = server.wait();
    tried
}

fn try_all(tools: &Path, program: &Path, data: &Path, address: &str) -> Result<()> {
    let ca = data.join("tls/ca.pem");
    let mut add = Command::new(program);
    let code = output(add.args(["kiosk", "add", "schemathesis", "--data"]).arg(data))?;
    let code = code.split_whitespace().find(|word| word.len() == 19 && word.matches('-').count() == 3);
    let code = code.context("galleria-server kiosk add printed no code")?;
    let mut enrol = Command::new(tools.join("python"));
    let key = data.join("schemathesis-key.pem");
    let token = output(enrol.arg(root().join("src/xtask/api.py")).arg(address).arg(&ca).arg(code).arg(&key))?;
    let examples = std::env::var("GALLERIA_API_EXAMPLES").unwrap_or_else(|_| EXAMPLES.to_owned());
    let mut schemathesis = Command::new(tools.join("schemathesis"));
    schemathesis
        .arg("--config-file")
        .arg(root().join("src/xtask/api.toml"))
        .args(["--no-color", "run", "--continue-on-failure", "--seed", "1", "--suppress-health-check", "all"])
        .args(["--max-examples", &examples, "--tls-verify"])
        .arg(&ca)
        .arg(format!("{address}/api/openapi.json"))
        .env("GALLERIA_TOKEN", token.trim())
        .env("GALLERIA_KEY", &key)
        .env("SCHEMATHESIS_HOOKS", "api")
        .env("PYTHONPATH", root().join("src/xtask"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        // schemathesis stores failed examples in its working directory.
        .current_dir(target().join("api"));
    run("schemathesis", &mut schemathesis)
}

/// The `bin` folder of the virtual environment that holds schemathesis. Installs it when it is missing.
fn tools() -> Result<PathBuf> {
    let home = std::env::var_os("HOME").context("HOME is not set")?;
    let place = PathBuf::from(home).join(".cache/galleria").join(SCHEMATHESIS.replace("==", "-"));
    let tools = place.join("bin");
    if tools.join("schemathesis").exists() {
        return Ok(tools);
    }
    println!("{SCHEMATHESIS} is missing and will be installed from PyPI into {}", place.display());
    run("python3 -m venv", Command::new("python3").args(["-m", "venv"]).arg(&place))?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", SCHEMATHESIS];
    run("pip install", Command::new(tools.join("python")).args(pip))?;
    Ok(tools)
}

fn start(program: &Path, data: &Path) -> Result<(Child, String)> {
    let mut server = Command::new(program)
        .args(["run", "--listen", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .context("galleria-server cannot be started")?;
    let mut line = String::new();
    let out = server.stdout.take().context("its output is piped")?;
    BufReader::new(out).read_line(&mut line)?;
    let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
    ensure!(address.starts_with("https://"), "galleria-server did not start: {line:?}");
    Ok((server, address))
}

/// Runs a program and returns its standard output.
fn output(command: &mut Command) -> Result<String> {
    let out = command.stderr(Stdio::inherit()).output().with_context(|| format!("{command:?}"))?;
    ensure!(out.status.success(), "{command:?}: {}", out.status);
    Ok(String::from_utf8(out.stdout)?)
}
