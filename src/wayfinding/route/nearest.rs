//! The nearest places of a kind: which places match, and how they are ordered.

use super::state::later;
use super::tree::Tree;
use crate::venue::{Facility, FeatureId, Group, HoursState, LevelIndex, Place};

/// The advantage in seconds that a place on another level needs.
const OTHER_LEVEL_S: f64 = 30.0;

/// A filter for places of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceFilter {
    /// Places that count as a facility: `restroom`, `atm`, `exit`.
    Facility(Facility),
    /// Places that count as one of these facilities.
    AnyFacility(Vec<Facility>),
    /// The shops of a directory group: `food`.
    Group(Group),
    /// An IMDF category of an occupant, amenity or unit, including its subcategories: `restaurant` includes
    /// `restaurant.sushi`.
    Category(String),
}

impl PlaceFilter {
    /// The filter for a key; a text that is no key counts as a category.
    pub fn of(text: &str) -> Self {
        let text = text.trim().to_lowercase();
        if let Some(facility) = Facility::ALL.into_iter().find(|f| f.key() == text) {
            return Self::Facility(facility);
        }
        match Group::ALL.into_iter().find(|g| g.key() == text) {
            Some(group) => Self::Group(group),
            None => Self::Category(text),
        }
    }

    /// Whether a place matches.
    pub fn admits(&self, place: &Place) -> bool {
        match self {
            Self::Facility(facility) => place.facilities.contains(facility),
            Self::AnyFacility(facilities) => facilities.iter().any(|f| place.facilities.contains(f)),
            Self::Group(group) => place.group == *group,
            Self::Category(category) => place
                .category
                .strip_prefix(category.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.')),
        }
    }
}

/// A matching place, and the time to get there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestPlace {
    pub place: FeatureId,
    pub level: LevelIndex,
    /// The time of the route, in seconds.
    pub time_s: f64,
    /// Whether it is closed on arrival.
    pub closed: bool,
}

impl Tree {
    /// The nearest matching places, at most `n`: places that are open on arrival first, then by time. A
    /// place on another level has to be nearer by half a minute.
    pub fn nearest_of(&self, kind: &PlaceFilter, n: usize) -> Vec<NearestPlace> {
        let here = self.start_level();
        let near = |(place, time_s): (&Place, f64)| {
            let arrival = later(self.at(), time_s);
            let shut = place
                .hours
                .as_ref()
                .is_some_and(|h| matches!(h.state_at(arrival), HoursState::Closed { .. }));
            let closed = shut || place.closure.as_ref().is_some_and(|c| c.holds_at(arrival));
            NearestPlace { place: place.id, level: place.level, time_s, closed }
        };
        let mut found: Vec<NearestPlace> = self.reached().filter(|(p, _)| kind.admits(p)).map(near).collect();
        let felt =
            |near: &NearestPlace| near.time_s + if Some(near.level) == here { 0.0 } else { OTHER_LEVEL_S };
        found.sort_by(|a, b| {
            a.closed.cmp(&b.closed).then(felt(a).total_cmp(&felt(b))).then(a.place.cmp(&b.place))
        });
        found.truncate(n);
        found
    }

    /// The nearest places that count as a facility, nearest first, with the seconds to each.
    pub fn nearest(&self, facility: Facility, n: usize) -> Vec<(FeatureId, f64)> {
        let found = self.nearest_of(&PlaceFilter::Facility(facility), n);
        found.into_iter().map(|near| (near.place, near.time_s)).collect()
    }

    /// The time of the route to each place of a list, in seconds; `None` if there is no route.
    pub fn times_s(&self, places: &[FeatureId]) -> Vec<Option<f64>> {
        places.iter().map(|id| self.time_s(id)).collect()
    }
}
