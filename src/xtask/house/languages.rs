//! Checks what adding a language takes, as described in the README: one row of the table, and one file of
//! words for each part.

use super::{files, none, product_code, read, root, short};

/// The file with the table of languages.
const TABLE: &str = "src/domain/language/mod.rs";

/// The languages that product code may name: the default language and the fallback for missing words.
const NAMED: [&str; 2] = ["ZhHans", "En"];

/// The variant's name and the tag of each row.
fn rows() -> Vec<(String, String)> {
    let table = read(&root().join(TABLE));
    let row = |line: &str| {
        let (name, rest) = line.trim().split_once(" { tag: \"")?;
        Some((name.to_owned(), rest.split('"').next()?.to_owned()))
    };
    table.lines().filter_map(row).collect()
}

#[test]
fn a_language_has_words_in_every_part() {
    let rows = rows();
    assert!(rows.len() > 4, "{rows:?}");
    let english = files(&["assets/lang"], &[".en.po"]);
    assert!(english.len() > 4, "{english:?}");
    let of_staff = read(&root().join("assets/lang/console.en.po"));
    let mut missing = Vec::new();
    for (_, tag) in &rows {
        let words = english.iter().map(|file| short(file).replace(".en.po", &format!(".{tag}.po")));
        missing.extend(words.filter(|file| !root().join(file).is_file()));
        let name = format!("language.{tag}");
        if !of_staff.contains(&format!("msgid \"{name}\"")) {
            missing.push(format!("{name} in assets/lang/console.en.po"));
        }
    }
    none(&missing, "a language has a file of words for each part, and a name for staff");
}

#[test]
fn a_language_costs_what_the_readme_says() {
    let how_to = read(&root().join("README.md"));
    let how_to = how_to.split("## How to add a language").nth(1).and_then(|s| s.split("\n## ").next());
    assert!(how_to.unwrap_or_default().contains(TABLE), "the README does not say where the table is");
    let mut names = Vec::new();
    for file in files(&["src", "ui"], &[".rs", ".slint", ".html"]) {
        let name = short(&file);
        let elsewhere = ["/tests", "/benches/", "src/xtask/", "/testing"];
        if name == TABLE || elsewhere.iter().any(|place| name.contains(place)) {
            continue;
        }
        let code = product_code(&file);
        for (variant, tag) in rows().iter().filter(|(variant, _)| !NAMED.contains(&variant.as_str())) {
            if code.contains(&format!("Language::{variant}")) || code.contains(&format!("\"{tag}\"")) {
                names.push(format!("{name} names {tag}"));
            }
        }
    }
    none(&names, "what depends on a language is a row of the table, or follows from its tag");
}
