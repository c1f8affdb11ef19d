//! The map on which a visitor points at a place.

use kiosk::event::{Event, FormEvent, MapEvent, Turn};
use kiosk::view::{FormStep, FormView, LevelButton, PageView, View};
use slint::ComponentHandle;

use super::map;
use super::rows::{self, is};
use crate::ui;
use crate::window::{Events, Window};

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::PointingAdapter>();
    let map = |event| Event::Form(FormEvent::Map(event));
    page.on_level(
        events.chooser(move |view, index| Some(map(MapEvent::Level(levels(view)?.get(index)?.level)))),
    );
    page.on_zoom_in(events.sender(move || map(MapEvent::Zoom(Turn::Next))));
    page.on_zoom_out(events.sender(move || map(MapEvent::Zoom(Turn::Previous))));
    let room = events.clone();
    page.on_map_room(move |width, height| {
        room.with(|window| map::resize(window, &window.form_map, width, height));
    });
    let touched = events.clone();
    page.on_map_touched(move |x, y| {
        if let Some(Some((place, at))) = touched.with(|window| window.form_map.point_at(x, y)) {
            touched.send(map(MapEvent::Touched { place, at }));
        }
    });
}

fn levels(view: &View) -> Option<&[LevelButton]> {
    match &view.page {
        PageView::Form(FormView { step: FormStep::Map { levels, .. }, .. }) => Some(levels),
        _ => None,
    }
}

/// Shows the map of this step, or none.
pub fn show(window: &Window, step: &FormStep) {
    let page = window.app().global::<ui::PointingAdapter>();
    let FormStep::Map { map: scene, closer, wider, levels, chosen } = step else {
        map::show(window, &window.form_map, None);
        page.set_chosen("".into());
        return;
    };
    page.set_map_label(scene.description.as_str().into());
    page.set_can_zoom_in(is(*closer));
    page.set_can_zoom_out(is(*wider));
    page.set_chosen(chosen.as_str().into());
    rows::refresh(&page.get_levels(), rows::levels(levels), |model| page.set_levels(model));
    map::show(window, &window.form_map, Some(scene));
}
