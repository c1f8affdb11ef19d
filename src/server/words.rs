//! The texts of console and tracking page, built into the program.
//!
//! `assets/lang/tracking.*.po` has the texts that visitors read on the tracking page, `console.*.po` those
//! that only staff read. A page is offered in the languages that have all of its texts.

use std::sync::{Arc, LazyLock};

use domain::language::Language;
use domain::words::Words;

const TRACKING: [(Language, &str); Language::ALL.len()] = domain::words!("tracking");
const CONSOLE: [(Language, &str); Language::ALL.len()] = domain::words!("console");

/// Parses the texts, once per process.
///
/// # Panics
/// Never in a program that passed its tests: the files are part of it.
pub fn read() -> Arc<Words> {
    static READ: LazyLock<Arc<Words>> =
        LazyLock::new(|| Arc::new(parse(TRACKING.into_iter().chain(CONSOLE))));
    Arc::clone(&READ)
}

fn parse(files: impl IntoIterator<Item = (Language, &'static str)>) -> Words {
    Words::parse(files).expect("the words that were built in are well formed")
}

/// The languages that staff may choose.
pub fn console_languages() -> &'static [Language] {
    static OFFERED: LazyLock<Vec<Language>> = LazyLock::new(|| read().complete());
    &OFFERED
}

/// The languages of the tracking page. It shows answers to forms, so the texts of the forms must be complete
/// too.
pub fn tracking_languages() -> &'static [Language] {
    static OFFERED: LazyLock<Vec<Language>> = LazyLock::new(|| {
        let forms = domain::form::words().complete();
        parse(TRACKING).complete().into_iter().filter(|language| forms.contains(language)).collect()
    });
    &OFFERED
}

/// The language of this product that a reader prefers, by the header `Accept-Language`.
pub fn preferred(accept: &str, offered: &[Language]) -> Option<Language> {
    let mut preferences: Vec<(f32, &str)> = accept
        .split(',')
        .filter_map(|preference| {
            let mut parts = preference.split(';').map(str::trim);
            let tag = parts.next().filter(|tag| !tag.is_empty())?;
            let weight = parts.find_map(|p| p.strip_prefix("q=")).map_or(Some(1.0), |q| q.parse().ok())?;
            (weight > 0.0).then_some((weight, tag))
        })
        .take(20)
        .collect();
    preferences.sort_by(|a, b| b.0.total_cmp(&a.0));
    preferences.into_iter().find_map(|(_, tag)| Language::for_reader_of(tag, offered))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A missing text would remove its language from the list.
    #[test]
    fn each_page_is_offered_in_its_languages() {
        assert_eq!(console_languages(), [Language::ZhHans, Language::En]);
        assert_eq!(tracking_languages(), Language::ALL);
    }

    #[test]
    fn a_browser_gets_its_first_offered_language() {
        let wants = |accept| preferred(accept, &Language::ALL);
        assert_eq!(wants("fr-FR,fr;q=0.9,ja;q=0.8,en;q=0.7"), Some(Language::Ja));
        assert_eq!(wants("en;q=0.1, zh-TW"), Some(Language::ZhHant));
        assert_eq!(wants("zh-Hant-HK"), Some(Language::ZhHant));
        assert_eq!(wants("zh"), Some(Language::ZhHans));
        assert_eq!(wants("ko;q=0, *;q=0.5"), None);
        assert_eq!(preferred("ja,en;q=0.5", console_languages()), Some(Language::En));
    }
}
