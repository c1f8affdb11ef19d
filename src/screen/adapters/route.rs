//! The way to a place.

use kiosk::event::{Event, RouteEvent, Turn};
use kiosk::view::{PageView, RouteView, View};
use slint::{ComponentHandle, ModelRc};

use super::icons::Icons;
use super::map;
use super::rows::{self, is, on};
use crate::ui;
use crate::window::{Events, Window};

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::RouteAdapter>();
    page.on_profile(events.chooser(|view, index| {
        route(view)?.profiles.get(index).map(|chip| Event::Route(RouteEvent::Profile(chip.profile)))
    }));
    page.on_level(events.chooser(|view, index| {
        route(view)?.levels.get(index).map(|button| Event::Route(RouteEvent::Level(button.level)))
    }));
    page.on_step(events.chooser(|_, index| Some(Event::Route(RouteEvent::Step(index)))));
    page.on_zoom_in(events.sender(|| Event::Route(RouteEvent::Zoom(Turn::Next))));
    page.on_zoom_out(events.sender(|| Event::Route(RouteEvent::Zoom(Turn::Previous))));
    let room = events.clone();
    page.on_map_room(move |width, height| {
        room.with(|window| map::resize(window, &window.route_map, width, height));
    });
    let touched = events.clone();
    page.on_map_touched(move |x, y| {
        if let Some(Some(place)) = touched.with(|window| window.route_map.place_at(x, y)) {
            touched.send(Event::PlaceChosen(place));
        }
    });
}

fn route(view: &View) -> Option<&RouteView> {
    match &view.page {
        PageView::Route(page) => Some(page),
        _ => None,
    }
}

pub fn show(window: &Window, view: &RouteView) {
    let app = window.app();
    let page = app.global::<ui::RouteAdapter>();
    let icons = Icons::of(app);
    page.set_name(view.name.as_str().into());
    page.set_place_words(view.place_words.as_str().into());
    page.set_state(view.state.as_str().into());
    page.set_closed(is(view.closed));
    let profiles = view
        .profiles
        .iter()
        .map(|chip| ui::ProfileRow {
            label: chip.label.as_str().into(),
            name: chip.name.as_str().into(),
            minutes: chip.minutes.as_str().into(),
            icon: icons.image(chip.icon),
            chosen: on(chip.chosen),
            possible: is(chip.possible),
        })
        .collect();
    rows::refresh(&page.get_profiles(), profiles, |model| page.set_profiles(model));
    page.set_map_label(view.map.description.as_str().into());
    page.set_can_zoom_out(is(view.wider));
    page.set_can_zoom_in(is(view.closer));
    map::show(window, &window.route_map, Some(&view.map));
    rows::refresh(&page.get_levels(), rows::levels(&view.levels), |model| page.set_levels(model));
    let steps = view
        .steps
        .iter()
        .map(|step| ui::StepRow {
            icon: icons.image(step.icon),
            text: step.text.as_str().into(),
            distance: step.distance.as_str().into(),
            level: step.level.as_str().into(),
        })
        .collect();
    rows::refresh(&page.get_steps(), steps, |model| page.set_steps(model));
    page.set_no_way(view.no_way.as_str().into());
}

/// Drops where somebody went.
pub fn forget(window: &Window) {
    let page = window.app().global::<ui::RouteAdapter>();
    map::show(window, &window.route_map, None);
    page.set_name("".into());
    page.set_place_words("".into());
    page.set_map_label("".into());
    page.set_steps(ModelRc::default());
}
