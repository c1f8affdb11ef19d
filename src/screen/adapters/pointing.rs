//! The form step in which a visitor points at a place on the map.

use std::rc::Rc;

use kiosk::app::View;
use kiosk::pages::PageView;
use kiosk::pages::form::{FormStep, FormTouch, FormView, MapTouch};
use kiosk::view::{Direction, LevelButton};
use slint::ComponentHandle;

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, maps: &Maps) {
    let page = app.global::<ui::PointingAdapter>();
    page.on_level(
        events.chooser(move |view, index| {
            Some(FormTouch::Map(MapTouch::Level(levels(view)?.get(index)?.level)))
        }),
    );
    page.on_zoom_in(events.sender(FormTouch::Map(MapTouch::Zoom(Direction::Next))));
    page.on_zoom_out(events.sender(FormTouch::Map(MapTouch::Zoom(Direction::Previous))));
    page.on_map_room(maps.pointing.on_room(app));
    let (pane, touched) = (Rc::clone(&maps.pointing), events.clone());
    page.on_map_touched(move |x, y| {
        if let Some((place, at)) = pane.point_at(x, y) {
            touched.send(FormTouch::Map(MapTouch::Point { place, at }));
        }
    });
}

fn levels(view: &View) -> Option<&[LevelButton]> {
    match &view.page {
        PageView::Form(FormView { step: FormStep::Map { levels, .. }, .. }) => Some(levels),
        _ => None,
    }
}

/// Shows the map of this step; a step without a map clears it.
pub fn show(app: &ui::App, maps: &Maps, step: &FormStep) {
    let page = app.global::<ui::PointingAdapter>();
    let FormStep::Map { map: scene, closer, wider, levels, chosen } = step else {
        maps.pointing.show(app, None);
        page.set_chosen("".into());
        return;
    };
    page.set_map_label(scene.description.as_str().into());
    page.set_can_zoom_in(*closer);
    page.set_can_zoom_out(*wider);
    page.set_chosen(chosen.as_str().into());
    rows::refresh(&page.get_levels(), rows::levels(levels), |model| page.set_levels(model));
    maps.pointing.show(app, Some(scene));
}
