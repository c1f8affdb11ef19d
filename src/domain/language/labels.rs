//! One text in several languages, and the choice of the text that a reader gets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Language;
use super::lookup::Closeness;

/// One text in several languages: IMDF's LABELS. The map importer makes none that is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl Labels {
    /// Labels from pairs of BCP 47 tag and text. Empty texts are dropped.
    pub fn new<T: Into<String>, U: Into<String>>(pairs: impl IntoIterator<Item = (T, U)>) -> Self {
        Self(pairs.into_iter().map(|(t, u)| (t.into(), u.into())).filter(|(_, u)| !u.is_empty()).collect())
    }

    /// The text for a reader of `language`. The order of preference: the language's own tag; the same
    /// language and script (`zh-TW` for `zh-Hant`); the same language in another script; English; the first
    /// text.
    pub fn get(&self, language: Language) -> &str {
        if let Some(text) = self.0.get(language.tag()) {
            return text;
        }
        let closest = |reader: Language, most: Closeness| {
            let close = self.0.iter().filter_map(|(tag, text)| {
                let closeness = reader.closeness(tag).filter(|closeness| *closeness <= most)?;
                Some((closeness, text))
            });
            // Among equally close texts `min_by_key` takes the first, which has the least tag.
            close.min_by_key(|(closeness, _)| *closeness).map(|(_, text)| text)
        };
        closest(language, Closeness::OtherScript)
            .or_else(|| closest(Language::En, Closeness::Language))
            .or_else(|| self.0.values().next())
            .map_or("", String::as_str)
    }

    /// Every text with its tag, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(t, u)| (t.as_str(), u.as_str()))
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(tags: &[&str]) -> Labels {
        Labels::new(tags.iter().map(|tag| (*tag, *tag)))
    }

    #[test]
    fn the_other_chinese_script_comes_before_english() {
        assert_eq!(labels(&["en", "zh-Hans"]).get(Language::ZhHant), "zh-Hans");
        assert_eq!(labels(&["en", "zh-Hans"]).get(Language::Ko), "en");
        assert_eq!(labels(&["en", "zh-TW"]).get(Language::ZhHans), "zh-TW");
    }

    /// A map in one foreign language still has names.
    #[test]
    fn a_map_in_a_foreign_language_has_names() {
        assert_eq!(labels(&["ru"]).get(Language::Ja), "ru");
        assert_eq!(labels(&["not a tag"]).get(Language::Ja), "not a tag");
        assert_eq!(labels(&[]).get(Language::Ja), "");
    }

    /// A regional tag reaches the readers of the script that CLDR's likely subtags give for the region.
    #[test]
    fn a_region_reaches_the_readers_of_its_script() {
        for (tags, reader, found) in [
            (&["en", "zh-CN", "zh-TW"][..], Language::ZhHans, "zh-CN"),
            (&["en", "zh-CN", "zh-TW"], Language::ZhHant, "zh-TW"),
            (&["en", "zh-HK", "zh-SG"], Language::ZhHans, "zh-SG"),
            (&["en", "zh-HK", "zh-SG"], Language::ZhHant, "zh-HK"),
            (&["zh", "zh-MO"], Language::ZhHans, "zh"),
            (&["zh", "zh-MO"], Language::ZhHant, "zh-MO"),
            (&["zh-HK", "zh-TW"], Language::ZhHant, "zh-TW"),
            (&["en-GB", "zh-CN"], Language::En, "en-GB"),
            (&["en-AU", "en-US"], Language::En, "en-US"),
            (&["en-US", "ja-JP"], Language::Ja, "ja-JP"),
            (&["en-US", "ko-KR"], Language::Ko, "ko-KR"),
            (&["en-US", "fr-CA"], Language::Ko, "en-US"),
        ] {
            assert_eq!(labels(tags).get(reader), found, "{tags:?} for {reader}");
        }
    }

    #[test]
    fn the_case_of_a_tag_means_nothing() {
        assert_eq!(labels(&["EN", "ZH-HANT"]).get(Language::ZhHant), "ZH-HANT");
        assert_eq!(labels(&["EN-us", "zh-tw"]).get(Language::En), "EN-us");
        assert_eq!(labels(&["en", "zh_TW"]).get(Language::ZhHant), "zh_TW");
    }
}
