//! Rows of places, for the list of places and for forms that ask for a place.

use std::collections::HashSet;

use domain::language::Language;
use wayfinding::instructions;
use wayfinding::route::{PlaceFilter, TravelProfile};
use wayfinding::venue::{Facility, FeatureId, Group, LevelIndex, Place, PlaceKind};

use crate::calendar;
use crate::directory::{Hit, Rank};
use crate::view::{LevelButton, PlaceRow};
use crate::visit::cx::Cx;
use crate::words::words;

/// The icon of a group.
pub fn group_icon(group: Group) -> &'static str {
    match group {
        Group::Fashion => "fashion",
        Group::Beauty => "beauty",
        Group::Electronics => "electronics",
        Group::Home => "home-living",
        Group::Food => "food",
        Group::Grocery => "grocery",
        Group::Health => "health",
        Group::BooksAndGifts => "gifts",
        Group::Sport => "sport",
        Group::Services => "services",
        Group::Entertainment => "entertainment",
        Group::DepartmentStore => "department-store",
        Group::Facility => "info",
        Group::Other => "other",
    }
}

/// The icon of a facility.
pub fn facility_icon(facility: Facility) -> &'static str {
    match facility {
        Facility::Restroom => "restroom",
        Facility::AccessibleRestroom => "accessible",
        Facility::FamilyRoom => "baby",
        Facility::Lift => "lift",
        Facility::Escalator => "escalator",
        Facility::Stairs => "stairs",
        Facility::Atm => "atm",
        Facility::Exit | Facility::EmergencyExit => "exit",
        Facility::Parking => "parking",
        Facility::FirstAid | Facility::Defibrillator => "first-aid",
        Facility::Lockers => "lockers",
        _ => "info",
    }
}

/// The name of a group of places.
pub fn group_name(language: Language, group: Group) -> String {
    wayfinding::words::words().get(language, &format!("group.{}", group.key()))
}

/// The name of a kind of facility.
pub fn facility_name(language: Language, facility: Facility) -> String {
    wayfinding::words::words().get(language, &format!("facility.{}", facility.key()))
}

/// The category of a place in one word.
fn category(language: Language, place: &Place) -> String {
    match place.facilities.first() {
        Some(facility) => facility_name(language, *facility),
        None => group_name(language, place.group),
    }
}

/// The walking time, `3 min`; empty if there is no route.
pub fn minutes(cx: &Cx, place: &FeatureId, profile: TravelProfile) -> String {
    let time = cx.routes().and_then(|r| r.tree(profile).time_s(place));
    time.map_or_else(String::new, |s| {
        words().count(cx.visit.language, "time.minutes", instructions::minutes(s), &[])
    })
}

/// The row of a place.
pub fn row(cx: &Cx, id: &FeatureId) -> Option<PlaceRow> {
    let place = cx.world().venue()?.place(id)?;
    let language = cx.visit.language;
    let state = calendar::open_state(language, place.hours.as_ref(), cx.world().local(cx.now()));
    let row = PlaceRow {
        place: place.id,
        facility: None,
        name: place.name.get(language).to_owned(),
        detail: String::new(),
        description: String::new(),
        icon: place.facilities.first().map_or_else(|| group_icon(place.group), |f| facility_icon(*f)),
        place_words: cx.world().place_words(place, language),
        state: state.words,
        closed: state.closed,
        minutes: minutes(cx, id, cx.visit.travel_profile),
    };
    Some(described(cx, row, &category(language, place)))
}

/// The row with its category.
fn described(cx: &Cx, row: PlaceRow, category: &str) -> PlaceRow {
    let facts = [category, &row.place_words, &row.state, &row.minutes].into_iter();
    PlaceRow {
        detail: cx.language().side_by_side([row.place_words.as_str(), category]),
        description: facts.filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(", "),
        ..row
    }
}

/// The row of a facility: how many places it has, and how far the nearest one is.
pub fn facility_row(cx: &Cx, facility: Facility) -> Option<PlaceRow> {
    let venue = cx.world().venue()?;
    let language = cx.language();
    let filter = PlaceFilter::Facility(facility);
    let near = cx.tree().and_then(|tree| tree.nearest_of(&filter, 1).first().map(|near| near.place));
    let place = near.or_else(|| venue.places().iter().find(|p| filter.admits(p)).map(|p| p.id))?;
    let count = venue.places().iter().filter(|p| filter.admits(p)).count();
    let nearest = row(cx, &place)?;
    if count == 1 {
        return Some(nearest);
    }
    let n = u64::try_from(count).unwrap_or(u64::MAX);
    let row = PlaceRow {
        facility: Some(facility),
        name: facility_name(language, facility),
        icon: facility_icon(facility),
        state: String::new(),
        closed: false,
        ..nearest
    };
    Some(described(cx, row, &words().count(language, "find.places", n, &[])))
}

/// The rows of a list. Of facilities with one name only the nearest is listed, and among equals
/// the nearer place comes first.
pub fn rows(cx: &Cx, hits: &[(Rank, Hit)]) -> Vec<PlaceRow> {
    let Some(venue) = cx.world().venue() else { return Vec::new() };
    let time = |hit: &Hit| match hit {
        Hit::Facility(_) => Some(0.0),
        Hit::Place(id) => cx.tree()?.time_s(id),
    };
    let mut sorted: Vec<(Rank, f64, Hit)> =
        hits.iter().map(|(rank, hit)| (*rank, time(hit).unwrap_or(f64::INFINITY), *hit)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mut known = HashSet::new();
    sorted.retain(|(_, _, hit)| match hit {
        Hit::Facility(_) => true,
        Hit::Place(id) => venue.place(id).is_some_and(|p| {
            let name = p.name.get(venue.default_language());
            p.kind == PlaceKind::Occupant || known.insert((p.category.as_str(), name))
        }),
    });
    let row_of = |(_, _, hit): (Rank, f64, Hit)| match hit {
        Hit::Facility(facility) => facility_row(cx, facility),
        Hit::Place(id) => row(cx, &id),
    };
    sorted.into_iter().filter_map(row_of).collect()
}

/// The rows of the nearest places, by the time that this visitor needs, at most `most` of them. Of places with
/// the same name, such as the doors of an entrance, only the nearest is listed.
pub fn nearby(cx: &Cx, most: usize) -> Vec<PlaceRow> {
    let Some((venue, tree)) = cx.world().venue().zip(cx.tree()) else { return Vec::new() };
    let mut near: Vec<(f64, FeatureId)> =
        venue.places().iter().filter_map(|p| Some((tree.time_s(&p.id)?, p.id))).collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows: Vec<PlaceRow> = Vec::new();
    for row in near.iter().filter_map(|(_, id)| row(cx, id)) {
        if rows.len() == most {
            break;
        }
        if !rows.iter().any(|known| known.name == row.name) {
            rows.push(row);
        }
    }
    rows
}

/// A button for each level, the highest first; levels that the route crosses are marked.
pub fn levels(cx: &Cx, shown: LevelIndex, crossed: impl Fn(LevelIndex) -> bool) -> Vec<LevelButton> {
    let Some(venue) = cx.world().venue() else { return Vec::new() };
    let language = cx.visit.language;
    let button = |index: usize| {
        let level = LevelIndex(index);
        LevelButton {
            level,
            sign: venue.level(level).short_name.get(language).to_owned(),
            name: venue.level(level).name.get(language).to_owned(),
            chosen: level == shown,
            on_route: crossed(level),
        }
    };
    (0..venue.levels().len()).rev().map(button).collect()
}
