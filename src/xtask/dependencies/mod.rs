//! `cargo xtask dependencies`: the licences of everything in the programs, and what the RustSec advisory database
//! says about `Cargo.lock`.
//!
//! It never uses the network. The licences are always checked. The advisories are checked where
//! `GALLERIA_ADVISORY_DB` names a copy of <https://github.com/RustSec/advisory-db>; where it does not, the command says
//! so, because a check that did not run looks like one that passed.

mod advisories;
mod licences;

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::cargo::{cargo, root};

/// Names the folder with the copy of the advisory database.
const DATABASE: &str = "GALLERIA_ADVISORY_DB";

const NOT_CHECKED: &str = "
****************************************************************************************************
NOT CHECKED: no advisory of RustSec was looked at. Clone https://github.com/RustSec/advisory-db, and
name the folder: GALLERIA_ADVISORY_DB=/srv/advisory-db cargo xtask dependencies
****************************************************************************************************";

/// Checks licences and advisories.
///
/// # Errors
/// A licence that is not on the list, an advisory about a package in `Cargo.lock`, or a database that cannot be read.
pub fn check() -> Result<()> {
    let metadata = metadata()?;
    let programs = licences::in_programs(&metadata)?;
    let refused = licences::refused(&programs);
    if !refused.is_empty() {
        bail!(
            "these licences are not on the list in src/xtask/dependencies/licences.rs:\n{}",
            refused.join("\n")
        );
    }
    println!("{} packages in the programs, each under a licence of the list", programs.len());
    match std::env::var_os(DATABASE) {
        Some(folder) => check_advisories(Path::new(&folder)),
        None => {
            remind();
            Ok(())
        }
    }
}

/// Says it when advisories were not checked.
pub fn remind() {
    if std::env::var_os(DATABASE).is_none() {
        println!("{NOT_CHECKED}");
    }
}

fn check_advisories(folder: &Path) -> Result<()> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).context("Cargo.lock")?;
    let found = advisories::about(&lock, folder)?;
    let (notes, faults): (Vec<_>, Vec<_>) = found.matches.iter().partition(|found| found.is_note());
    for note in notes {
        println!("note: {note}");
    }
    if !faults.is_empty() {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        bail!("advisories about packages in Cargo.lock:\n{}", lines.join("\n"));
    }
    println!(
        "none of {} advisories, the newest of {}, is about a version in Cargo.lock",
        found.read, found.newest
    );
    Ok(())
}

/// What cargo knows of every package and of who needs whom.
fn metadata() -> Result<serde_json::Value> {
    let tell = ["metadata", "--format-version", "1", "--locked", "--offline"];
    let platform = ["--filter-platform", "x86_64-unknown-linux-gnu"];
    let output = cargo(&tell).args(platform).output().context("cargo metadata cannot be started")?;
    if !output.status.success() {
        bail!("cargo metadata failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    serde_json::from_slice(&output.stdout).context("cargo metadata speaks another format")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This runs with the unit tests, too: a new package with a licence of its own is noticed before it lands.
    #[test]
    fn every_licence_in_the_programs_is_on_the_list() {
        let programs = licences::in_programs(&metadata().unwrap()).unwrap();
        assert!(programs.len() > 100, "{}", programs.len());
        assert_eq!(licences::refused(&programs), [""; 0]);
    }
}
