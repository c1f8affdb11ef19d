//! The texts of the mall in its five languages, read from the tables beside this file.
//!
//! The tables are `|`-separated lines under a header line. They are compiled in. A missing text is a mistake
//! in the plan or in a table, so the generator stops and names its key.

use std::collections::BTreeMap;

use super::json::Json;

/// BCP 47 tags, in the order of the tables' columns and of every written label.
pub const LANGUAGES: [&str; 5] = ["zh-Hans", "zh-Hant", "en", "ja", "ko"];

/// One text in the five languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels(pub [String; 5]);

impl Labels {
    pub fn json(&self) -> Json {
        let pairs = LANGUAGES.into_iter().zip(&self.0);
        Json::object(pairs.map(|(tag, text)| (tag, Json::text(text))))
    }

    /// A TOML inline table.
    pub fn toml(&self) -> String {
        let pairs: Vec<String> = LANGUAGES
            .into_iter()
            .zip(&self.0)
            .map(|(tag, text)| format!("{tag} = {}", quoted(text)))
            .collect();
        format!("{{ {} }}", pairs.join(", "))
    }
}

/// A TOML or JSON string.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The lines of a table without its header, each split at `|`.
pub fn lines(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).filter(|line| !line.is_empty()).map(|line| line.split('|').collect())
}

/// Labels from the first five of these columns.
pub fn five(columns: &[&str]) -> Labels {
    let texts: [&str; 5] = columns[..5].try_into().expect("five columns were asked for");
    Labels(texts.map(str::to_owned))
}

/// A table from keys to labels.
#[derive(Debug)]
pub struct Words(BTreeMap<&'static str, Labels>);

impl Words {
    /// The texts for everything except shops.
    pub fn read() -> Self {
        Self::from(include_str!("words.csv"))
    }

    /// Search terms by occupant category; each text is a comma-separated list.
    pub fn for_search() -> Self {
        Self::from(include_str!("search_words.csv"))
    }

    /// Second names by shop number.
    pub fn nicknames() -> Self {
        Self::from(include_str!("nicknames.csv"))
    }

    fn from(table: &'static str) -> Self {
        Self(lines(table).map(|columns| (columns[0], five(&columns[1..]))).collect())
    }

    pub fn find(&self, key: &str) -> Option<&Labels> {
        self.0.get(key)
    }

    /// The labels under `key`. Panics when there are none.
    pub fn get(&self, key: &str) -> &Labels {
        self.find(key).unwrap_or_else(|| panic!("the tables have no words for {key:?}"))
    }
}
