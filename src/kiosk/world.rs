//! The world of a kiosk: the map, the kiosk's place on it, the forms, and the first language.
//!
//! A world does not change during a visit. A kiosk with a damaged map has a world without a venue: it still
//! takes feedback, complaints and calls for help.

use std::sync::Arc;

use chrono::DateTime;
use chrono_tz::Tz;
use domain::Timestamp;
use domain::form::FormCatalog;
use domain::language::Language;
use wayfinding::route::Router;
use wayfinding::venue::{KioskSpot, Place, Venue};

use crate::directory::Directory;

/// The map, and this kiosk's place on it.
pub struct MapContext {
    /// The map as loaded, including places that do not exist on this day.
    map: Arc<Venue>,
    /// The map with the places that exist on this day.
    pub venue: Arc<Venue>,
    /// Finds routes on the map.
    pub router: Router,
    /// The searchable places of the map.
    pub directory: Directory,
    /// The place of this kiosk.
    pub spot: KioskSpot,
}

/// Whether pinyin input is available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinyin {
    Available,
    /// The library or the dictionary is not installed.
    Missing,
}

/// Everything outside the visit that pages need.
pub struct World {
    /// The map, unless it is damaged.
    pub map: Option<MapContext>,
    /// The language in which a visit starts.
    pub first_language: Language,
    pub pinyin: Pinyin,
    /// The time zone of the mall.
    pub time_zone: Tz,
    /// The forms that visitors can fill in.
    pub forms: Arc<FormCatalog>,
}

impl World {
    /// A world with a map, seen from one of its kiosks.
    pub fn new(venue: Arc<Venue>, spot: KioskSpot, pinyin: Pinyin) -> Self {
        Self {
            first_language: venue.default_language(),
            time_zone: venue.time_zone(),
            pinyin,
            forms: Arc::new(FormCatalog::shipped()),
            map: Some(MapContext {
                directory: Directory::new(&venue),
                router: Router::new(Arc::clone(&venue)),
                map: Arc::clone(&venue),
                venue,
                spot,
            }),
        }
    }

    /// A world whose map could not be read.
    pub fn without_map(first_language: Language, time_zone: Tz, pinyin: Pinyin) -> Self {
        let forms = Arc::new(FormCatalog::shipped());
        Self { map: None, first_language, pinyin, time_zone, forms }
    }

    /// Updates the venue to the places that exist at `now`. Returns whether anything changed; data that was
    /// derived from the old venue is then invalid.
    pub fn apply_validity(&mut self, now: Timestamp) -> bool {
        let Some(s) = &mut self.map else { return false };
        let now = now.with_timezone(&s.map.time_zone());
        let shown = s.venue.places().iter().map(|p| p.id);
        if s.map.places_at(now).map(|p| p.id).eq(shown) {
            return false;
        }
        s.venue = s.map.without_absent(now).map_or_else(|| Arc::clone(&s.map), Arc::new);
        s.directory = Directory::new(&s.venue);
        s.router = Router::new(Arc::clone(&s.venue));
        true
    }

    /// The map, if there is one.
    pub fn venue(&self) -> Option<&Venue> {
        self.map.as_ref().map(|s| &*s.venue)
    }

    /// A moment in the mall's time zone.
    pub fn local(&self, at: Timestamp) -> DateTime<Tz> {
        at.with_timezone(&self.time_zone)
    }

    /// The location of a place: `L2-07 · East wing`, or `L2 · East wing` for one without a number.
    pub fn place_words(&self, place: &Place, language: Language) -> String {
        let Some(venue) = self.venue() else { return String::new() };
        let sign = place
            .number
            .clone()
            .unwrap_or_else(|| venue.level(place.level).short_name.get(language).to_owned());
        match &place.section {
            Some(section) => language.side_by_side([sign.as_str(), section.get(language)]),
            None => sign,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::path::Path;
    use std::sync::OnceLock;

    /// The demo mall of this project.
    pub(crate) fn demo_mall() -> Arc<Venue> {
        static VENUE: OnceLock<Arc<Venue>> = OnceLock::new();
        let load = || {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
            Arc::new(wayfinding::load::load(&folder).expect("the demo mall loads").venue)
        };
        Arc::clone(VENUE.get_or_init(load))
    }

    /// The shop is shown from its first day to its last.
    #[test]
    fn a_shop_is_shown_while_it_exists() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
        let archive = wayfinding::load::Archive::read(&folder).unwrap();
        let mut occupants: serde_json::Value =
            serde_json::from_slice(archive.get("occupant.geojson").unwrap()).unwrap();
        occupants["features"][0]["properties"]["validity"] =
            serde_json::json!({"start": "2026-12-01", "end": "2026-12-24", "modified": null});
        let id = occupants["features"][0]["id"].as_str().unwrap().parse().unwrap();
        let files = archive.files().map(|(name, bytes)| {
            let changed = (name == "occupant.geojson").then(|| occupants.to_string().into_bytes());
            (name.to_owned(), changed.unwrap_or_else(|| bytes.to_vec()))
        });
        let changed = wayfinding::load::Archive::new(files.collect::<Vec<_>>());
        let venue = Arc::new(wayfinding::load::parse(&changed).unwrap().venue);
        let spot = venue.kiosks()[0].clone();
        let mut world = World::new(venue, spot, Pinyin::Missing);
        let at = |day: &str| format!("{day}T12:00:00Z").parse::<Timestamp>().unwrap();
        for (day, changes, there) in [
            ("2026-11-21", true, false),
            ("2026-11-22", false, false),
            ("2026-12-02", true, true),
            ("2026-12-03", false, true),
            ("2026-12-25", true, false),
        ] {
            assert_eq!(world.apply_validity(at(day)), changes, "{day}");
            let s = world.map.as_ref().unwrap();
            assert_eq!(s.venue.place(&id).is_some(), there, "{day}");
            assert_eq!(s.directory.list(None).contains(&id), there, "{day}");
            assert!(Arc::ptr_eq(s.router.venue(), &s.venue), "its routes are those of the same day");
        }
    }

    #[test]
    fn a_shop_has_its_number_and_wing() {
        let venue = demo_mall();
        let world = World::new(Arc::clone(&venue), venue.kiosks()[0].clone(), Pinyin::Missing);
        let shop = venue.places().iter().find(|p| p.number.is_some() && p.section.is_some()).unwrap();
        let words = world.place_words(shop, Language::En);
        assert!(words.starts_with(shop.number.as_deref().unwrap()) && words.contains(" · "), "{words}");
    }
}
