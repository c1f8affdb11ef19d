//! The languages of the product, as a table with one row each.
//!
//! A row holds what cannot be derived: the tag, the language's own name, the font family, and the locale of
//! its dates. Everything else comes from Unicode's data (CLDR, through ICU4X): plural forms, numbers, dates,
//! script, direction, matching tags. That data is compiled in; nothing here does IO.
//!
//! A visitor chooses a [`Language`], and each submission carries it, so that staff answer in it. [`Labels`]
//! is IMDF's LABELS: BCP 47 tag to text. The sentences of the product are in [`words`](mod@crate::words).

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

/// One row of the table of languages.
struct Row {
    tag: &'static str,
    id: LanguageIdentifier,
    own_name: &'static str,
    font_family: &'static str,
    /// The locale that formats dates and numbers.
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

        /// The words of a part of the product, `assets/lang/<part>.<tag>.po`, compiled into the calling
        /// crate: an array of language and text, one for each row of the table. Each language has the file.
        /// If words are missing from it, [`Words::complete`](crate::words::Words::complete) leaves the
        /// language out.
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
    /// English. Dates put the day before the month, as in most English-speaking countries.
    En { tag: "en", own_name: "English", font_family: "Noto Sans", formats: "en-GB" }
    /// Japanese.
    Ja { tag: "ja", own_name: "日本語", font_family: "Noto Sans CJK JP", formats: "ja" }
    /// Korean.
    Ko { tag: "ko", own_name: "한국어", font_family: "Noto Sans CJK KR", formats: "ko" }
}

/// The tag is not a language of this product.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language of this product; it knows {known}", known = Language::ALL.map(Language::tag).join(", "))]
pub struct UnknownLanguage(String);

/// The direction in which a script is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextDirection {
    /// From left to right, as in Latin, Han, Cyrillic and Thai.
    LeftToRight,
    /// From right to left, as in Arabic and Hebrew.
    RightToLeft,
}

impl TextDirection {
    /// The value of HTML's `dir` attribute.
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

    /// The name of the language in the language itself. A list of languages shows these names and no flags.
    pub fn own_name(self) -> &'static str {
        self.row().own_name
    }

    /// The font family whose glyphs the readers of this language expect.
    ///
    /// Han characters share code points but not shapes: 遍 is drawn differently in each of these fonts.
    /// Neither Slint nor resvg tells the font engine the language of a text.
    pub fn font_family(self) -> &'static str {
        self.row().font_family
    }

    /// The language whose font draws Han characters for readers of this language: the language itself if its
    /// script contains them, else simplified Chinese.
    pub fn of_its_han_characters(self) -> Self {
        let written = [script!("Hans"), script!("Hant"), script!("Jpan")];
        if self.script().is_some_and(|script| written.contains(&script)) { self } else { Self::ZhHans }
    }

    /// Whether it is written without spaces, in Chinese fonts and by Chinese rules.
    pub fn is_chinese(self) -> bool {
        self.row().id.language.as_str() == "zh"
    }

    /// Facts side by side: `L2 · East wing`. The empty ones are left out. A middle dot in a Chinese font is as wide
    /// as a character and needs no spaces.
    pub fn side_by_side<'a>(self, facts: impl IntoIterator<Item = &'a str>) -> String {
        let dot = if self.is_chinese() { "·" } else { " · " };
        facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(dot)
    }

    /// The writing direction of its script.
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

    /// `formats` may name a region, but never another language or script.
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
