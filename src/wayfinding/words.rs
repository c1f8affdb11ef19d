//! The texts of this crate.

use std::sync::LazyLock;

use domain::language::{Labels, Language};
use domain::words::Words;

/// The texts of this crate, in every language of the product.
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        Words::parse(domain::words!("wayfinding")).expect("a test reads every embedded file")
    });
    &WORDS
}

/// One text in every language, for a feature that has no name in the map.
pub(crate) fn labels_of(key: &str) -> Labels {
    Labels::new(Language::ALL.map(|l| (l.tag(), words().get(l, key))))
}
