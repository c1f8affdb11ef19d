//! The languages a mall speaks, and the labels that a map or a bundle carries in several of them.
//!
//! A [`Language`] is chosen by a visitor and travels with everything they say, so that staff answer in
//! it. [`Labels`] is IMDF's LABELS: BCP 47 tag to text. Whole sentences of the product are elsewhere,
//! in [`crate::words`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that the product has words for. Its wire form is the BCP 47 tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Language {
    /// Chinese in simplified characters.
    #[default]
    #[serde(rename = "zh-Hans")]
    ZhHans,
    /// Chinese in traditional characters.
    #[serde(rename = "zh-Hant")]
    ZhHant,
    /// English.
    #[serde(rename = "en")]
    En,
    /// Japanese.
    #[serde(rename = "ja")]
    Ja,
    /// Korean.
    #[serde(rename = "ko")]
    Ko,
}

/// A tag that names no language of this product.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a language of this product; it knows zh-Hans, zh-Hant, en, ja and ko")]
pub struct UnknownLanguage(String);

impl Language {
    /// Every language, in the order in which a visitor is offered them.
    pub const ALL: [Self; 5] = [Self::ZhHans, Self::ZhHant, Self::En, Self::Ja, Self::Ko];

    /// The BCP 47 tag, for example `zh-Hans`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhHans => "zh-Hans",
            Self::ZhHant => "zh-Hant",
            Self::En => "en",
            Self::Ja => "ja",
            Self::Ko => "ko",
        }
    }

    /// What its own speakers call it. A list of languages shows these, and never a flag.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhHans => "简体中文",
            Self::ZhHant => "繁體中文",
            Self::En => "English",
            Self::Ja => "日本語",
            Self::Ko => "한국어",
        }
    }

    /// The font family whose glyphs this language's readers expect.
    ///
    /// Han characters share code points but not shapes: 遍 is drawn differently in each of these faces,
    /// and neither Slint nor resvg tells the font engine which language a text is in.
    pub fn font_family(self) -> &'static str {
        match self {
            Self::ZhHans => "Noto Sans CJK SC",
            Self::ZhHant => "Noto Sans CJK TC",
            Self::En => "Noto Sans",
            Self::Ja => "Noto Sans CJK JP",
            Self::Ko => "Noto Sans CJK KR",
        }
    }

    /// How many forms a counted noun has.
    pub(crate) fn plural_forms(self) -> usize {
        if self.is_east_asian() { 1 } else { 2 }
    }

    /// Which of them the number `n` takes (Unicode CLDR, cardinal plural rules).
    pub(crate) fn plural_form(self, n: u64) -> usize {
        usize::from(!self.is_east_asian() && n != 1)
    }

    /// Whether its text is written without spaces between words, so that a line may break anywhere.
    pub fn is_east_asian(self) -> bool {
        self != Self::En
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

/// One text in several languages: IMDF's LABELS. Never empty once parsed by a map importer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Labels from pairs of BCP 47 tag and text. Empty texts are left out.
    pub fn new<T: Into<String>, U: Into<String>>(pairs: impl IntoIterator<Item = (T, U)>) -> Self {
        Self(pairs.into_iter().map(|(t, u)| (t.into(), u.into())).filter(|(_, u)| !u.is_empty()).collect())
    }

    /// The text for a reader of `language`: the exact tag, then the bare language (`zh` for `zh-Hans`),
    /// then a close relative (the other Chinese script), then English, then whatever comes first.
    pub fn get(&self, language: Language) -> &str {
        let tag = language.tag();
        let bare = tag.split('-').next().unwrap_or(tag);
        let relative = match language {
            Language::ZhHans => "zh-Hant",
            Language::ZhHant => "zh-Hans",
            _ => "en",
        };
        [tag, bare, relative, "en"]
            .into_iter()
            .find_map(|t| self.0.get(t))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Every text with its tag, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(t, u)| (t.as_str(), u.as_str()))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_reads_back_from_its_tag_and_from_nothing_else() {
        for language in Language::ALL {
            assert_eq!(language.tag().parse(), Ok(language));
        }
        assert!("zh".parse::<Language>().is_err());
    }

    #[test]
    fn a_reader_of_traditional_chinese_gets_simplified_before_english() {
        let labels = Labels::new([("en", "Tea"), ("zh-Hans", "茶")]);
        assert_eq!(labels.get(Language::ZhHant), "茶");
        assert_eq!(labels.get(Language::Ko), "Tea");
    }

    #[test]
    fn a_map_in_one_foreign_language_still_has_names() {
        assert_eq!(Labels::new([("ru", "Этаж 1")]).get(Language::Ja), "Этаж 1");
    }
}
