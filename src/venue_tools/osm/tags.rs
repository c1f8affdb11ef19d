//! Names in several languages, from OpenStreetMap tags.

use std::collections::BTreeMap;

use super::element::Element;

/// The texts of `name` and `name:<language>` as IMDF LABELS. The plain tag is in `language`.
pub(super) fn names(element: &Element, key: &str, language: &str) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for (tag, text) in &element.tags {
        let Some(suffix) = tag.strip_prefix(key).and_then(|s| s.strip_prefix(':')) else { continue };
        if is_language(suffix) && !text.trim().is_empty() {
            names.insert(suffix.to_owned(), text.trim().to_owned());
        }
    }
    if let Some(text) = element.get(key) {
        names.insert(language.to_owned(), text.to_owned());
    } else if let Some(first) = names.values().next().cloned() {
        // IMDF requires a label in the language of the manifest.
        names.entry(language.to_owned()).or_insert(first);
    }
    names
}

/// Whether a suffix is a language tag such as `fr`, `zh-Hant` or `pt-BR`, and not `etymology` or `left`.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_lowercase())
        && parts.all(|p| (2..=4).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osm::element::Shape;

    fn element(tags: &[(&str, &str)]) -> Element {
        let tags = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        Element::new("node/1".to_owned(), tags, Shape::Dot((0.0, 0.0)))
    }

    /// Names are kept in all their languages.
    #[test]
    fn names_keep_all_their_languages() {
        let shop = element(&[
            ("name", "Maison du Thé"),
            ("name:zh-Hans", "茶屋"),
            ("name:en", "Tea House"),
            ("name:etymology", "tea"),
        ]);
        let names = names(&shop, "name", "fr");
        assert_eq!(names.keys().map(String::as_str).collect::<Vec<_>>(), ["en", "fr", "zh-Hans"]);
        assert_eq!(names["fr"], "Maison du Thé");
    }

    /// There is always a name in the language of the map.
    #[test]
    fn every_name_has_the_map_language() {
        assert_eq!(names(&element(&[("name:en", "Tea")]), "name", "fr")["fr"], "Tea");
        assert!(names(&element(&[]), "name", "fr").is_empty());
    }
}
