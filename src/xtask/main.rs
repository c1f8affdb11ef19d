//! `cargo xtask …`: the project's own commands. They need only Rust and Debian; they install any other
//! package that they use, and name it first.

mod api;
mod bench;
mod cargo;
mod demo;
mod demo_mall;
mod dependencies;
#[cfg(test)]
mod house;
mod packages;
mod soak;
mod test;
mod touch;
mod window;

use std::process::ExitCode;

use anyhow::{Context as _, Result};

const HELP: &str = "\
cargo xtask COMMAND

  demo [--seconds N]   build, start the server and a kiosk with the demo mall, open it;
                       without a display on a virtual one. Ctrl-C ends it, or N seconds.
  test                 everything that must hold before a change lands
  window               one part of it: a visit to every page of a real window
  api                  another part: strangers' requests to the server that was built last
  dependencies         another part: licences of the programs; advisories, where GALLERIA_ADVISORY_DB names
                       a copy of RustSec's database
  soak [--minutes N] [--seed S]
                       power cuts, kills and fleets in trouble at length: 10,000 rebuilt disks, 1,000
                       kills, 10,000 days of a fleet, or N minutes of them
  bench                the figures of a release build, each beside what it is compared with
  demo-mall            draw assets/demo-mall anew; the same bytes each time
";

/// A wrong command line, as opposed to a command that failed.
const USAGE_ERROR: u8 = 2;

#[expect(clippy::print_stderr, reason = "errors belong on standard error")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let command = match parse(&args) {
        Ok(command) => command,
        Err(error) => {
            eprintln!("{error:#}");
            return ExitCode::from(USAGE_ERROR);
        }
    };
    // Not `{error:?}`, which would add a backtrace where RUST_BACKTRACE=1 is set.
    command().map_or_else(
        |error| {
            eprintln!("Error: {error:#}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}

type Command = Box<dyn FnOnce() -> Result<()>>;

fn parse(args: &[&str]) -> Result<Command> {
    Ok(match args {
        ["demo"] => Box::new(|| demo::demo(None)),
        ["demo", "--seconds", n] => {
            let seconds = n.parse().context("--seconds takes a whole number")?;
            Box::new(move || demo::demo(Some(seconds)))
        }
        ["test"] => Box::new(test::test),
        ["window"] => Box::new(window::smoke),
        ["api"] => Box::new(api::check),
        ["dependencies"] => Box::new(dependencies::check),
        ["soak", options @ ..] => {
            let options = soak::options(options)?;
            Box::new(move || soak::soak(options))
        }
        ["bench"] => Box::new(bench::bench),
        ["demo-mall"] => Box::new(|| demo_mall::write(&demo_mall::folder())),
        [] | ["help" | "-h" | "--help"] => Box::new(|| {
            print!("{HELP}");
            Ok(())
        }),
        other => anyhow::bail!("there is no command {:?}\n\n{HELP}", other.join(" ")),
    })
}
