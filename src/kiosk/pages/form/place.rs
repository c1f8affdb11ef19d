//! The place question: near this kiosk, a place found by its name, or no particular place.

use domain::form::Field as Question;
use wayfinding::venue::FeatureId;

use super::steps;
use super::view::FormStep;
use crate::effect::Effect;
use crate::pages::{facility_kinds, places};
use crate::view::{ChipView, Field};
use crate::visit::cx::Cx;
use crate::visit::filling::Filling;
use crate::visit::keyboard::field_view;
use crate::visit::place::{PlaceChoice, Pointed};

/// The most places below the search field.
const PLACES_SHOWN: usize = 20;

/// Sets the place for the question of a step, and goes on to the next one.
pub fn set(cx: &mut Cx, step: usize, place: PlaceChoice) -> Vec<Effect> {
    let Some(filling) = &mut cx.visit.filling else { return Vec::new() };
    let question = filling.form.steps.get(step).and_then(|step| step.fields.first());
    let Some((id, required)) = question.map(|question| (question.id.clone(), question.required)) else {
        return cx.blur();
    };
    filling.checked = false;
    // A second touch takes the place back, unless the question has to be answered.
    if !required && filling.places.get(&id) == Some(&place) {
        filling.places.remove(&id);
        return cx.blur();
    }
    filling.places.insert(id, place);
    steps::next(cx)
}

pub fn view(cx: &Cx, filling: &Filling, question: &Question, error: String) -> FormStep {
    let place = filling.places.get(&question.id);
    let chip =
        |key: &str, icon, is: &PlaceChoice| ChipView { label: cx.word(key), icon, chosen: place == Some(is) };
    let typed = cx.visit.typed(Field::PlaceSearch);
    let rows = match typed {
        Some(typed) => facility_kinds::found(cx, typed, PLACES_SHOWN),
        None => places::nearby(cx, PLACES_SHOWN),
    };
    FormStep::Place {
        here: chip("place.here", "pin", &PlaceChoice::Here),
        map: cx.world().venue().is_some().then(|| ChipView {
            label: cx.word("place.on-map"),
            icon: "map",
            chosen: matches!(place, Some(PlaceChoice::Pointed(_))),
        }),
        unknown: chip("place.unknown", "other", &PlaceChoice::NotSure),
        chosen: match place {
            Some(PlaceChoice::Place(_) | PlaceChoice::Pointed(_)) => words(cx, filling, &question.id),
            _ => String::new(),
        },
        search: field_view(&cx.visit, Field::PlaceSearch, "place.search", "home.search-hint", String::new()),
        nearby: if typed.is_none() && !rows.is_empty() { cx.word("place.nearby") } else { String::new() },
        rows,
        error,
    }
}

/// The chosen place as text; empty without one.
pub fn words(cx: &Cx, filling: &Filling, question: &str) -> String {
    match filling.places.get(question) {
        None => String::new(),
        Some(PlaceChoice::Here) => cx.word("place.here"),
        Some(PlaceChoice::NotSure) => cx.word("place.unknown"),
        Some(PlaceChoice::Place(id)) => at(cx, *id),
        Some(PlaceChoice::Pointed(pointed)) if pointed.inside => at(cx, pointed.place),
        Some(PlaceChoice::Pointed(pointed)) => near(cx, pointed),
    }
}

fn at(cx: &Cx, place: FeatureId) -> String {
    let language = cx.visit.language;
    cx.world().venue().and_then(|v| v.place(&place)).map_or_else(String::new, |p| {
        language.side_by_side([p.name.get(language), &cx.world().place_words(p, language)])
    })
}

fn near(cx: &Cx, pointed: &Pointed) -> String {
    let language = cx.visit.language;
    let Some(venue) = cx.world().venue() else { return String::new() };
    let place = venue.place(&pointed.place).map_or("", |place| place.name.get(language));
    let level = venue.level(pointed.level).short_name.get(language);
    cx.fill("pointing.near", &[("place", place), ("level", level)])
}
