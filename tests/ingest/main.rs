//! `cargo bench --bench ingest`: measures how fast the server stores kiosks' submissions, and whether staff
//! notice.
//!
//! The server is the real program, on SQLite, over TLS on loopback; the submissions are really sealed. The
//! kiosks run in this process, on the same processors. For comparison the same bytes are written to a bare
//! SQLite table, which is the most that this machine allows. A figure over its budget makes the program fail.

#![allow(clippy::unwrap_used, reason = "a bench that cannot go on says where it stopped")]

mod backlog;
mod client;
mod fleet;
mod peer;
mod sealed;
mod staff;
mod test_server;
#[path = "../../src/server/testing.rs"]
#[allow(dead_code, unused_imports, reason = "shared with the tests of the library, which use more of it")]
mod testing;

use std::process::ExitCode;

/// Submissions in the backlog of one mall.
pub const BACKLOG: usize = 100_000;
/// Kiosks that get their power back at the same moment.
pub const FLEET: usize = 10_000;
/// Submissions of each of these kiosks.
pub const EACH: usize = 10;

/// One row of the printed table.
pub struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    budget: Budget,
    peer: Option<f64>,
}

/// The limit of a figure.
#[derive(Clone, Copy)]
pub enum Budget {
    AtLeast(f64),
    AtMost(f64),
    /// For information only.
    None,
}

impl Figure {
    /// A figure without a comparison.
    pub fn new(name: impl Into<String>, value: f64, unit: &'static str, budget: Budget) -> Self {
        Self { name: name.into(), value, unit, budget, peer: None }
    }

    /// Adds the comparison: the most that this machine allows.
    pub fn beside(self, peer: f64) -> Self {
        Self { peer: Some(peer), ..self }
    }

    fn is_beyond(&self) -> bool {
        match self.budget {
            Budget::AtLeast(least) => self.value < least,
            Budget::AtMost(most) => self.value > most,
            Budget::None => false,
        }
    }

    fn print(&self) {
        let budget = match self.budget {
            Budget::AtLeast(least) => format!("≥ {least:.0}"),
            Budget::AtMost(most) => format!("≤ {most:.0}"),
            Budget::None => "—".to_owned(),
        };
        let peer = self.peer.map_or_else(|| "—".to_owned(), |peer| format!("{peer:.0}"));
        let over = if self.is_beyond() { "  over" } else { "" };
        println!("{:<64} {:>9.1} {:<8} {budget:>9} {peer:>12}{over}", self.name, self.value, self.unit);
    }
}

fn main() -> ExitCode {
    // `cargo test --benches` runs this too, without `--bench`; it needs no figures.
    if !std::env::args().any(|arg| arg == "--bench") {
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let mut figures = backlog::measure(&runtime);
    figures.extend(fleet::measure(&runtime));
    println!(
        "\n{:<64} {:>9} {:<8} {:>9} {:>12}",
        "server, SQLite, TLS on loopback", "measured", "", "budget", "bare SQLite"
    );
    figures.iter().for_each(Figure::print);
    if figures.iter().any(Figure::is_beyond) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
