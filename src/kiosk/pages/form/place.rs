//! Where it was: near this kiosk, a place that is looked for by its name, or nowhere in particular.

use domain::form::Field as Question;
use wayfinding::venue::FeatureId;

use crate::app::App;
use crate::event::Effect;
use crate::filling::Filling;
use crate::keyboard::field_view;
use crate::pages::places;
use crate::session::{Pointed, Whereabouts};
use crate::view::{ChipView, Chosen, Field, FormStep};

/// Places below the search field.
const PLACES_SHOWN: usize = 20;

/// A place was chosen for the question of a step.
pub fn set(app: &mut App, step: usize, place: Whereabouts) -> Vec<Effect> {
    let Some(filling) = &mut app.session.filling else { return Vec::new() };
    let question = filling.form.steps.get(step).and_then(|step| step.fields.first());
    if let Some(id) = question.map(|question| question.id.clone()) {
        filling.checked = false;
        // A second touch takes it back: the question may be one that can be skipped.
        if filling.places.get(&id) == Some(&place) {
            filling.places.remove(&id);
        } else {
            filling.places.insert(id, place);
        }
    }
    vec![Effect::Input(app.session.blur())]
}

/// What it shows.
pub fn view(app: &App, filling: &Filling, question: &Question, error: String) -> FormStep {
    let place = filling.places.get(&question.id);
    let chip = |key: &str, icon, is: &Whereabouts| ChipView {
        label: app.word(key),
        icon,
        chosen: if place == Some(is) { Chosen::Yes } else { Chosen::No },
    };
    let typed = app.session.typed(Field::PlaceSearch);
    let rows = match typed {
        Some(typed) => places::found(app, typed, PLACES_SHOWN),
        None => places::nearby(app, PLACES_SHOWN),
    };
    FormStep::Place {
        here: chip("place.here", "pin", &Whereabouts::Here),
        map: app.world.venue().is_some().then(|| ChipView {
            label: app.word("place.on-map"),
            icon: "map",
            chosen: if matches!(place, Some(Whereabouts::Pointed(_))) { Chosen::Yes } else { Chosen::No },
        }),
        unknown: chip("place.unknown", "other", &Whereabouts::Unknown),
        chosen: match place {
            Some(Whereabouts::Place(_) | Whereabouts::Pointed(_)) => words(app, filling, &question.id),
            _ => String::new(),
        },
        search: field_view(
            &app.session,
            Field::PlaceSearch,
            "place.search",
            "home.search-hint",
            String::new(),
        ),
        nearby: if typed.is_none() && !rows.is_empty() { app.word("place.nearby") } else { String::new() },
        rows,
        error,
    }
}

/// The place that was chosen, in words; empty if none was.
pub fn words(app: &App, filling: &Filling, question: &str) -> String {
    match filling.places.get(question) {
        None | Some(Whereabouts::Unsaid) => String::new(),
        Some(Whereabouts::Here) => app.word("place.here"),
        Some(Whereabouts::Unknown) => app.word("place.unknown"),
        Some(Whereabouts::Place(id)) => at(app, *id),
        Some(Whereabouts::Pointed(pointed)) if pointed.inside => at(app, pointed.place),
        Some(Whereabouts::Pointed(pointed)) => near(app, pointed),
    }
}

fn at(app: &App, place: FeatureId) -> String {
    let language = app.session.language;
    app.world.venue().and_then(|v| v.place(&place)).map_or_else(String::new, |p| {
        format!("{} · {}", p.name.get(language), app.world.place_words(p, language))
    })
}

fn near(app: &App, pointed: &Pointed) -> String {
    let language = app.session.language;
    let Some(venue) = app.world.venue() else { return String::new() };
    let place = venue.place(&pointed.place).map_or("", |place| place.name.get(language));
    let level = venue.level(pointed.level).short_name.get(language);
    app.fill("pointing.near", &[("place", place), ("level", level)])
}
