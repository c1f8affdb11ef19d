//! Checks that every key of the language files that the sources use exists, and that every existing key is
//! used.
//!
//! Keys are recognised by their form: lower-case parts with dots between them. A text of this form is either
//! a key or a file name, so an unusual call cannot hide a key. A composed key has at least its first or its
//! last part spelled out.

use std::collections::BTreeSet;
use std::path::Path;

use super::{files, none, product_code, read, short};
use crate::cargo::root;

/// Parts that make a text with dots a file name and not a key.
const FILES: [&str; 17] = [
    "csv", "db", "galleria", "geojson", "html", "json", "key", "minisig", "new", "pem", "png", "slint", "so",
    "sql", "svg", "toml", "yaml",
];

/// The keys of one part of the product: the msgids of its English file.
fn keys(part: &str) -> BTreeSet<String> {
    let po = read(&root().join(format!("assets/lang/{part}.en.po")));
    let ids = po.lines().filter_map(|line| line.strip_prefix("msgid \"")?.strip_suffix('"'));
    ids.filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// The string literals of a source, without its comments and tests.
fn texts(path: &Path) -> BTreeSet<String> {
    let product = product_code(path);
    let lines = product.lines().filter(|line| !line.trim_start().starts_with("//"));
    if path.extension().is_some_and(|ending| ending == "html") {
        // In HTML, quotes are nested in quotes, so only arguments of function calls count.
        let called =
            lines.flat_map(|line| line.split("(\"").skip(1).filter_map(|rest| rest.split('"').next()));
        return called.map(str::to_owned).collect();
    }
    // An escaped quote does not end a text.
    let lines = lines.map(|line| line.replace("\\\"", "'").replace("'\"'", ""));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()).collect()
}

fn looks_like_a_key(text: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut parts = text.split('.');
    text.contains('.')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && parts.all(|part| !part.is_empty() && part.chars().all(small))
}

/// The keys that the sources of a program spell out.
#[derive(Default)]
struct Spelled {
    keys: BTreeSet<String>,
    /// Beginnings of composed keys: `menu.` of `menu.{key}`.
    begin: BTreeSet<String>,
    /// Ends of composed keys: `.hint` of `{key}.hint`.
    end: BTreeSet<String>,
    /// Texts in the form of a key that are not keys.
    unknown: Vec<String>,
}

impl Spelled {
    fn in_sources(folders: &[&str], known: &BTreeSet<String>) -> Self {
        let mut spelled = Self::default();
        let is_test = |path: &Path| {
            path.components().any(|part| {
                let part = part.as_os_str().to_string_lossy();
                part == "tests" || part.starts_with("tests.") || part.starts_with("testing")
            })
        };
        for file in files(folders, &[".rs", ".slint", ".html"]).iter().filter(|file| !is_test(file)) {
            for text in texts(file) {
                let part_of_key = known.iter().any(|key| key.starts_with(&format!("{text}.")));
                if part_of_key {
                    spelled.begin.insert(format!("{text}."));
                }
                if known.contains(&text) {
                    spelled.keys.insert(text);
                } else if looks_like_a_key(&text) && !part_of_key {
                    if !text.split('.').any(|part| FILES.contains(&part)) {
                        spelled.unknown.push(format!("{}: {text}", short(file)));
                    }
                } else if let Some((begin, rest)) = text.split_once('{') {
                    let end = rest.rsplit_once('}').map_or("", |(_, end)| end);
                    if begin.ends_with('.') && looks_like_a_key(&format!("{begin}x")) {
                        if !known.iter().any(|key| key.starts_with(begin)) {
                            spelled.unknown.push(format!("{}: {text}", short(file)));
                        }
                        spelled.begin.insert(begin.to_owned());
                    } else if begin.is_empty() && looks_like_a_key(&format!("x{end}")) {
                        spelled.end.insert(end.to_owned());
                    }
                }
            }
        }
        spelled
    }

    fn uses(&self, key: &str) -> bool {
        let begins = || self.begin.iter().any(|begin| key.starts_with(begin));
        let ends = || {
            let whole =
                |end: &String| key.strip_suffix(end.as_str()).is_some_and(|stem| self.keys.contains(stem));
            self.end.iter().any(whole)
        };
        self.keys.contains(key) || begins() || ends()
    }
}

fn check(folders: &[&str], own: &[&str], borrowed: &[&str]) {
    let own: BTreeSet<String> = own.iter().flat_map(|part| keys(part)).collect();
    let known = own.iter().cloned().chain(borrowed.iter().flat_map(|part| keys(part))).collect();
    let spelled = Spelled::in_sources(folders, &known);
    none(&spelled.unknown, "no such key in assets/lang/*.en.po");
    let unused: Vec<String> = own.into_iter().filter(|key| !spelled.uses(key)).collect();
    none(&unused, "nothing asks for these words: delete them from every language");
}

#[test]
fn every_kiosk_word_exists_and_is_used() {
    check(&["src/kiosk", "src/screen", "ui/kiosk"], &["kiosk"], &["form", "wayfinding"]);
}

#[test]
fn every_server_word_exists_and_is_used() {
    check(&["src/server", "ui/console"], &["console", "tracking"], &["form"]);
}

/// The tour through a real window finds its buttons by these keys.
#[test]
fn every_word_of_the_window_tour_exists() {
    let known: BTreeSet<String> = ["kiosk", "form", "wayfinding"].into_iter().flat_map(keys).collect();
    let asked = texts(&root().join("src/xtask/window.rs"));
    let missing: Vec<_> =
        asked.into_iter().filter(|text| looks_like_a_key(text) && !known.contains(text)).collect();
    none(&missing, "no such key in assets/lang");
}
