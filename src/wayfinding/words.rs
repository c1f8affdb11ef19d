//! The words of this crate.

use std::sync::LazyLock;

use domain::language::{Labels, Language};
use domain::words::Words;

const FILES: [(Language, &str); 5] = [
    (Language::ZhHans, include_str!("../../assets/lang/wayfinding.zh-Hans.po")),
    (Language::ZhHant, include_str!("../../assets/lang/wayfinding.zh-Hant.po")),
    (Language::En, include_str!("../../assets/lang/wayfinding.en.po")),
    (Language::Ja, include_str!("../../assets/lang/wayfinding.ja.po")),
    (Language::Ko, include_str!("../../assets/lang/wayfinding.ko.po")),
];

/// The words of this crate, in every language of the product.
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::parse(FILES).expect("a test reads every embedded file"));
    &WORDS
}

/// One word in every language, for a feature that the map leaves without a name.
pub(crate) fn labels_of(key: &str) -> Labels {
    Labels::new(Language::ALL.map(|l| (l.tag(), words().get(l, key))))
}
