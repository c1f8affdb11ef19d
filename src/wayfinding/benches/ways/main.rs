//! What a way costs: from the kiosk, between any two spots, after a closure, and from the map's files.
//!
//! Every figure is measured in the same run, on the demo mall and on the real venues that
//! `GALLERIA_VENUES` names, beside polyanya on the same areas. A figure over its budget makes the
//! program fail and names it. Malls up to ten times the demo mall are measured too; their figures and a
//! plot go to the target folder.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot be made has nothing to say")]

mod figures;
mod growth;
#[path = "../../route/proofs/peer.rs"]
mod peer;
#[path = "../../plan.rs"]
#[allow(dead_code, reason = "tests of the library use the rest")]
mod plan;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use table::Table;
// The files shared with the library's tests name these modules as their own crate's.
use wayfinding::{geometry, load, venue};

/// The demo mall, and the folders of real venues.
fn folders() -> Vec<PathBuf> {
    let mut found = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")];
    let Some(folder) = std::env::var_os("GALLERIA_VENUES") else {
        println!("NOT MEASURED on real venues: GALLERIA_VENUES does not name a folder of them");
        return found;
    };
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        if folder.join("manifest.json").is_file() {
            found.push(folder);
        } else {
            folders.extend(
                std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()),
            );
        }
    }
    found
}

/// The name by which a mall is known in the table.
fn name(folder: &Path) -> String {
    let own = |p: &Path| p.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match own(folder).as_str() {
        "imdf" => folder.parent().map(own).unwrap_or_default(),
        name => name.to_owned(),
    }
}

fn main() -> ExitCode {
    if !std::env::args().any(|a| a == "--bench") {
        println!("nothing is measured without optimisation; use cargo bench");
        return ExitCode::SUCCESS;
    }
    let mut table = Table::new();
    for folder in folders() {
        figures::measure(&name(&folder), &folder, &mut table);
    }
    table.print();
    growth::measure();
    let over = table.over_budget();
    for line in &over {
        println!("OVER BUDGET  {line}");
    }
    if over.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
