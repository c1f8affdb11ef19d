//! The kinds of a facility: for "restroom" those for women, for men, accessible ones and those for families,
//! each with the nearest place of its kind.
//!
//! The menu page shows them as cards. A facility of one kind has no menu: the route to its nearest place opens
//! at once.

use std::collections::HashSet;

use wayfinding::route::{PlaceFilter, TravelProfile};
use wayfinding::venue::{Facility, FeatureId, Place};

use crate::directory::{Hit, Rank};
use crate::effect::Effect;
use crate::pages::places::{facility_icon, facility_name, row, rows};
use crate::view::{MenuCard, PlaceRow};
use crate::visit::cx::Cx;
use crate::visit::page::{Menu, Page};

/// The facilities that a visitor means by one of them.
fn meant(facility: Facility) -> Vec<Facility> {
    match facility {
        Facility::Restroom | Facility::AccessibleRestroom => {
            vec![Facility::Restroom, Facility::AccessibleRestroom]
        }
        Facility::Exit => vec![Facility::Exit, Facility::Taxi, Facility::Bus],
        other => vec![other],
    }
}

/// Of these facilities each place is a destination of its own: nobody wants just any parking zone or exit.
fn is_own_destination(place: &Place) -> bool {
    let own = [Facility::Parking, Facility::Exit, Facility::Taxi, Facility::Bus];
    place.facilities.iter().any(|facility| own.contains(facility))
}

/// Whether visitors who move like this need places of this category first.
fn is_preferred(profile: TravelProfile, place: &Place) -> bool {
    let part = match profile {
        TravelProfile::Walking => return false,
        TravelProfile::StepFree => "wheelchair",
        TravelProfile::Stroller => "family",
    };
    has_part(place, part)
}

/// Whether the IMDF category of a place has this part: `restroom.wheelchair` has `wheelchair`.
fn has_part(place: &Place, part: &str) -> bool {
    place.category.split('.').any(|p| p == part)
}

/// The nearest place of each kind: the kind that this visitor needs first, then open ones, then nearest first.
pub fn nearest_of_each(cx: &Cx, facility: Facility) -> Vec<FeatureId> {
    let Some(venue) = cx.world().venue() else { return Vec::new() };
    let filter = PlaceFilter::AnyFacility(meant(facility));
    let near: Vec<FeatureId> = match cx.tree() {
        Some(tree) => tree.nearest_of(&filter, usize::MAX).iter().map(|near| near.place).collect(),
        None => venue.places().iter().filter(|p| filter.admits(p)).map(|p| p.id).collect(),
    };
    let mut known = HashSet::new();
    let mut kinds: Vec<&Place> = near
        .iter()
        .filter_map(|id| venue.place(id))
        .filter(|place| {
            let name = place.name.get(venue.default_language());
            known.insert(if is_own_destination(place) { name } else { place.category.as_str() })
        })
        .collect();
    // A family restroom also serves for baby care, but a nursing room is meant.
    let serves_another_use =
        |place: &Place| place.facilities.first().is_none_or(|first| !meant(facility).contains(first));
    kinds.sort_by_key(|place| (serves_another_use(place), !is_preferred(cx.visit.travel_profile, place)));
    kinds.into_iter().map(|place| place.id).collect()
}

/// Opens the kinds of a facility, or the route to its nearest place if it has only one kind.
pub fn open(cx: &mut Cx, facility: Facility) -> Vec<Effect> {
    match *nearest_of_each(cx, facility) {
        // Its page says why there is no route.
        [] => match first_of(cx, facility) {
            Some(unreachable) => cx.show_route(unreachable),
            None => Vec::new(),
        },
        [only] => cx.show_route(only),
        _ => cx.go(Page::Menu(Menu::FacilityKinds(facility))),
    }
}

/// The rows of the places that a search finds, at most `most` of them; facilities are listed as their places.
pub fn found(cx: &Cx, typed: &str, most: usize) -> Vec<PlaceRow> {
    let Some(s) = &cx.world().map else { return Vec::new() };
    let as_places = |(rank, hit): (Rank, Hit)| match hit {
        Hit::Place(_) => vec![(rank, hit)],
        Hit::Facility(facility) => {
            nearest_of_each(cx, facility).into_iter().map(|id| (rank, Hit::Place(id))).collect()
        }
    };
    let hits: Vec<_> = s.directory.search(typed).into_iter().flat_map(as_places).collect();
    let mut found = rows(cx, &hits);
    found.truncate(most);
    found
}

fn first_of(cx: &Cx, facility: Facility) -> Option<FeatureId> {
    let filter = PlaceFilter::AnyFacility(meant(facility));
    cx.world().venue()?.places().iter().find(|place| filter.admits(place)).map(|place| place.id)
}

/// The card of each kind: its name, and how far its nearest place is.
pub fn cards(cx: &Cx, facility: Facility) -> Vec<MenuCard> {
    let language = cx.language();
    let card = |id: &FeatureId| {
        let row = row(cx, id)?;
        let place = cx.world().venue()?.place(id)?;
        let shared = place.facilities.first().filter(|_| !has_one_name(cx, place));
        let hint = [row.minutes, row.place_words, if row.closed { row.state } else { String::new() }];
        Some(MenuCard {
            title: shared.map_or(row.name, |facility| facility_name(language, *facility)),
            hint: cx.language().side_by_side(hint.iter().map(String::as_str)),
            icon: if has_part(place, "wheelchair") {
                "wheelchair"
            } else if has_part(place, "family") || place.facilities.first() == Some(&Facility::FamilyRoom) {
                "baby"
            } else {
                facility_icon(place.facilities.first().copied().unwrap_or(facility))
            },
        })
    };
    nearest_of_each(cx, facility).iter().filter_map(card).collect()
}

/// Whether every place of this kind has the same name, so that the name stands for the kind.
fn has_one_name(cx: &Cx, place: &Place) -> bool {
    let language = cx.language();
    is_own_destination(place)
        || cx.world().venue().is_some_and(|venue| {
            let kind = venue.places().iter().filter(|other| other.category == place.category);
            kind.map(|other| &other.name).all(|name| name.get(language) == place.name.get(language))
        })
}
