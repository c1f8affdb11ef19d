//! The texts of this crate.

use std::sync::LazyLock;

use domain::language::{Labels, Language};
use domain::words::Words;

use crate::venue::Facility;

/// The texts of this crate, in every language of the product.
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        Words::parse(domain::words!("wayfinding")).expect("a test reads every embedded file")
    });
    &WORDS
}

/// Every word by which visitors of any language call a facility: its name, then its synonyms.
pub fn facility_words(facility: Facility) -> Vec<String> {
    let texts = |key: String| Language::ALL.map(|language| words().get(language, &key));
    let names = texts(format!("facility.{}", facility.key()));
    let synonyms = texts(format!("facility.{}.synonyms", facility.key()));
    let split = synonyms.iter().flat_map(|list| list.split(", ").map(str::to_owned));
    names.into_iter().chain(split).collect()
}

/// One text in every language, for a feature that has no name in the map.
pub(crate) fn labels_of(key: &str) -> Labels {
    Labels::new(Language::ALL.map(|l| (l.tag(), words().get(l, key))))
}
