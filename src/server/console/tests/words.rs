//! Every text of a page exists in every language in which the page is offered.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::case::Stage;
use domain::kind::Kind;
use domain::submission::Category;

use crate::store::audit::{AuditAction, AuditResult};
use crate::store::cases::{ActorKind, CaseEventKind};
use crate::store::intake::QuarantineReason;
use crate::words;
use domain::language::Language;

fn keys(language: Language) -> BTreeSet<String> {
    words::read().keys(language).into_iter().map(str::to_owned).collect()
}

/// Folders whose files contain texts for people, or keys of such texts.
const SPEAKING: [&str; 7] =
    ["accounts", "cases", "console", "fleet", "intake", "publications", "../../ui/console"];

/// Keys that are written out in the sources, as arguments of the functions that look texts up.
fn used(fits: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let (top, mut keys) = (Path::new(env!("CARGO_MANIFEST_DIR")), BTreeSet::new());
    let mut folders: Vec<PathBuf> = SPEAKING.iter().map(|folder| top.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.extend((!path.ends_with("tests")).then_some(path));
            } else if fits(path.file_name().unwrap().to_str().unwrap()) {
                keys.extend(keys_in(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    keys
}

fn keys_in(text: &str) -> Vec<String> {
    let calls = [".t(\"", ".fill(\"", ".n(\""];
    let found = calls.iter().flat_map(|call| text.split(call).skip(1));
    let keys = found.filter_map(|rest| rest.split('"').next());
    keys.filter(|key| key.contains('.')).map(str::to_owned).collect()
}

/// Keys that are composed of a family and the key of a value, such as `stage.closed`.
fn families() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Stage::ALL.iter().map(|stage| format!("stage.{}", stage.key())));
    keys.extend(Category::ALL.iter().map(|category| format!("category.{}", category.key())));
    keys.extend(
        Kind::ALL.iter().flat_map(|kind| [format!("kind.{}", kind.key()), format!("nav.{}", kind.key())]),
    );
    keys.extend(AuditAction::ALL.iter().map(|action| format!("audit.{}", action.key())));
    keys.extend(AuditResult::ALL.iter().map(|result| format!("audit.{}", result.key())));
    // Staff are shown by name and need no text.
    let nameless = [ActorKind::Visitor, ActorKind::Server];
    keys.extend(nameless.iter().map(|actor| format!("actor.{}", actor.key())));
    keys.extend(CaseEventKind::ALL.iter().map(|kind| format!("event.{}", kind.key())));
    keys.extend(QuarantineReason::ALL.iter().map(|reason| format!("quarantine.{}", reason.key())));
    keys.extend(Language::ALL.iter().map(|language| format!("language.{}", language.tag())));
    keys
}

#[test]
fn the_console_has_every_word_in_both_languages() {
    let (zh, en) = (keys(Language::ZhHans), keys(Language::En));
    assert_eq!(zh, en);
    let console = used(|_| true);
    for key in console.into_iter().chain(families()) {
        assert!(en.contains(&key), "{key}");
    }
}

#[test]
fn tracking_page_words_are_complete_in_five_languages() {
    let everywhere = keys(Language::ZhHant);
    assert_eq!(everywhere, keys(Language::Ja));
    assert_eq!(everywhere, keys(Language::Ko));
    let page = |name: &str| name.starts_with("tracking") || name == "speech.rs";
    let mut needed = used(page);
    needed.extend(families().into_iter().filter(|key| key.starts_with("category.")));
    let own = keys(Language::En).into_iter().filter(|key| key.starts_with("track."));
    for key in needed.into_iter().chain(own) {
        assert!(everywhere.contains(&key), "{key}");
    }
}
