//! Every word that a page says exists in every language that the page speaks.

use std::collections::BTreeSet;
use std::path::Path;

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

/// Families whose last part is the key of something.
fn families() -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    keys.extend(Stage::ALL.iter().map(|stage| format!("stage.{}", stage.key())));
    keys.extend(Category::ALL.iter().map(|category| format!("category.{}", category.key())));
    keys.extend(
        Kind::ALL.iter().flat_map(|kind| [format!("kind.{}", kind.key()), format!("nav.{}", kind.key())]),
    );
    keys.extend(AuditAction::ALL.iter().map(|action| format!("audit.{}", action.key())));
    keys.extend(AuditResult::ALL.iter().map(|result| format!("audit.{}", result.key())));
    // Staff are called by their names.
    let nameless = [ActorKind::Visitor, ActorKind::Server];
    keys.extend(nameless.iter().map(|actor| format!("actor.{}", actor.key())));
    keys.extend(CaseEventKind::ALL.iter().map(|kind| format!("event.{}", kind.key())));
    keys.extend(QuarantineReason::ALL.iter().map(|reason| format!("set-aside.{}", reason.key())));
    keys.extend(Language::ALL.iter().map(|language| format!("language.{}", language.tag())));
    keys
}

#[test]
fn the_console_has_every_word_in_both_languages() {
    let (zh, en) = (keys(Language::ZhHans), keys(Language::En));
    assert_eq!(zh, en);
    let console = used("pages", |_| true).into_iter().chain(used("../../ui/console", |_| true));
    for key in console.chain(families()) {
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
