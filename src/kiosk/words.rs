//! The texts of the kiosk, from `assets/lang/kiosk.<language>.po`, compiled into the program.

use std::sync::OnceLock;

use domain::language::Language;
use domain::words::Words;

/// The texts of the kiosk, in every language.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        Words::parse(domain::words!("kiosk"))
            .expect("the words that are built in are in the .po format: a test reads them")
    })
}

/// The languages that a visitor can choose: those with every text of pages, forms and instructions.
pub fn spoken() -> &'static [Language] {
    static SPOKEN: OnceLock<Vec<Language>> = OnceLock::new();
    SPOKEN.get_or_init(|| {
        let (forms, instructions) = (domain::form::words(), wayfinding::words::words());
        let [forms, instructions] = [forms, instructions].map(Words::complete);
        let mut spoken = words().complete();
        spoken.retain(|language| forms.contains(language) && instructions.contains(language));
        spoken
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A missing text would remove its language from the choice.
    #[test]
    fn visitors_are_offered_chinese_and_english() {
        assert_eq!(spoken(), [Language::ZhHans, Language::En]);
    }

    #[test]
    fn no_language_has_words_that_english_lacks() {
        for language in Language::ALL {
            let own = words().keys(language).into_iter();
            let more: Vec<_> = own.filter(|key| !words().has(Language::En, key)).collect();
            assert!(more.is_empty(), "{language}: {more:?}");
        }
    }

    #[test]
    fn every_language_fills_the_same_placeholders() {
        let holes = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned())).collect();
            found.sort();
            found.dedup();
            found
        };
        for key in words().keys(Language::En) {
            let english = holes(&words().count(Language::En, key, 2, &[("n", "{n}")]));
            for language in spoken() {
                assert_eq!(
                    holes(&words().count(*language, key, 2, &[("n", "{n}")])),
                    english,
                    "{key} in {language}"
                );
            }
        }
    }
}
