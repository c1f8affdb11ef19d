//! The route page: the map, the route steps and the travel profiles.

use std::rc::Rc;

use kiosk::app::View;
use kiosk::event::Touch;
use kiosk::pages::PageView;
use kiosk::pages::route::{RouteTouch, RouteView};
use kiosk::view::Direction;
use slint::{ComponentHandle, ModelRc};

use super::icons::Icons;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, maps: &Maps) {
    let page = app.global::<ui::RouteAdapter>();
    page.on_profile(events.chooser(|view, index| {
        route(view)?.profiles.get(index).map(|chip| RouteTouch::Profile(chip.profile))
    }));
    page.on_level(
        events.chooser(|view, index| {
            route(view)?.levels.get(index).map(|button| RouteTouch::Level(button.level))
        }),
    );
    page.on_step(events.chooser(|_, index| Some(RouteTouch::Step(index))));
    page.on_zoom_in(events.sender(RouteTouch::Zoom(Direction::Next)));
    page.on_zoom_out(events.sender(RouteTouch::Zoom(Direction::Previous)));
    page.on_similar_chosen(events.sender(RouteTouch::Similar));
    page.on_map_room(maps.route.on_room(app));
    let (map, touched) = (Rc::clone(&maps.route), events.clone());
    page.on_map_touched(move |x, y| {
        if let Some(place) = map.place_at(x, y) {
            touched.send(Touch::PlaceChosen(place));
        }
    });
}

fn route(view: &View) -> Option<&RouteView> {
    match &view.page {
        PageView::Route(page) => Some(page),
        _ => None,
    }
}

pub fn show(app: &ui::App, maps: &Maps, view: &RouteView, _: Option<&RouteView>) {
    let page = app.global::<ui::RouteAdapter>();
    let icons = Icons::of(app);
    page.set_name(view.name.as_str().into());
    page.set_place_and_state(view.place_and_state.as_str().into());
    let closed = view.closed.as_ref();
    page.set_closed(closed.map(|c| c.title.as_str()).unwrap_or_default().into());
    page.set_similar(closed.map(|c| c.similar.as_str()).unwrap_or_default().into());
    page.set_show_similar(closed.map(|c| c.action.as_str()).unwrap_or_default().into());
    let profiles = view
        .profiles
        .iter()
        .map(|chip| ui::ProfileRow {
            label: chip.label.as_str().into(),
            name: chip.name.as_str().into(),
            minutes: chip.minutes.as_str().into(),
            icon: icons.image(chip.icon),
            chosen: chip.chosen,
            possible: chip.possible,
        })
        .collect();
    rows::refresh(&page.get_profiles(), profiles, |model| page.set_profiles(model));
    page.set_map_label(view.map.description.as_str().into());
    page.set_can_zoom_out(view.wider);
    page.set_can_zoom_in(view.closer);
    maps.route.show(app, Some(&view.map));
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
    page.set_step_shown(i32::try_from(view.step).unwrap_or_default());
    page.set_no_route(view.no_route.as_str().into());
}

/// Clears the route and its destination.
pub fn forget(app: &ui::App, maps: &Maps) {
    let page = app.global::<ui::RouteAdapter>();
    maps.route.show(app, None);
    page.set_name("".into());
    page.set_place_and_state("".into());
    page.set_map_label("".into());
    page.set_closed("".into());
    page.set_similar("".into());
    page.set_show_similar("".into());
    page.set_no_route("".into());
    page.set_steps(ModelRc::default());
}
