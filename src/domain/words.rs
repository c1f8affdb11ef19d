//! The texts of the product by symbolic key, from `assets/lang/<part>.<language>.po`.
//!
//! A `msgid` is a key such as `route.turn-left`; each language, English too, is a translation of it. `{name}`
//! is a placeholder that [`Words::fill`] replaces; [`Words::count`] chooses among the plural forms of a key
//! with `msgid_plural`. A key that a language lacks falls back to English and then to the key itself: one
//! wrong word on a screen is better than none, and a test finds the gap first.

use std::collections::HashMap;

use crate::language::Language;

/// Why a `.po` text was refused.
#[derive(Debug, thiserror::Error)]
#[error("the words for {language} cannot be read: {cause}")]
pub struct WordsError {
    /// The language of the file.
    pub language: Language,
    /// The error of the `.po` parser.
    pub cause: String,
}

struct Catalog {
    forms: HashMap<String, Vec<String>>,
}

impl Catalog {
    fn parse(language: Language, po: &str) -> Result<Self, WordsError> {
        let refused = |cause: String| WordsError { language, cause };
        let read = polib::po_file::parse_from_reader(po.as_bytes()).map_err(|e| refused(e.to_string()))?;
        let forms_needed = language.plural_forms().len();
        let declared = read.metadata.plural_rules.nplurals;
        if declared != forms_needed {
            let wrong = format!("its header says nplurals={declared}, {language} has {forms_needed}");
            return Err(refused(wrong));
        }
        let mut forms = HashMap::new();
        for message in read.messages() {
            let texts = if message.is_plural() {
                message
                    .msgstr_plural()
                    .map_err(|_| refused(format!("bad plural: {}", message.msgid())))?
                    .clone()
            } else {
                vec![
                    message
                        .msgstr()
                        .map_err(|_| refused(format!("bad text: {}", message.msgid())))?
                        .to_owned(),
                ]
            };
            if message.is_plural() && texts.len() != forms_needed {
                let (key, n) = (message.msgid(), texts.len());
                return Err(refused(format!("{key} has {n} plural forms, {language} needs {forms_needed}")));
            }
            if texts.iter().all(|t| !t.is_empty()) {
                forms.insert(message.msgid().to_owned(), texts);
            }
        }
        Ok(Self { forms })
    }
}

/// The texts of one part of the product (kiosk, wayfinding, server) in every language of that part.
#[derive(Default)]
pub struct Words {
    catalogs: HashMap<Language, Catalog>,
}

