//! The home page.

use kiosk::event::{Door, Event, HomeEvent};
use kiosk::view::{HomeView, PageView, View};
use slint::ComponentHandle;

use super::icons::Icons;
use super::{map, rows};
use crate::ui;
use crate::window::{Events, Window};

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::HomeAdapter>();
    page.on_search(events.sender(|| Event::Home(HomeEvent::Search)));
    page.on_errand(events.chooser(|view, index| {
        home(view)?.errands.get(index).map(|errand| Event::Home(HomeEvent::Nearest(errand.facility)))
    }));
    page.on_door(events.chooser(|view, index| {
        home(view)?.doors.get(index).map(|door| Event::Home(HomeEvent::Door(door.door)))
    }));
    let room = events.clone();
    page.on_map_room(move |width, height| {
        room.with(|window| map::resize(window, &window.home_map, width, height));
    });
    let touched = events.clone();
    page.on_map_touched(move |x, y| {
        if let Some(Some(place)) = touched.with(|window| window.home_map.place_at(x, y)) {
            touched.send(Event::PlaceChosen(place));
        }
    });
}

fn home(view: &View) -> Option<&HomeView> {
    match &view.page {
        PageView::Home(page) => Some(page),
        _ => None,
    }
}

pub fn show(window: &Window, view: &HomeView) {
    let app = window.app();
    let page = app.global::<ui::HomeAdapter>();
    let icons = Icons::of(app);
    page.set_question(view.question.as_str().into());
    page.set_search_hint(view.search_hint.as_str().into());
    page.set_notice(view.notice.as_str().into());
    page.set_has_map(view.map.is_some());
    if let Some(scene) = &view.map {
        page.set_map_label(scene.description.as_str().into());
    }
    map::show(window, &window.home_map, view.map.as_ref());
    let errands = view
        .errands
        .iter()
        .map(|e| ui::ChipRow { label: e.label.as_str().into(), icon: icons.image(e.icon), chosen: false })
        .collect();
    rows::refresh(&page.get_errands(), errands, |model| page.set_errands(model));
    let doors = view
        .doors
        .iter()
        .map(|d| ui::DoorRow {
            title: d.title.as_str().into(),
            hint: d.hint.as_str().into(),
            icon: icons.image(d.icon),
            primary: d.door == Door::Places,
            danger: d.door == Door::CallStaff,
        })
        .collect();
    rows::refresh(&page.get_doors(), doors, |model| page.set_doors(model));
}
