//! The directory: finds a place by what a visitor types. It matches names in any language, numbers, keywords,
//! pinyin, pinyin initials, and names with a typing error.
//!
//! A mall has a few hundred places, so each search scans all of them; there is no index.

use ib_matcher::matcher::{IbMatcher, PinyinMatchConfig};
use wayfinding::venue::{FeatureId, Group, Place, PlaceKind, Venue};

struct Entry {
    place: FeatureId,
    group: Group,
    kind: PlaceKind,
    names: Vec<String>,
    words: Vec<String>,
}

/// Every place of a venue, with its searchable texts.
pub struct Directory {
    entries: Vec<Entry>,
    pinyin: PinyinMatchConfig<'static>,
}

/// Better matches come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Number,
    WholeName,
    NameStarts,
    NameContains,
    Word,
    Slip,
}

impl Directory {
    /// The directory of a venue.
    pub fn new(venue: &Venue) -> Self {
        let entries = venue.places().iter().map(Entry::of).collect();
        Self { entries, pinyin: PinyinMatchConfig::default() }
    }

    /// The groups that have a place, in the order of [`Group::ALL`].
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL.into_iter().filter(|g| self.entries.iter().any(|e| e.group == *g)).collect()
    }

    /// All places of a group, or all shops without a group, in the order of the map.
    pub fn list(&self, group: Option<Group>) -> Vec<FeatureId> {
        let wanted = |e: &&Entry| match group {
            Some(group) => e.group == group,
            None => e.kind == PlaceKind::Occupant,
        };
        self.entries.iter().filter(wanted).map(|e| e.place).collect()
    }

    /// The places that `typed` may mean, best first; none for an empty text.
    pub fn search(&self, typed: &str) -> Vec<FeatureId> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return Vec::new();
        }
        let matcher = |starts: bool| {
            IbMatcher::builder(typed.as_str()).pinyin(self.pinyin.shallow_clone()).starts_with(starts).build()
        };
        let (starts, contains) = (matcher(true), matcher(false));
        let mut found: Vec<(Rank, usize)> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if let Some(rank) = entry.rank(&typed, &starts, &contains) {
                found.push((rank, index));
            }
        }
        // Typing errors are considered only if there are few exact matches: otherwise they add noise.
        if found.len() < 3 && typed.chars().count() >= 4 {
            for (index, entry) in self.entries.iter().enumerate() {
                if !found.iter().any(|(_, i)| *i == index) && entry.nearly(&typed) {
                    found.push((Rank::Slip, index));
                }
            }
        }
        found.sort();
        found.into_iter().map(|(_, index)| self.entries[index].place).collect()
    }
}

impl Entry {
    fn of(place: &Place) -> Self {
        let mut names: Vec<String> = place.name.iter().map(|(_, n)| n.to_lowercase()).collect();
        names.sort();
        names.dedup();
        let mut words: Vec<String> = place.keywords.iter().map(|(_, w)| w.to_lowercase()).collect();
        words.extend(place.number.iter().map(|n| n.to_lowercase()));
        words.extend(place.category.split('.').map(str::to_owned));
        Self { place: place.id, group: place.group, kind: place.kind, names, words }
    }

    fn rank(&self, typed: &str, starts: &IbMatcher, contains: &IbMatcher) -> Option<Rank> {
        if self.words.iter().any(|w| w == typed && w.contains('-')) {
            Some(Rank::Number)
        } else if self.names.iter().any(|n| n == typed) {
            Some(Rank::WholeName)
        } else if self.names.iter().any(|n| starts.is_match(n.as_str())) {
            Some(Rank::NameStarts)
        } else if self.names.iter().any(|n| contains.is_match(n.as_str())) {
            Some(Rank::NameContains)
        } else if self.words.iter().any(|w| starts.is_match(w.as_str())) {
            Some(Rank::Word)
        } else {
            None
        }
    }

    /// Whether `typed` is within one edit of a name or of a word in it, or within two edits from 8 characters
    /// on. A swap of two neighbours is one edit.
    fn nearly(&self, typed: &str) -> bool {
        let allowed = if typed.chars().count() >= 8 { 2 } else { 1 };
        self.names
            .iter()
            .flat_map(|n| std::iter::once(n.as_str()).chain(n.split_whitespace()))
            .any(|word| strsim::osa_distance(word, typed) <= allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::tests::demo_mall;
    use domain::language::Language;

    fn names(typed: &str) -> Vec<String> {
        let venue = demo_mall();
        let directory = Directory::new(&venue);
        directory
            .search(typed)
            .iter()
            .map(|id| venue.place(id).unwrap().name.get(Language::ZhHans).to_owned())
            .collect()
    }

    #[test]
    fn each_name_finds_its_shop() {
        let venue = demo_mall();
        let directory = Directory::new(&venue);
        for place in venue.places().iter().filter(|p| p.kind == PlaceKind::Occupant) {
            for (_, name) in place.name.iter() {
                assert!(directory.search(name).contains(&place.id), "{name}");
            }
        }
    }

    #[test]
    fn a_shop_is_found_by_its_pinyin() {
        let venue = demo_mall();
        let tea = venue
            .places()
            .iter()
            .find(|p| {
                p.name.get(Language::ZhHans).starts_with('茶') || p.name.get(Language::ZhHans).contains('茶')
            })
            .expect("the demo mall sells tea");
        let _ = tea;
        assert!(names("cha").iter().any(|n| n.contains('茶')), "{:?}", names("cha"));
    }

    #[test]
    fn nothing_typed_and_nonsense_find_nothing() {
        assert!(names("  ").is_empty());
        assert!(names("qqqqzzzz").is_empty());
    }
}
