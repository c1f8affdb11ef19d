//! The languages a mall speaks, as a table with one row each.
//!
//! A row says what nobody can look up: which tag the product uses, what the language calls itself, which
//! font family its readers expect, whose dates it writes. Everything else is derived from the tag by Unicode's
//! own data (CLDR, through ICU4X): plural forms, numbers, dates, script, direction, which other tags its
//! readers understand. Nothing here does IO: that data is part of the program.
//!
//! A [`Language`] is chosen by a visitor and travels with everything they say, so that staff answer in
//! it. [`Labels`] is IMDF's LABELS: BCP 47 tag to text. Whole sentences of the product are elsewhere,
//! in [`words`](mod@crate::words).

mod dates;
mod labels;
mod lookup;
mod numbers;

use std::fmt;
use std::str::FromStr;

use icu_locale::subtags::{Script, script};
use icu_locale::{LanguageIdentifier, Locale, LocaleDirectionality, LocaleExpander, langid, locale};
use serde::{Deserialize, Serialize};

pub use labels::Labels;

/// What is written down about a language.
struct Row {
    tag: &'static str,
    id: LanguageIdentifier,
    own_name: &'static str,
    font_family: &'static str,
    /// The locale whose dates and numbers it writes.
    formats: Locale,
}

macro_rules! languages {
    ($d:tt $($(#[$note:meta])* $name:ident { tag: $tag:literal, own_name: $own_name:literal,
        font_family: $font_family:literal, formats: $formats:literal })+) => {
        /// A language that the product has words for. Its wire form is the BCP 47 tag.
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        pub enum Language {
            $($(#[$note])* #[serde(rename = $tag)] $name,)+
        }

        impl Language {
            /// Every language, in the order in which a visitor is offered them.
            pub const ALL: [Self; [$($tag),+].len()] = [$(Self::$name),+];

            const fn row(self) -> &'static Row {
                match self {
                    $(Self::$name => const {
                        &Row {
                            tag: $tag,
                            id: langid!($tag),
                            own_name: $own_name,
                            font_family: $font_family,
                            formats: locale!($formats),
                        }
                    },)+
                }
            }
        }

        /// The words of a part of the product, `assets/lang/<part>.<tag>.po`, built into the crate that asks:
        /// an array of language and text, one for each row of the table. Each language has the file; while
        /// words are missing from it, [`Words::complete`](crate::words::Words::complete) leaves it out.
        #[macro_export]
        macro_rules! words {
            ($d part:literal) => {
                [$((
                    $crate::language::Language::$name,
                    include_str!(concat!(
                        env!("CARGO_MANIFEST_DIR"), "/../../assets/lang/", $d part, ".", $tag, ".po"
                    )),
                )),+]
            };
        }
    };
}

languages! { $
    /// Chinese in simplified characters.
    #[default]
    ZhHans { tag: "zh-Hans", own_name: "简体中文", font_family: "Noto Sans CJK SC", formats: "zh-Hans" }
    /// Chinese in traditional characters.
    ZhHant { tag: "zh-Hant", own_name: "繁體中文", font_family: "Noto Sans CJK TC", formats: "zh-Hant" }
    /// English. Day before month, as most of the world's readers of English write.
    En { tag: "en", own_name: "English", font_family: "Noto Sans", formats: "en-GB" }
    /// Japanese.
    Ja { tag: "ja", own_name: "日本語", font_family: "Noto Sans CJK JP", formats: "ja" }
    /// Korean.
    Ko { tag: "ko", own_name: "한국어", font_family: "Noto Sans CJK KR", formats: "ko" }
}

/// A tag that names no language of this product.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language of this product; it knows {known}", known = Language::ALL.map(Language::tag).join(", "))]
pub struct UnknownLanguage(String);

/// The direction in which a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextDirection {
    /// From left to right, as Latin, Han, Cyrillic and Thai are.
    LeftToRight,
    /// From right to left, as Arabic and Hebrew are.
    RightToLeft,
}

impl TextDirection {
    /// As HTML's `dir` spells it.
    pub fn key(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// The BCP 47 tag, for example `zh-Hans`.
    pub fn tag(self) -> &'static str {
        self.row().tag
    }

    /// What its own speakers call it. A list of languages shows these, and never a flag.
    pub fn own_name(self) -> &'static str {
        self.row().own_name
    }

    /// The font family whose glyphs this language's readers expect.
    ///
    /// Han characters share code points but not shapes: 遍 is drawn differently in each of these faces,
    /// and neither Slint nor resvg tells the font engine which language a text is in.
    pub fn font_family(self) -> &'static str {
        self.row().font_family
    }

    /// The language whose face draws Han characters for this language's readers: its own where it is
    /// written with them every day, else simplified Chinese.
    pub fn of_its_han_characters(self) -> Self {
        let written = [script!("Hans"), script!("Hant"), script!("Jpan")];
        if self.script().is_some_and(|script| written.contains(&script)) { self } else { Self::ZhHans }
    }

    /// The direction of its script.
    pub fn direction(self) -> TextDirection {
        if LocaleDirectionality::new_common().is_right_to_left(&self.row().id) {
            TextDirection::RightToLeft
        } else {
            TextDirection::LeftToRight
        }
    }

    fn script(self) -> Option<Script> {
        LocaleExpander::new_common().get_likely_script(&self.row().id)
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL.into_iter().find(|l| l.tag() == tag).ok_or_else(|| UnknownLanguage(tag.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_reads_back_from_its_tag_only() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        let unknown = "zh".parse::<Language>().unwrap_err();
        assert!(unknown.to_string().ends_with("it knows zh-Hans, zh-Hant, en, ja, ko"), "{unknown}");
    }

    /// `formats` may name a region, and never another language or script.
    #[test]
    fn dates_are_written_in_the_own_language() {
        for language in Language::ALL {
            let row = language.row();
            assert_eq!(row.formats.id.language, row.id.language, "{language}");
            let script = LocaleExpander::new_common().get_likely_script(&row.formats.id);
            assert_eq!(script, language.script(), "{language}");
        }
    }

    #[test]
    fn han_characters_are_drawn_for_their_readers() {
        let of = |language: Language| language.of_its_han_characters().font_family();
        assert_eq!(of(Language::ZhHant), "Noto Sans CJK TC");
        assert_eq!(of(Language::Ja), "Noto Sans CJK JP");
        assert_eq!([of(Language::En), of(Language::Ko)], ["Noto Sans CJK SC"; 2]);
    }

    #[test]
    fn every_script_of_today_runs_to_the_right() {
        assert!(Language::ALL.into_iter().all(|l| l.direction() == TextDirection::LeftToRight));
    }
}
