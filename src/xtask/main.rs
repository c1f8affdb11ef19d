//! `cargo xtask …`: the project's own commands. They need nothing but Rust and Debian: what else they
//! use, they install, and name it first.

mod api;
mod bench;
mod cargo;
mod demo;
mod demo_mall;
#[cfg(test)]
mod house;
mod packages;
mod soak;
mod test;
mod touch;
mod window;

use anyhow::{Context as _, Result, bail};

const HELP: &str = "\
cargo xtask COMMAND

  demo [--seconds N]   build, start the server and a kiosk with the demo mall, open it;
                       without a display on a virtual one. Ctrl-C ends it, or N seconds.
  test                 everything that must hold before a change lands
  window               one part of it: a visit to every page of a real window
  api                  another part: strangers' requests to the server that was built last
  soak [--minutes N] [--seed S]
                       power cuts, kills and fleets in trouble at length: 10,000 rebuilt disks, 1,000
                       kills, 10,000 days of a fleet, or N minutes of them
  bench                the figures of a release build, each beside what it is compared with
  demo-mall            draw assets/demo-mall anew; the same bytes each time
";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["demo"] => demo::demo(None),
        ["demo", "--seconds", n] => demo::demo(Some(n.parse().context("--seconds takes a whole number")?)),
        ["test"] => test::test(),
        ["window"] => window::smoke(),
        ["api"] => api::check(),
        ["soak", wishes @ ..] => soak::soak(soak::wishes(wishes)?),
        ["bench"] => bench::bench(),
        ["demo-mall"] => demo_mall::write(&demo_mall::folder()),
        [] | ["help" | "-h" | "--help"] => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command {:?}\n\n{HELP}", other.join(" ")),
    }
}
