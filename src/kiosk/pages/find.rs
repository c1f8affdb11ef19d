//! The list of places: by group, or by what is typed.

use wayfinding::venue::FeatureId;

use crate::app::App;
use crate::event::{Effect, FindEvent};
use crate::keyboard::field_view;
use crate::pages::places;
use crate::view::{ChipView, Chosen, Field, FindView};
use crate::words::words;

/// A touch on it.
pub fn handle(app: &mut App, event: FindEvent) -> Vec<Effect> {
    let FindEvent::Group(index) = event;
    let Some(s) = &app.world.surroundings else { return Vec::new() };
    let touched = s.directory.groups().get(index).copied();
    app.session.group = if app.session.group == touched { None } else { touched };
    app.session.texts.clear(Field::Search);
    vec![Effect::Input(app.session.blur())]
}

fn ids(app: &App, typed: Option<&str>) -> Vec<FeatureId> {
    let Some(s) = &app.world.surroundings else { return Vec::new() };
    match typed {
        Some(typed) => s.directory.search(typed),
        None => s.directory.list(app.session.group),
    }
}

/// What it shows.
pub fn view(app: &App) -> FindView {
    let s = &app.session;
    let typed = s.typed(Field::Search);
    let found = ids(app, typed);
    let n = u64::try_from(found.len()).unwrap_or_default();
    let summary = match typed {
        Some(typed) => words().count(s.language, "find.found", n, &[("typed", typed.trim())]),
        None => words().count(s.language, "find.places", n, &[]),
    };
    let nothing = if found.is_empty() { app.word("find.nothing") } else { String::new() };
    FindView {
        title: app.word("find.title"),
        search: field_view(s, Field::Search, "find.search", "home.search-hint", String::new()),
        groups: if s.focus.is_some() { Vec::new() } else { groups(app) },
        summary,
        nothing,
        rows: found.iter().filter_map(|id| places::row(app, id)).collect(),
    }
}

fn groups(app: &App) -> Vec<ChipView> {
    let Some(s) = &app.world.surroundings else { return Vec::new() };
    let chip = |group: wayfinding::venue::Group| ChipView {
        label: places::group_name(app.session.language, group),
        icon: places::group_icon(group),
        chosen: if app.session.group == Some(group) { Chosen::Yes } else { Chosen::No },
    };
    s.directory.groups().into_iter().map(chip).collect()
}