impl Words {
    /// Parses `.po` texts. Two texts of one language are merged; where they differ, the later one wins.
    ///
    /// # Errors
    /// [`WordsError`]: the first text that is not in the `.po` format, with its language.
    pub fn parse<'a>(files: impl IntoIterator<Item = (Language, &'a str)>) -> Result<Self, WordsError> {
        let mut catalogs: HashMap<Language, Catalog> = HashMap::new();
        for (language, po) in files {
            let read = Catalog::parse(language, po)?;
            match catalogs.get_mut(&language) {
                Some(known) => known.forms.extend(read.forms),
                None => {
                    catalogs.insert(language, read);
                }
            }
        }
        Ok(Self { catalogs })
    }

    /// The same texts, each changed by `set`.
    pub fn typeset(mut self, set: impl Fn(Language, &str) -> String) -> Self {
        for (language, catalog) in &mut self.catalogs {
            for text in catalog.forms.values_mut().flatten() {
                *text = set(*language, text);
            }
        }
        self
    }

    /// The languages that have every key of English, in the order of [`Language::ALL`]. Only these can be
    /// offered.
    pub fn complete(&self) -> Vec<Language> {
        let english = self.keys(Language::En);
        Language::ALL.into_iter().filter(|l| english.iter().all(|key| self.has(*l, key))).collect()
    }

    /// The keys that `language` has texts for, sorted.
    pub fn keys(&self, language: Language) -> Vec<&str> {
        let mut keys: Vec<_> = self
            .catalogs
            .get(&language)
            .map(|c| c.forms.keys().map(String::as_str).collect())
            .unwrap_or_default();
        keys.sort_unstable();
        keys
    }

    /// Whether `language` itself has a text for `key`, without the fallback.
    pub fn has(&self, language: Language, key: &str) -> bool {
        self.catalogs.get(&language).is_some_and(|catalog| catalog.forms.contains_key(key))
    }

    fn forms(&self, language: Language, key: &str) -> Option<(Language, &[String])> {
        [language, Language::En].into_iter().find_map(|l| {
            let catalog = self.catalogs.get(&l)?;
            Some((l, catalog.forms.get(key)?.as_slice()))
        })
    }

    /// The text of `key`, placeholders included.
    pub fn get(&self, language: Language, key: &str) -> String {
        self.forms(language, key).and_then(|(_, f)| f.first()).map_or_else(|| key.to_owned(), Clone::clone)
    }

    /// The text of `key` with each `{name}` replaced by its value.
    pub fn fill(&self, language: Language, key: &str, values: &[(&str, &str)]) -> String {
        fill(&self.get(language, key), values)
    }

    /// The form of `key` that `language` uses for the number `n`, with `{n}` and each `{name}` replaced.
    pub fn count(&self, language: Language, key: &str, n: u64, values: &[(&str, &str)]) -> String {
        let text = self.forms(language, key).map_or(key, |(spoken, forms)| {
            forms.get(spoken.plural_form(n)).or(forms.first()).map_or(key, String::as_str)
        });
        let number = language.number(n);
        let mut all = vec![("n", number.as_str())];
        all.extend_from_slice(values);
        fill(text, &all)
    }
}

/// Replaces each `{name}` in one pass, so that braces in a value are not replaced again.
fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let found = after.find('}').and_then(|close| {
            values.iter().find(|(name, _)| *name == &after[..close]).map(|(_, value)| (close, *value))
        });
        match found {
            Some((close, value)) => {
                out.push_str(value);
                rest = &after[close + 1..];
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = r#"
msgid ""
msgstr "Language: en\nPlural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "route.past"
msgstr "Walk past {place}"

msgid "time.minutes"
msgid_plural "time.minutes"
msgstr[0] "{n} minute"
msgstr[1] "{n} minutes"
"#;
    const ZH: &str = r#"
msgid ""
msgstr "Language: zh-Hans\nPlural-Forms: nplurals=1; plural=0;\n"

msgid "time.minutes"
msgid_plural "time.minutes"
msgstr[0] "{n} 分钟"
"#;

    fn words() -> Words {
        Words::parse([(Language::En, EN), (Language::ZhHans, ZH)]).unwrap()
    }

    #[test]
    fn english_counts_one_minute_and_two_minutes() {
        assert_eq!(words().count(Language::En, "time.minutes", 1, &[]), "1 minute");
        assert_eq!(words().count(Language::En, "time.minutes", 2, &[]), "2 minutes");
        assert_eq!(words().count(Language::ZhHans, "time.minutes", 2, &[]), "2 分钟");
    }

    /// A missing translation falls back to English, and then to its key.
    #[test]
    fn missing_translations_fall_back_to_english() {
        assert_eq!(words().fill(Language::ZhHans, "route.past", &[("place", "A")]), "Walk past A");
        assert_eq!(words().get(Language::En, "no.such"), "no.such");
    }

    #[test]
    fn a_value_with_braces_is_not_filled_again() {
        assert_eq!(words().fill(Language::En, "route.past", &[("place", "{place}")]), "Walk past {place}");
    }

    /// A malformed `.po` text is refused, and the error names its language.
    #[test]
    fn malformed_po_text_is_refused() {
        let error = Words::parse([(Language::Ja, "msgid \"a")]).err().unwrap();
        assert!(error.to_string().contains("ja"), "{error}");
    }
}
