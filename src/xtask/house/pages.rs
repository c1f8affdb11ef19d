//! Checks what adding a page of the kiosk takes, as described in the README: three files named after it, and
//! an entry in each list.

use std::collections::BTreeSet;
use std::path::Path;

use super::imports::Crate;
use super::{files, none, product_code, read, root, short};

/// The files that list all pages. Any other file names only the few pages that it treats specially.
const LISTS: [&str; 4] =
    ["src/kiosk/visit/page.rs", "src/kiosk/pages/mod.rs", "src/screen/adapters/mod.rs", "ui/kiosk/app.slint"];

/// The most pages that a file may name without counting as a list.
const FEW: usize = 4;

/// The pages, from the list in the window: for example `case-status`.
fn pages() -> Vec<String> {
    let list = read(&root().join("ui/kiosk/app.slint"));
    let names =
        list.split("enum PageName {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
    names.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
}

/// The Rust type name of a page: `CaseStatus` for `case-status`.
fn type_name(page: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    page.split('-').map(word).collect()
}

#[test]
fn a_page_has_three_files_of_its_name() {
    let pages = pages();
    assert!(pages.len() > 9, "{pages:?}");
    let mut missing = Vec::new();
    for page in pages {
        let module = page.replace('-', "_");
        let one_of = [
            vec![format!("src/kiosk/pages/{module}.rs"), format!("src/kiosk/pages/{module}/mod.rs")],
            vec![format!("src/screen/adapters/{module}.rs")],
            vec![format!("ui/kiosk/pages/{page}.slint")],
        ];
        let is_missing = |paths: &&Vec<String>| !paths.iter().any(|path| root().join(path).is_file());
        missing.extend(one_of.iter().filter(is_missing).map(|paths| paths.join(" or ")));
    }
    none(&missing, "a page has a module, an adapter and a picture of the same name");
}

#[test]
fn a_page_costs_what_the_readme_says() {
    let how_to = read(&root().join("README.md"));
    let how_to =
        how_to.split("## How to add a page").nth(1).and_then(|s| s.split("\n## ").next()).unwrap_or_default();
    for list in LISTS {
        assert!(how_to.contains(list), "the README does not say that {list} lists the pages");
    }
    let pages = pages();
    let mut lists = Vec::new();
    for file in files(&["src/kiosk", "src/screen", "ui/kiosk"], &[".rs", ".slint"]) {
        let name = short(&file);
        if name.contains("/tests") {
            continue;
        }
        let code = product_code(&file);
        let named = |page: &&String| {
            let (kind, page) = (type_name(page), page.as_str());
            ["Page::", "PageView::", "PageTouch::"].iter().any(|of| is_named(&code, &format!("{of}{kind}")))
                || is_named(&code, &format!("PageName.{page}"))
        };
        let named: BTreeSet<&String> = pages.iter().filter(named).collect();
        if named.len() > FEW && !LISTS.contains(&name.as_str()) {
            lists.push(format!("{name} names {named:?}"));
        }
    }
    none(&lists, "a page is listed at few places, so that a new one costs little");
}

/// Whether a text contains a name as a whole: `Page::Form` is not in `Page::Format`.
fn is_named(text: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_');
    text.split(name).skip(1).any(ends)
}

#[test]
fn pages_do_not_know_the_application() {
    let kiosk = Crate::parse(&root().join("src/kiosk/lib.rs"));
    let mut offences = Vec::new();
    for (file, known) in kiosk.arrows() {
        let below = ["src/kiosk/pages/", "src/kiosk/visit/"];
        let above = ["src/kiosk/app.rs", "src/kiosk/app/", "src/kiosk/shell/"];
        let is_in = |file: &Path, rooms: &[&str]| rooms.iter().any(|room| short(file).starts_with(room));
        if is_in(file, &below) {
            let up = known.into_iter().filter(|known| is_in(known, &above));
            offences.extend(up.map(|known| format!("{} knows {}", short(file), short(known))));
        }
    }
    none(&offences, "a page is handed a Cx, and knows neither the application nor the shell");
}
