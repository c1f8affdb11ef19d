//! Matches BCP 47 tags to readers by CLDR's likely subtags: `zh-TW` means `zh-Hant-TW`.

use icu_locale::{LanguageIdentifier, LocaleExpander};

use super::Language;

/// How close a text is to a reader; the closest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Closeness {
    /// The same language and script, and the region where most of its readers live: `en-US` for `en`.
    Region,
    /// The same language and script: `en-GB` for `en`, `zh-HK` for `zh-Hant`.
    Language,
    /// The same language in another script.
    OtherScript,
}

impl Language {
    /// How close a text under this tag is to a reader of this language; none if the tag is of another
    /// language.
    pub(super) fn closeness(self, tag: &str) -> Option<Closeness> {
        let (own, other) = (likely(self.row().id.clone()), likely(parse(tag)?));
        if own.language != other.language {
            None
        } else if own.script != other.script {
            Some(Closeness::OtherScript)
        } else if own.region != other.region || own.variants != other.variants {
            Some(Closeness::Language)
        } else {
            Some(Closeness::Region)
        }
    }

    /// The language among `offered` that a reader of `tag` reads, in the script of that tag.
    pub fn for_reader_of(tag: &str, offered: &[Self]) -> Option<Self> {
        let close = offered.iter().filter_map(|l| Some((l.closeness(tag)?, *l)));
        close.min_by_key(|(c, _)| *c).filter(|(c, _)| *c <= Closeness::Language).map(|(_, language)| language)
    }
}

/// Some map programs write `zh_TW`. Refusing it would only hide the text.
fn parse(tag: &str) -> Option<LanguageIdentifier> {
    LanguageIdentifier::try_from_str(&tag.replace('_', "-")).ok()
}

fn likely(mut id: LanguageIdentifier) -> LanguageIdentifier {
    LocaleExpander::new_common().maximize(&mut id);
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_reaches_readers_of_its_script() {
        let reader = |tag| Language::for_reader_of(tag, &Language::ALL);
        for tag in ["zh", "zh-CN", "zh-SG", "zh-Hans", "zh-Hans-HK", "ZH-cn"] {
            assert_eq!(reader(tag), Some(Language::ZhHans), "{tag}");
        }
        for tag in ["zh-TW", "zh-HK", "zh-MO", "zh-Hant", "zh-Hant-CN", "zh_TW"] {
            assert_eq!(reader(tag), Some(Language::ZhHant), "{tag}");
        }
        assert_eq!(reader("en-IN"), Some(Language::En));
        assert_eq!(reader("ko-KR"), Some(Language::Ko));
        assert_eq!([reader("pt-BR"), reader("*"), reader("")], [None; 3]);
    }

    #[test]
    fn another_script_is_not_offered_unasked() {
        assert_eq!(Language::for_reader_of("zh-TW", &[Language::ZhHans, Language::En]), None);
    }
}
