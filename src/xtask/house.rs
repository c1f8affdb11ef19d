//! The rules of the house, checked on the sources themselves. There is nothing here but tests.
//!
//! What a compiler can enforce is not repeated: that a crate cannot name another one follows from its
//! `Cargo.toml`, and that is what is read here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cargo::root;

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

const CRATES: [&str; 6] = ["domain", "wayfinding", "kiosk", "screen", "server", "xtask"];

#[test]
fn arrows_between_the_crates_point_down() {
    let may_know: [(&str, &[&str]); 6] = [
        ("domain", &[]),
        ("wayfinding", &["domain"]),
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

#[test]
fn only_the_window_names_slint_and_only_the_server_names_axum() {
    for krate in CRATES {
        let known = dependencies(krate);
        let knows = |name: &str| known.iter().any(|d| d.starts_with(name));
        assert_eq!(knows("slint"), krate == "screen", "{krate} and slint");
        assert_eq!(knows("axum"), krate == "server", "{krate} and axum");
    }
}

#[test]
fn nothing_below_main_reads_the_clock_the_environment_or_chance() {
    let sources = files(&["src/domain", "src/wayfinding", "src/kiosk", "src/screen", "src/server"], &[".rs"]);
    // Each of these is where a program begins, and hands on what it read.
    let begins = ["main.rs", "build.rs", "clock.rs", "random.rs", "tests.rs", "malls.rs"];
    // The writer draws its random numbers at the moment of sealing; maps for tests are named by the environment.
    let also = [
        "src/kiosk/shell/workers.rs",
        "src/wayfinding/plan/found.rs",
        "src/screen/program/",
        "src/wayfinding/bin/",
        "src/wayfinding/benches/",
    ];
    let read =
        ["Utc::now", "Local::now", "SystemTime::now", "std::env::", "env::var", "rand::rng()", "SysRng"];
    let offences = files_outside_tests(&sources, |path, line| {
        let begins =
            begins.iter().any(|b| path.ends_with(b)) || also.iter().any(|a| short(path).starts_with(a));
        !begins && read.iter().any(|r| line.contains(r)) && !line.trim_start().starts_with("//")
    });
    none(&offences, "time, chance and the environment are parameters");
}

/// Like [`offences`], for what stands before the tests of a file.
fn files_outside_tests(files: &[PathBuf], breaks: impl Fn(&Path, &str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|f| !f.components().any(|c| c.as_os_str() == "tests")) {
        let text = read(file);
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (n, line) in code.lines().enumerate() {
            if breaks(file, line) {
                found.push(format!("{}:{}: {}", short(file), n + 1, line.trim()));
            }
        }
    }
    found
}

/// The string literals of a line, comments left out.
fn literals(line: &str) -> Vec<&str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split('"').skip(1).step_by(2).collect()
}

#[test]
fn the_window_contains_no_words_only_keys_to_them() {
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

/// A text that is no `Voice` would not be measured by the tests of the screens.
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
fn every_word_that_is_asked_for_exists() {
    let po = read(&root().join("assets/lang/kiosk.en.po"));
    let known: BTreeSet<&str> =
        po.lines().filter_map(|l| l.strip_prefix("msgid \"")?.strip_suffix('"')).collect();
    let mut missing = Vec::new();
    for file in files(&["ui/kiosk"], &[".slint"]) {
        let text = read(&file);
        for asked in text.split("Words.of(\"").skip(1).filter_map(|p| p.split('"').next()) {
            if !known.contains(asked) {
                missing.push(format!("{}: {asked}", short(&file)));
            }
        }
    }
    for file in files(&["src/kiosk"], &[".rs"]) {
        let text = read(&file);
        for call in
            ["word(\"", "fill(\"", "w.get(language, \"", "w.fill(language, \"", "w.count(language, \""]
        {
            for asked in text.split(call).skip(1).filter_map(|p| p.split('"').next()) {
                if asked.contains('.') && !known.contains(asked) {
                    missing.push(format!("{}: {asked}", short(&file)));
                }
            }
        }
    }
    none(&missing, "no such key in assets/lang/kiosk.en.po");
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let sources = files(&["src", "tests", "ui"], &[".rs", ".slint", ".html", ".css", ".js"]);
    let long: Vec<_> = sources
        .iter()
        .map(|f| (read(f).lines().count(), short(f)))
        .filter(|(n, _)| *n > 400)
        .map(|(n, f)| format!("{f}: {n} lines"))
        .collect();
    none(&long, "split what is longer than 400 lines");
}

#[test]
fn no_lint_is_silenced_without_a_reason_and_no_test_is_left_out() {
    let sources = files(&["src", "tests"], &[".rs"]);
    let found = offences(&sources, |path, line| {
        let silenced = (line.contains("#[allow(") || line.contains("#![allow(")) && !line.contains("reason");
        let spans_lines = line.trim_end().ends_with('(');
        let left_out = ["#[ignore", "todo!(", "unimplemented!("].iter().any(|w| line.contains(w));
        !path.ends_with("house.rs") && ((silenced && !spans_lines) || left_out)
    });
    none(&found, "give a reason, or mend it");
}

#[test]
fn every_crate_that_is_used_has_its_reason_in_the_readme() {
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

#[test]
fn every_invariant_of_the_readme_names_the_test_that_checks_it() {
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
