//! The kiosk's words, from `assets/lang/kiosk.<language>.po`, built into the program.

use std::sync::OnceLock;

use domain::language::Language;
use domain::words::Words;

/// The languages a visitor may choose: those whose words are complete.
pub const SPOKEN: [Language; 2] = [Language::ZhHans, Language::En];

/// The kiosk's words.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        Words::parse([
            (Language::ZhHans, include_str!("../../assets/lang/kiosk.zh-Hans.po")),
            (Language::En, include_str!("../../assets/lang/kiosk.en.po")),
        ])
        .expect("the words that are built in are in the .po format: a test reads them")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_that_is_offered_has_every_word() {
        for language in SPOKEN {
            assert_eq!(words().keys(language), words().keys(Language::En), "{language}");
        }
    }

    #[test]
    fn no_word_has_a_placeholder_that_another_language_lacks() {
        let holes = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|p| Some(p.split_once('}')?.0.to_owned())).collect();
            found.sort();
            found.dedup();
            found
        };
        for key in words().keys(Language::En) {
            let english = holes(&words().count(Language::En, key, 2, &[("n", "{n}")]));
            for language in SPOKEN {
                assert_eq!(
                    holes(&words().count(language, key, 2, &[("n", "{n}")])),
                    english,
                    "{key} in {language}"
                );
            }
        }
    }
}
