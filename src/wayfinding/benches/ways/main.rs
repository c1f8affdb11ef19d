//! The cost of routing: from a kiosk, between any two spots, after a closure, and from the files of a map.
//!
//! All figures are measured in the same run, on the demo mall and on the real venues that `GALLERIA_VENUES`
//! names, together with polyanya on the same areas. A figure over its budget makes the program fail and is
//! named. Malls up to ten times the size of the demo mall are measured too; their figures and a plot are
//! written to the target folder.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made has nothing to say")]

mod figures;
mod growth;
#[path = "../../route/proofs/peer.rs"]
mod peer;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use table::Table;
use wayfinding::testing::on_disk;

/// The demo mall and the real venues, by name.
fn maps() -> Vec<(String, PathBuf)> {
    let mut folders = vec![on_disk::demo_mall()];
    if let Some(folder) = std::env::var_os("GALLERIA_VENUES") {
        folders.extend(on_disk::below(PathBuf::from(folder)).0);
    } else {
        println!("NOT MEASURED on real venues: GALLERIA_VENUES does not name a folder of them");
    }
    folders.into_iter().map(|f| (on_disk::name(&f), f)).collect()
}

fn main() -> ExitCode {
    if !std::env::args().any(|a| a == "--bench") {
        println!("nothing is measured without optimisation; use cargo bench");
        return ExitCode::SUCCESS;
    }
    let mut table = Table::new();
    for (name, folder) in maps() {
        figures::measure(&name, &folder, &mut table);
    }
    growth::measure();
    let over = table.over_budget();
    for line in &over {
        println!("OVER BUDGET  {line}");
    }
    if over.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
