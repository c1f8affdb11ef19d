//! Which licences the parts of the programs may have: those under which a program may be given away as
//! GPL-3.0-only, which the kiosk is because of Slint.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, Result};
use serde_json::Value;

/// The packages that become programs.
const PROGRAMS: [&str; 3] = ["screen", "server", "venue_tools"];

/// The licences that may go into a program.
const ALLOWED: [&str; 17] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A package that goes into a program.
#[derive(Debug)]
pub struct Package {
    name: String,
    /// The SPDX expression; empty if the package names none.
    licence: String,
}

/// The packages whose code is in one of the programs: not those that only build or test it.
///
/// # Errors
/// When cargo speaks another format.
pub fn in_programs(metadata: &Value) -> Result<Vec<Package>> {
    let list = |of: &Value| of.as_array().cloned().context("cargo metadata speaks another format");
    let text = |of: &Value| of.as_str().unwrap_or_default().to_owned();
    let packages = list(&metadata["packages"])?;
    let nodes = list(&metadata["resolve"]["nodes"])?;
    let needs: HashMap<String, &Value> =
        nodes.iter().map(|node| (text(&node["id"]), &node["deps"])).collect();
    let is_own = |package: &&Value| {
        package["source"].is_null() && PROGRAMS.contains(&package["name"].as_str().unwrap_or_default())
    };
    let mut open: Vec<String> = packages.iter().filter(is_own).map(|package| text(&package["id"])).collect();
    let mut known = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !known.insert(id.clone()) {
            continue;
        }
        for need in needs.get(&id).and_then(|needs| needs.as_array()).into_iter().flatten() {
            let kinds = need["dep_kinds"].as_array();
            if kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null())) {
                open.push(text(&need["pkg"]));
            }
        }
    }
    let inside = packages.iter().filter(|package| known.contains(&text(&package["id"])));
    Ok(inside
        .map(|package| Package {
            name: format!("{} {}", text(&package["name"]), text(&package["version"])),
            licence: text(&package["license"]),
        })
        .collect())
}

/// The packages that may not go into a program, with their licences.
pub fn refused(packages: &[Package]) -> Vec<String> {
    let fits = |package: &&Package| !allows(&package.licence);
    packages.iter().filter(fits).map(|package| format!("{}: {:?}", package.name, package.licence)).collect()
}

/// Whether an SPDX expression can be met with the licences of the list. A slash is the `OR` of old packages.
fn allows(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    either(&mut words).unwrap_or(false) && words.is_empty()
}

/// `a OR b OR …`; the words are read from the end of the list.
fn either(words: &mut Vec<&str>) -> Option<bool> {
    let mut fits = both(words)?;
    while words.last() == Some(&"OR") {
        words.pop();
        fits |= both(words)?;
    }
    Some(fits)
}

/// `a AND b AND …`
fn both(words: &mut Vec<&str>) -> Option<bool> {
    let mut fits = one(words)?;
    while words.last() == Some(&"AND") {
        words.pop();
        fits &= one(words)?;
    }
    Some(fits)
}

/// A licence, perhaps with an exception, or an expression in brackets.
fn one(words: &mut Vec<&str>) -> Option<bool> {
    match words.pop()? {
        "(" => {
            let inside = either(words)?;
            (words.pop()? == ")").then_some(inside)
        }
        licence if words.last() == Some(&"WITH") => {
            words.pop();
            Some(ALLOWED.contains(&format!("{licence} WITH {}", words.pop()?).as_str()))
        }
        licence => Some(ALLOWED.contains(&licence)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_way_to_meet_a_licence_is_enough() {
        for fine in [
            "MIT",
            "MIT OR SSPL-1.0",
            "SSPL-1.0/Apache-2.0",
            "(MIT OR SSPL-1.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR SSPL-1.0",
        ] {
            assert!(allows(fine), "{fine}");
        }
        for wrong in [
            "",
            "SSPL-1.0",
            "MIT AND SSPL-1.0",
            "Apache-2.0 WITH Other-exception",
            "(MIT",
            "MIT ISC",
            "OR MIT",
        ] {
            assert!(!allows(wrong), "{wrong}");
        }
    }
}
