//! The words of console and tracking page, built into the program.
//!
//! The console speaks simplified Chinese and English, the tracking page all five languages.

use std::sync::{Arc, LazyLock};

use domain::language::Language;
use domain::words::Words;

/// The languages that staff may choose.
pub const CONSOLE: [Language; 2] = [Language::ZhHans, Language::En];

const FILES: [(Language, &str); 5] = [
    (Language::ZhHans, include_str!("../../assets/lang/server.zh-Hans.po")),
    (Language::ZhHant, include_str!("../../assets/lang/server.zh-Hant.po")),
    (Language::En, include_str!("../../assets/lang/server.en.po")),
    (Language::Ja, include_str!("../../assets/lang/server.ja.po")),
    (Language::Ko, include_str!("../../assets/lang/server.ko.po")),
];

/// Reads them, once in the life of a program.
///
/// # Panics
/// Never in a program that passed its tests: the files are part of it.
pub fn read() -> Arc<Words> {
    static READ: LazyLock<Arc<Words>> = LazyLock::new(|| {
        Arc::new(Words::parse(FILES).expect("the words that were built in are well formed"))
    });
    Arc::clone(&READ)
}

/// The language of this product that a reader prefers, by the header `Accept-Language`.
pub fn preferred(accept: &str, offered: &[Language]) -> Option<Language> {
    let mut wishes: Vec<(f32, &str)> = accept
        .split(',')
        .filter_map(|wish| {
            let mut parts = wish.split(';').map(str::trim);
            let tag = parts.next().filter(|tag| !tag.is_empty())?;
            let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            (weight > 0.0).then_some((weight, tag))
        })
        .take(20)
        .collect();
    wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
    wishes.into_iter().find_map(|(_, tag)| Language::for_reader_of(tag, offered))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_gets_its_first_offered_language() {
        let wants = |accept| preferred(accept, &Language::ALL);
        assert_eq!(wants("fr-FR,fr;q=0.9,ja;q=0.8,en;q=0.7"), Some(Language::Ja));
        assert_eq!(wants("en;q=0.1, zh-TW"), Some(Language::ZhHant));
        assert_eq!(wants("zh-Hant-HK"), Some(Language::ZhHant));
        assert_eq!(wants("zh"), Some(Language::ZhHans));
        assert_eq!(wants("ko;q=0, *;q=0.5"), None);
        assert_eq!(preferred("ja,en;q=0.5", &CONSOLE), Some(Language::En));
    }
}
