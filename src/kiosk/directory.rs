//! The directory: finds a place by what a visitor types. It matches names in any language, numbers, keywords,
//! pinyin, pinyin initials, and names with a typing error. A word for a facility ("toilet", "way out") finds
//! the facility as one result, not each of its places.
//!
//! A mall has a few hundred places, so each search scans all of them; there is no index.

use ib_matcher::matcher::{IbMatcher, PinyinMatchConfig};
use wayfinding::venue::{Facility, FeatureId, Group, Place, PlaceKind, Venue};

struct Entry {
    place: FeatureId,
    group: Group,
    kind: PlaceKind,
    names: Vec<String>,
    words: Vec<String>,
    facilities: Vec<Facility>,
}

/// A facility that the venue has, and the words for it in every language, in lower case.
struct FacilityEntry {
    facility: Facility,
    words: Vec<String>,
}

/// A result of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Every place that counts as this facility.
    Facility(Facility),
    Place(FeatureId),
}

/// Every place of a venue, with its searchable texts.
pub struct Directory {
    entries: Vec<Entry>,
    facilities: Vec<FacilityEntry>,
    pinyin: PinyinMatchConfig<'static>,
}

/// Better matches come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// A unit number.
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
        let entries: Vec<Entry> = venue.places().iter().map(Entry::of).collect();
        let exists = |f: &Facility| entries.iter().any(|e| e.facilities.contains(f));
        let facilities = Facility::ALL.into_iter().filter(exists).map(FacilityEntry::of).collect();
        Self { entries, facilities, pinyin: PinyinMatchConfig::default() }
    }

    /// The groups that have a place, in the order of [`Group::ALL`].
    pub fn groups(&self) -> Vec<Group> {
        Group::ALL.into_iter().filter(|g| self.entries.iter().any(|e| e.group == *g)).collect()
    }

    /// The facilities that the venue has, in the order of [`Facility::ALL`].
    pub fn facilities(&self) -> impl Iterator<Item = Facility> {
        self.facilities.iter().map(|entry| entry.facility)
    }

    /// All places of a group, or all shops without a group, in the order of the map.
    pub fn list(&self, group: Option<Group>) -> Vec<FeatureId> {
        let wanted = |e: &&Entry| match group {
            Some(group) => e.group == group,
            None => e.kind == PlaceKind::Occupant,
        };
        self.entries.iter().filter(wanted).map(|e| e.place).collect()
    }

    /// What `typed` may mean, best first; nothing for an empty text. A place is left out if one of its
    /// facilities is a result. Emergency exits are found only by a word for them.
    pub fn search(&self, typed: &str) -> Vec<(Rank, Hit)> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() {
            return Vec::new();
        }
        let matcher = |starts: bool| {
            IbMatcher::builder(typed.as_str()).pinyin(self.pinyin.shallow_clone()).starts_with(starts).build()
        };
        let (starts, contains) = (matcher(true), matcher(false));
        let facilities: Vec<(Rank, Facility)> = self
            .facilities
            .iter()
            .filter_map(|entry| Some((entry.rank(&typed, &starts)?, entry.facility)))
            .collect();
        let is_left_out = |entry: &Entry| {
            entry.facilities == [Facility::EmergencyExit]
                || facilities.iter().any(|(_, facility)| entry.facilities.contains(facility))
        };
        let mut found: Vec<(Rank, usize)> = Vec::new();
        for (index, entry) in self.entries.iter().enumerate() {
            if is_left_out(entry) {
                continue;
            }
            if let Some(rank) = entry.rank(&typed, &starts, &contains) {
                found.push((rank, index));
            }
        }
        // Typing errors are considered only if there are few exact matches: otherwise they add noise.
        if facilities.is_empty() && found.len() < 3 && typed.chars().count() >= 4 {
            for (index, entry) in self.entries.iter().enumerate() {
                let known = is_left_out(entry) || found.iter().any(|(_, i)| *i == index);
                if !known && entry.nearly(&typed) {
                    found.push((Rank::Slip, index));
                }
            }
        }
        found.sort();
        let places = found.into_iter().map(|(rank, index)| (rank, Hit::Place(self.entries[index].place)));
        let facilities = facilities.into_iter().map(|(rank, facility)| (rank, Hit::Facility(facility)));
        let mut hits: Vec<(Rank, Hit)> = facilities.chain(places).collect();
        hits.sort_by_key(|(rank, _)| *rank);
        hits
    }
}

impl FacilityEntry {
    fn of(facility: Facility) -> Self {
        let words = wayfinding::words::facility_words(facility);
        Self { facility, words: words.iter().map(|word| word.to_lowercase()).collect() }
    }

    /// The rank of a word for the facility that is typed whole or begun. One Latin letter is not enough.
    fn rank(&self, typed: &str, starts: &IbMatcher) -> Option<Rank> {
        if self.words.iter().any(|word| word == typed) {
            return Some(Rank::WholeName);
        }
        let begun = typed.len() >= 2 && self.words.iter().any(|word| starts.is_match(word.as_str()));
        begun.then_some(Rank::NameStarts)
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
        let facilities = place.facilities.clone();
        Self { place: place.id, group: place.group, kind: place.kind, names, words, facilities }
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
            .into_iter()
            .map(|(_, hit)| match hit {
                Hit::Place(id) => venue.place(&id).unwrap().name.get(Language::ZhHans).to_owned(),
                Hit::Facility(facility) => facility.key().to_owned(),
            })
            .collect()
    }

    #[test]
    fn each_name_finds_its_shop() {
        let venue = demo_mall();
        let directory = Directory::new(&venue);
        for place in venue.places().iter().filter(|p| p.kind == PlaceKind::Occupant) {
            for (_, name) in place.name.iter() {
                let hits = directory.search(name);
                assert!(hits.iter().any(|(_, hit)| *hit == Hit::Place(place.id)), "{name}");
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

    /// The words that visitors really type, with the facility that each must find first.
    #[test]
    fn facilities_are_found_by_everyday_words() {
        let restroom =
            ["toilet", "WC", "bathroom", "restroom", "厕所", "卫生间", "洗手间", "cesuo", "トイレ", "화장실"];
        let exit = ["exit", "way out", "出口", "entrance"];
        let others = [
            ("cash machine", "atm"),
            ("取款机", "atm"),
            ("car park", "parking"),
            ("停车", "parking"),
            ("taxi", "taxi"),
            ("打车", "taxi"),
            ("nursing room", "family-room"),
            ("母婴室", "family-room"),
            ("elevator", "lift"),
            ("逃生", "emergency-exit"),
            ("fire exit", "emergency-exit"),
            ("AED", "defibrillator"),
        ];
        let all = restroom.map(|word| (word, "restroom")).into_iter().chain(exit.map(|word| (word, "exit")));
        for (typed, facility) in all.chain(others) {
            assert_eq!(
                names(typed).first().map(String::as_str),
                Some(facility),
                "{typed}: {:?}",
                names(typed)
            );
        }
        assert!(!names("exit").contains(&"emergency-exit".to_owned()), "{:?}", names("exit"));
    }

    #[test]
    fn nothing_typed_and_nonsense_find_nothing() {
        assert!(names("  ").is_empty());
        assert!(names("qqqqzzzz").is_empty());
    }
}
