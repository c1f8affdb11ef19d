//! The words of the forms that are built in, from `assets/lang/form.<language>.po`.

use std::sync::OnceLock;

use crate::language::Language;
use crate::words::Words;

const FILES: [(Language, &str); 5] = [
    (Language::ZhHans, include_str!("../../../assets/lang/form.zh-Hans.po")),
    (Language::ZhHant, include_str!("../../../assets/lang/form.zh-Hant.po")),
    (Language::En, include_str!("../../../assets/lang/form.en.po")),
    (Language::Ja, include_str!("../../../assets/lang/form.ja.po")),
    (Language::Ko, include_str!("../../../assets/lang/form.ko.po")),
];

/// The words of the forms, in every language of the product.
///
/// # Panics
/// Never in a program that passed its tests: the files are part of it.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| Words::parse(FILES).expect("the words that are built in are in the .po format"))
}
