//! The home page.

use std::rc::Rc;

use kiosk::app::View;
use kiosk::event::Touch;
use kiosk::pages::PageView;
use kiosk::pages::home::{HomeTile, HomeTouch, HomeView, UnfinishedView};
use kiosk::view::Direction;
use slint::ComponentHandle;

use super::icons::Icons;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, maps: &Maps) {
    let page = app.global::<ui::HomeAdapter>();
    page.on_search(events.sender(HomeTouch::Search));
    page.on_errand(events.chooser(|view, index| {
        home(view)?.errands.get(index).map(|errand| HomeTouch::Facility(errand.facility))
    }));
    let returned = events.clone();
    page.on_returned(move || {
        returned.choose(|view| home(view)?.unfinished.as_ref().map(|u| HomeTouch::Return(u.what)));
    });
    page.on_tile(
        events.chooser(|view, index| home(view)?.tiles.get(index).map(|tile| HomeTouch::Tile(tile.tile))),
    );
    page.on_level(events.chooser(|view, index| {
        home(view)?.map.as_ref()?.levels.get(index).map(|button| HomeTouch::Level(button.level))
    }));
    page.on_zoom_in(events.sender(HomeTouch::Zoom(Direction::Next)));
    page.on_zoom_out(events.sender(HomeTouch::Zoom(Direction::Previous)));
    page.on_back_to_me(events.sender(HomeTouch::BackToMe));
    page.on_map_room(maps.home.on_room(app));
    page.on_map_room_expected(maps.home.on_expected_room(app));
    let (map, touched) = (Rc::clone(&maps.home), events.clone());
    page.on_map_touched(move |x, y| {
        if let Some(place) = map.place_at(x, y) {
            touched.send(Touch::PlaceChosen(place));
        }
    });
}

fn home(view: &View) -> Option<&HomeView> {
    match &view.page {
        PageView::Home(page) => Some(page),
        _ => None,
    }
}

pub fn show(app: &ui::App, maps: &Maps, view: &HomeView, _: Option<&HomeView>) {
    let page = app.global::<ui::HomeAdapter>();
    let icons = Icons::of(app);
    page.set_question(view.question.as_str().into());
    page.set_search_hint(view.search_hint.as_str().into());
    page.set_notice(view.notice.as_str().into());
    page.set_has_map(view.map.is_some());
    if let Some(map) = &view.map {
        page.set_map_label(map.scene.description.as_str().into());
        page.set_can_zoom_in(map.closer);
        page.set_can_zoom_out(map.wider);
        rows::refresh(&page.get_levels(), rows::levels(&map.levels), |model| page.set_levels(model));
    }
    maps.home.show(app, view.map.as_ref().map(|map| &map.scene));
    page.set_unfinished(row(&icons, view.unfinished.as_ref()));
    let errands = view
        .errands
        .iter()
        .map(|e| ui::ChipRow { label: e.label.as_str().into(), icon: icons.image(e.icon), chosen: false })
        .collect();
    rows::refresh(&page.get_errands(), errands, |model| page.set_errands(model));
    let tiles = view
        .tiles
        .iter()
        .map(|t| ui::TileRow {
            title: t.title.as_str().into(),
            hint: t.hint.as_str().into(),
            icon: icons.image(t.icon),
            primary: t.tile == HomeTile::Places,
            danger: t.tile == HomeTile::CallStaff,
        })
        .collect();
    rows::refresh(&page.get_tiles(), tiles, |model| page.set_tiles(model));
}

fn row(icons: &Icons, unfinished: Option<&UnfinishedView>) -> ui::UnfinishedRow {
    unfinished.map_or_else(ui::UnfinishedRow::default, |u| ui::UnfinishedRow {
        text: u.text.as_str().into(),
        action: u.action.as_str().into(),
        icon: icons.image(u.icon),
    })
}

/// Clears the number of the receipt that was left.
pub fn forget(app: &ui::App, _: &Maps) {
    app.global::<ui::HomeAdapter>().set_unfinished(ui::UnfinishedRow::default());
}
