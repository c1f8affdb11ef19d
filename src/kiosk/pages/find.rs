//! The list of places: by group, or by a search text.
//!
//! Group and search text are part of the visit. A touch on a row opens the route to that place.

use wayfinding::venue::{Facility, FeatureId, Group};

use crate::directory::{Hit, Rank};
use crate::effect::Effect;
use crate::pages::{facility_kinds, places};
use crate::view::{ChipView, Field, FieldView, PlaceRow};
use crate::visit::cx::Cx;
use crate::visit::keyboard::field_view;
use crate::visit::page::Page;
use crate::words::words;

#[derive(Clone, PartialEq)]
pub struct FindView {
    /// `Find a place`.
    pub title: String,
    /// The search field.
    pub search: FieldView,
    /// The groups to filter by; empty while the search field has the focus.
    pub groups: Vec<ChipView>,
    /// The number of results: `204 places`, `3 found for "tea"`.
    pub summary: String,
    /// A hint if nothing was found; empty otherwise.
    pub nothing: String,
    /// All results, in order. The window scrolls them.
    pub rows: Vec<PlaceRow>,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindTouch {
    /// Filter by the group of the chip at this index; a second touch removes the filter.
    Group(usize),
    /// Show the kinds of a facility.
    Facility(Facility),
}

/// Opens the list of all places.
pub fn open(cx: &mut Cx) -> Vec<Effect> {
    cx.visit.group = None;
    cx.go(Page::Find)
}

/// Opens the list with an empty, focused search field.
pub fn open_search(cx: &mut Cx) -> Vec<Effect> {
    if cx.world().map.is_none() {
        return Vec::new();
    }
    let mut effects = open(cx);
    cx.visit.texts.clear(Field::Search);
    effects.extend(cx.focus(Field::Search));
    effects
}

pub fn touch(cx: &mut Cx, touch: FindTouch) -> Vec<Effect> {
    let index = match touch {
        FindTouch::Group(index) => index,
        FindTouch::Facility(facility) => return facility_kinds::open(cx, facility),
    };
    let Some(s) = &cx.world().map else { return Vec::new() };
    let touched = s.directory.groups().get(index).copied();
    cx.visit.group = if cx.visit.group == touched { None } else { touched };
    cx.visit.texts.clear(Field::Search);
    cx.blur()
}

/// The rows of the list. Facilities are one row each, which opens their kinds.
fn rows(cx: &Cx, typed: Option<&str>) -> Vec<PlaceRow> {
    let Some(s) = &cx.world().map else { return Vec::new() };
    if let Some(typed) = typed {
        return places::rows(cx, &s.directory.search(typed));
    }
    let ids = s.directory.list(cx.visit.group);
    match cx.visit.group {
        // All shops are listed in the order of the map.
        None => ids.iter().filter_map(|id| places::row(cx, id)).collect(),
        Some(group) => {
            let is_grouped = |id: &FeatureId| {
                let place = s.venue.place(id);
                group == Group::Facility && place.is_some_and(|place| !place.facilities.is_empty())
            };
            let facilities = s.directory.facilities().filter(|_| group == Group::Facility).map(Hit::Facility);
            let places = ids.into_iter().filter(|id| !is_grouped(id)).map(Hit::Place);
            let hits: Vec<_> = facilities.chain(places).map(|hit| (Rank::Word, hit)).collect();
            places::rows(cx, &hits)
        }
    }
}

pub fn view(cx: &Cx) -> FindView {
    let s = &cx.visit;
    let typed = s.typed(Field::Search);
    let rows = rows(cx, typed);
    let n = u64::try_from(rows.len()).unwrap_or_default();
    let summary = match typed {
        Some(typed) if rows.is_empty() => cx.fill("find.none", &[("typed", typed.trim())]),
        Some(typed) => words().count(s.language, "find.found", n, &[("typed", typed.trim())]),
        None => words().count(s.language, "find.places", n, &[]),
    };
    let nothing = if rows.is_empty() { cx.word("find.nothing") } else { String::new() };
    FindView {
        title: cx.word("find.title"),
        search: field_view(s, Field::Search, "find.search", "home.search-hint", String::new()),
        groups: if s.focus.is_some() { Vec::new() } else { groups(cx) },
        summary,
        nothing,
        rows,
    }
}

fn groups(cx: &Cx) -> Vec<ChipView> {
    let Some(s) = &cx.world().map else { return Vec::new() };
    let chip = |group: Group| ChipView {
        label: places::group_name(cx.visit.language, group),
        icon: places::group_icon(group),
        chosen: cx.visit.group == Some(group),
    };
    s.directory.groups().into_iter().map(chip).collect()
}
