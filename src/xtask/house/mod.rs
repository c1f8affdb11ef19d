//! The project's own rules, checked on its sources. This module contains only tests.
//!
//! What the compiler enforces is not checked again. Dependencies between crates are read from the
//! `Cargo.toml` files. Rules inside a crate concern its imports, which are read from the syntax
//! ([`imports`]). Only the Slint files of the window are searched as text.

mod imports;
mod languages;
mod pages;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::root;

use imports::Crate;

/// Every file below `folders` whose name ends in one of `endings`.
fn files(folders: &[&str], endings: &[&str]) -> Vec<PathBuf> {
    fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        for path in entries.map(|e| e.unwrap().path()) {
            if path.is_dir() {
                walk(&path, endings, found);
            } else if endings.iter().any(|e| path.to_string_lossy().ends_with(e)) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    for folder in folders {
        walk(&root().join(folder), endings, &mut found);
    }
    found.sort();
    assert!(!found.is_empty(), "no {endings:?} in {folders:?}");
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The product code of a file: all before its tests.
fn product_code(path: &Path) -> String {
    let source = read(path);
    source.split("#[cfg(test)]\nmod tests").next().unwrap_or_default().to_owned()
}

fn short(path: &Path) -> String {
    path.strip_prefix(root()).unwrap().display().to_string()
}

/// Lines of all files that break a rule, as `file:line: text`.
fn offences(files: &[PathBuf], breaks: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (n, line) in read(file).lines().enumerate() {
            if breaks(file, line) {
                found.push(format!("{}:{}: {}", short(file), n + 1, line.trim()));
            }
        }
    }
    found
}

fn none(offences: &[String], rule: &str) {
    assert!(offences.is_empty(), "{rule}:\n{}", offences.join("\n"));
}

/// The names under `[dependencies]` of a crate.
fn dependencies(krate: &str) -> BTreeSet<String> {
    let text = read(&root().join("src").join(krate).join("Cargo.toml"));
    let section = text.split("\n[").find(|s| s.starts_with("dependencies]")).unwrap_or_default();
    let name = |line: &str| line.split(['=', '.', ' ']).next().unwrap_or_default().to_owned();
    section.lines().skip(1).filter(|l| !l.is_empty() && !l.starts_with('#')).map(name).collect()
}

const CRATES: [&str; 7] = ["domain", "wayfinding", "venue_tools", "kiosk", "screen", "server", "xtask"];

#[test]
fn arrows_between_the_crates_point_down() {
    let may_know: [(&str, &[&str]); 7] = [
        ("domain", &[]),
        ("wayfinding", &["domain"]),
        ("venue_tools", &["domain", "wayfinding"]),
        ("kiosk", &["domain", "wayfinding"]),
        ("screen", &["domain", "wayfinding", "kiosk"]),
        ("server", &["domain"]),
        ("xtask", &[]),
    ];
    for (krate, allowed) in may_know {
        for known in dependencies(krate).iter().filter(|d| CRATES.contains(&d.as_str())) {
            assert!(allowed.contains(&known.as_str()), "{krate} must not know {known}");
        }
    }
}

/// Paths that read the clock, the environment or the system's random numbers.
const AMBIENT: [&[&str]; 6] = [
    &["chrono", "Utc", "now"],
    &["chrono", "Local", "now"],
    &["std", "time", "SystemTime", "now"],
    &["std", "env"],
    &["rand", "rng"],
    &["rand", "rngs", "SysRng"],
];
/// The places where a program starts and reads them, to pass them on as parameters.
const MAY_READ_AMBIENT: [&str; 8] = [
    "src/screen/main.rs",
    "src/screen/program/parts.rs",
    "src/server/main.rs",
    "src/server/random.rs",
    "src/venue_tools/cli/input.rs",
    // An environment variable names the maps for tests.
    "src/wayfinding/testing/",
    // The writer generates its random numbers when it seals.
    "src/kiosk/shell/workers.rs",
    // The project's own commands are not part of the product.
    "src/xtask/",
];

#[test]
fn nothing_below_main_reads_clock_environment_or_chance() {
    let mut found = Vec::new();
    for target in targets() {
        for (file, path) in target.foreign() {
            let ambient = AMBIENT.iter().any(|prefix| {
                prefix.iter().zip(&path).filter(|(a, b)| **a == b.as_str()).count() == prefix.len()
            });
            let allowed = MAY_READ_AMBIENT.iter().any(|place| short(file).starts_with(place));
            if ambient && !allowed {
                found.push(format!("{}: {}", short(file), path.join("::")));
            }
        }
    }
    none(&found, "time, chance and the environment are parameters");
}

/// Packages that only one part of the tree may use.
const OWNERS: [(&str, &[&str]); 5] = [
    ("slint", &["src/screen/"]),
    ("i_slint_core", &["src/screen/"]),
    ("axum", &["src/server/"]),
    ("rusqlite", &["src/server/store/", "src/kiosk/outbox/"]),
    ("reqwest", &["src/kiosk/net/"]),
];

#[test]
fn guarded_packages_are_named_by_owners_only() {
    let mut found = Vec::new();
    for target in targets() {
        for (file, path) in target.foreign() {
            let guarded = OWNERS.iter().find(|(package, _)| path[0] == *package);
            if guarded.is_some_and(|(_, owners)| !owners.iter().any(|owner| short(file).starts_with(owner))) {
                found.push(format!("{}: {}", short(file), path.join("::")));
            }
        }
    }
    none(&found, "only its owner names this package");
}

/// The string literals of a line, without its comment.
fn literals(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_window_contains_no_words() {
    let pages: Vec<_> =
        files(&["ui/kiosk"], &[".slint"]).into_iter().filter(|f| !f.ends_with("gallery.slint")).collect();
    let is_key = |text: &str| {
        text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-./@_".contains(c))
            || text.ends_with(".slint")
            || text.starts_with("Noto ")
            || text.chars().all(|c| !c.is_alphabetic())
    };
    let keys_drawn = |path: &Path| short(path).contains("keyboard");
    let found = offences(&pages, |path, line| {
        !keys_drawn(path)
            && literals(line).into_iter().any(|l| !is_key(&l.replace("\\{", "{")) && !l.contains('{'))
    });
    none(&found, "words come from assets/lang, not from .slint files");
}

#[test]
fn colours_are_only_in_the_theme() {
    let is_colour = |line: &str| {
        line.split('#').skip(1).any(|after| {
            let hex: String = after.chars().take_while(char::is_ascii_hexdigit).collect();
            matches!(hex.len(), 3 | 4 | 6 | 8)
                && !after[hex.len()..].starts_with(|c: char| c.is_alphanumeric())
        })
    };
    let found = offences(&files(&["ui/kiosk"], &[".slint"]), |path, line| {
        !path.ends_with("theme.slint") && is_colour(line.split("//").next().unwrap_or_default())
    });
    none(&found, "colours are in ui/kiosk/theme.slint");
}

/// The screen tests cannot measure a text that is not a `Voice`.
#[test]
fn every_text_of_the_window_can_be_measured() {
    let pages = files(&["ui/kiosk"], &[".slint"]);
    let found = offences(&pages, |path, line| {
        let bare = line.trim_start().starts_with("Text {") || line.contains("inherits Text ");
        (bare || line.contains("overflow: elide")) && !path.ends_with("components/text.slint")
    });
    none(&found, "texts are one of the voices of ui/kiosk/components/text.slint, and none is shortened");
}

#[test]
fn no_test_is_left_out() {
    let sources = files(&["src", "tests"], &[".rs"]);
    let ignored: Vec<_> =
        sources.iter().filter(|file| imports::has_ignored_test(file)).map(|f| short(f)).collect();
    none(&ignored, "a test that is ignored proves nothing");
}

/// Every dependency has its reason in the README.
#[test]
fn every_dependency_has_a_reason_in_the_readme() {
    let manifest = read(&root().join("Cargo.toml"));
    let section =
        manifest.split("[workspace.dependencies]").nth(1).and_then(|s| s.split("\n[").next()).unwrap();
    let readme = read(&root().join("README.md"));
    let built_on = readme.split("## Built on").nth(1).unwrap_or_default();
    let used = section.lines().filter(|l| !l.is_empty() && !l.starts_with('#') && !l.contains("path ="));
    let without: Vec<_> = used
        .filter_map(|l| l.split(' ').next())
        .filter(|name| !built_on.split([' ', ',', '|']).any(|word| word == *name))
        .map(str::to_owned)
        .collect();
    none(&without, "say in README.md, Built on, why this crate is there");
}

/// Every invariant in the README names the test that checks it.
#[test]
fn every_readme_invariant_names_its_test() {
    let readme = read(&root().join("README.md"));
    let section =
        readme.split("## The invariants").nth(1).and_then(|s| s.split("\n## ").next()).unwrap_or_default();
    let everything: String = files(&["src", "tests"], &[".rs"]).iter().map(|f| read(f)).collect();
    let mut named = 0;
    for test in
        section.split('`').skip(1).step_by(2).filter(|t| t.contains('_') && !t.contains(['/', '.', ' ']))
    {
        assert!(
            everything.contains(&format!("fn {test}")),
            "the README names a test that does not exist: {test}"
        );
        named += 1;
    }
    assert!(named >= 9, "the README names {named} tests for its invariants");
}

/// The root file of each target whose imports are checked.
const TARGETS: [&str; 10] = [
    "src/domain/lib.rs",
    "src/wayfinding/lib.rs",
    "src/venue_tools/lib.rs",
    "src/venue_tools/main.rs",
    "src/kiosk/lib.rs",
    "src/screen/lib.rs",
    "src/screen/main.rs",
    "src/server/lib.rs",
    "src/server/main.rs",
    "src/xtask/main.rs",
];

fn targets() -> Vec<Crate> {
    TARGETS.iter().map(|file| Crate::parse(&root().join(file))).collect()
}

/// The most files in an import cycle: such files can only be understood together.
const LARGEST_CIRCLE: usize = 4;

#[test]
fn import_circles_are_at_most_four_files() {
    let mut large = Vec::new();
    for target in targets() {
        let arrows = target.arrows();
        for circle in imports::circles(&arrows).into_iter().filter(|c| c.len() > LARGEST_CIRCLE) {
            let mut lines: Vec<String> = Vec::new();
            for from in &circle {
                let inside = arrows[from].iter().filter(|to| circle.contains(to));
                lines.extend(inside.map(|to| format!("  {} -> {}", short(from), short(to))));
            }
            large.push(format!("{} files:\n{}", circle.len(), lines.join("\n")));
        }
    }
    none(&large, "files import each other in a loop");
}

/// The base of the server, which every layer may import.
const GROUND: [&str; 1] = ["src/server/secret.rs"];

/// Walls inside a crate: files under the first path must not import files under the others.
const WALLS: [(&str, &[&str]); 13] = [
    ("src/server/store/", &["src/server/"]),
    ("src/server/store/model/", &["src/server/store/sqlite/"]),
    ("src/server/http/", &["src/server/console/", "src/server/router/", "src/server/cli/"]),
    ("src/server/console/", &["src/server/router/", "src/server/cli/"]),
    ("src/kiosk/net/", &["src/kiosk/sync/", "src/kiosk/content/", "src/kiosk/outbox/", "src/kiosk/pages/"]),
    ("src/kiosk/outbox/", &["src/kiosk/sync/", "src/kiosk/content/", "src/kiosk/pages/", "src/kiosk/app.rs"]),
    ("src/kiosk/content/", &["src/kiosk/sync/", "src/kiosk/pages/", "src/kiosk/app.rs"]),
    ("src/kiosk/sync/", &["src/kiosk/pages/", "src/kiosk/visit/", "src/kiosk/shell/", "src/kiosk/app.rs"]),
    ("src/kiosk/visit/", &["src/kiosk/pages/", "src/kiosk/shell/", "src/kiosk/app.rs"]),
    ("src/kiosk/pages/", &["src/kiosk/shell/", "src/kiosk/sync/", "src/kiosk/app.rs"]),
    ("src/screen/adapters/", &["src/screen/window.rs", "src/screen/program/"]),
    ("src/wayfinding/venue/", &["src/wayfinding/load/", "src/wayfinding/route/", "src/wayfinding/draw/"]),
    ("src/wayfinding/route/", &["src/wayfinding/draw/", "src/wayfinding/instructions/"]),
];

#[test]
fn arrows_inside_the_crates_point_down() {
    let mut found = Vec::new();
    for target in targets() {
        for (from, named) in target.arrows() {
            for to in named {
                let (from, to) = (short(from), short(to));
                let through = WALLS.iter().any(|(room, closed)| {
                    from.starts_with(room)
                        && !to.starts_with(room)
                        && !GROUND.contains(&to.as_str())
                        && closed.iter().any(|other| to.starts_with(other))
                });
                if through {
                    found.push(format!("{from} -> {to}"));
                }
            }
        }
    }
    none(&found, "a room imports what lies above it");
}

/// The folders of the server that hold one capability each.
const CAPABILITIES: [&str; 5] = ["accounts", "cases", "fleet", "intake", "publications"];

/// The capability that a file belongs to.
fn capability(file: &str) -> Option<&'static str> {
    let folder = file.strip_prefix("src/server/")?.split('/').next()?;
    CAPABILITIES.into_iter().find(|capability| *capability == folder)
}

#[test]
fn the_frame_imports_no_capability() {
    let mut found = Vec::new();
    for (from, named) in Crate::parse(&root().join("src/server/lib.rs")).arrows() {
        let from = short(from);
        if ["src/server/http/", "src/server/console/"].iter().any(|room| from.starts_with(room)) {
            let up = named.iter().map(|to| short(to)).filter(|to| capability(to).is_some());
            found.extend(up.map(|to| format!("{from} -> {to}")));
        }
    }
    none(&found, "capabilities are built on the frame");
}

#[test]
fn no_capability_imports_the_page_of_another() {
    let mut found = Vec::new();
    for (from, named) in Crate::parse(&root().join("src/server/lib.rs")).arrows() {
        for to in named {
            let (from, to) = (short(from), short(to));
            let is_page = to.ends_with("_page.rs") || to.ends_with("_api.rs");
            let (of, other) = (capability(&from), capability(&to));
            if is_page && of.is_some() && other.is_some() && of != other {
                found.push(format!("{from} -> {to}"));
            }
        }
    }
    none(&found, "what two capabilities need belongs below both");
}
