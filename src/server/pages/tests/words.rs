//! Every word that a page says exists in every language that the page speaks.

use std::collections::BTreeSet;
use std::path::Path;

use domain::case::Stage;
use domain::kind::Kind;
use domain::submission::Category;

use crate::words;
use domain::language::Language;

fn keys(language: Language) -> BTreeSet<String> {
    words::read().keys(language).into_iter().map(str::to_owned).collect()
}

/// Keys that are written out in the sources, as arguments of the functions that look words up.
fn used(folder: &str, fits: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = files.filter(|path| path.is_file() && fits(path.file_name().unwrap().to_str().unwrap()));
    let mut keys = BTreeSet::new();
    for path in named {
        let text = std::fs::read_to_string(path).unwrap();
        for call in [".t(\"", ".fill(\"", ".n(\""] {
            let found = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            keys.extend(found.filter(|key| key.contains('.')).map(str::to_owned));
        }
    }
    keys
}

/// What the audit is told, wherever it is written out.
fn deeds() -> BTreeSet<String> {
    let sources = ["admin.rs", "content.rs", "api/enrolments.rs", "pages/kiosks.rs", "pages/case.rs"];
    let text: String = sources.iter().map(|name| source(name)).collect();
    let told = ["change(\"", "note(db, &by, \"", "what: \""];
    let keys =
        told.iter().flat_map(|call| text.split(call).skip(1).filter_map(|rest| rest.split('"').next()));
    keys.map(|key| format!("audit.{key}")).collect()
}

fn source(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// Families whose last part is the key of something.
fn families() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Stage::ALL.iter().map(|stage| format!("stage.{}", stage.key())));
    keys.extend(Category::ALL.iter().map(|category| format!("category.{}", category.key())));
    keys.extend(
        Kind::ALL.iter().flat_map(|kind| [format!("kind.{}", kind.key()), format!("nav.{}", kind.key())]),
    );
    keys.extend(Language::ALL.iter().map(|language| format!("language.{}", language.tag())));
    keys
}

#[test]
fn the_console_has_every_word_in_both_languages() {
    let (zh, en) = (keys(Language::ZhHans), keys(Language::En));
    assert_eq!(zh, en);
    let console = used("pages", |_| true).into_iter().chain(used("../../ui/console", |_| true));
    assert!(deeds().len() > 8, "{:?}", deeds());
    for key in console.chain(families()).chain(deeds()) {
        assert!(en.contains(&key), "{key}");
    }
}

#[test]
fn the_tracking_page_has_every_word_in_five_languages() {
    let everywhere = keys(Language::ZhHant);
    assert_eq!(everywhere, keys(Language::Ja));
    assert_eq!(everywhere, keys(Language::Ko));
    let page = |name: &str| name.starts_with("tracking") || name == "speech.rs";
    let mut needed = used("pages", page);
    needed.extend(used("../../ui/console", page));
    needed.extend(families().into_iter().filter(|key| key.starts_with("category.")));
    let own = keys(Language::En).into_iter().filter(|key| key.starts_with("track."));
    for key in needed.into_iter().chain(own) {
        assert!(everywhere.contains(&key), "{key}");
    }
}
