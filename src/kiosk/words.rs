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
            .typeset(kept_together)
    })
}

/// A shorter text stands on one line, or is a label.
const SENTENCE: usize = 12;
/// The least characters on the last line of a Chinese sentence, with its punctuation.
const LAST_LINE: usize = 4;

/// A Chinese text that does not break before its last characters, nor between a number and its unit: a line
/// with a single character looks lost.
pub fn kept_together(language: Language, text: &str) -> String {
    const WORD_JOINER: char = '\u{2060}';
    const NO_BREAK_SPACE: char = '\u{a0}';
    if !language.is_chinese() {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let joined = match chars.len() {
        // A placeholder is not broken into pieces.
        n if n >= SENTENCE && !chars[n - LAST_LINE..].contains(&'}') => n - LAST_LINE + 1..n,
        _ => 0..0,
    };
    let is_han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let mut set = String::with_capacity(text.len() + 12);
    for (at, c) in chars.iter().enumerate() {
        let before_unit = *c == ' '
            && at.checked_sub(1).is_some_and(|at| chars[at].is_ascii_digit() || chars[at] == '}')
            && chars.get(at + 1).is_some_and(is_han);
        if joined.contains(&at) {
            set.push(WORD_JOINER);
        }
        set.push(if before_unit { NO_BREAK_SPACE } else { *c });
    }
    set
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

    #[test]
    fn a_chinese_sentence_leaves_no_character_alone() {
        let set = kept_together(Language::ZhHans, "我们会在11月22日前答复您。");
        assert_eq!(set, "我们会在11月22日前答\u{2060}复\u{2060}您\u{2060}。");
        assert_eq!(kept_together(Language::ZhHans, "走 20 米"), "走 20\u{a0}米");
        assert_eq!(kept_together(Language::ZhHans, "呼叫工作人员"), "呼叫工作人员");
        assert_eq!(kept_together(Language::En, "Walk 20 m to the end"), "Walk 20 m to the end");
    }

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
