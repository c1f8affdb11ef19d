//! The menu page: forms, or the kinds of a facility, to choose from.

use kiosk::pages::menu::{MenuTouch, MenuView};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::icons::Icons;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    app.global::<ui::MenuAdapter>().on_card(events.chooser(|_, index| Some(MenuTouch::Card(index))));
    app.global::<ui::MenuAdapter>()
        .on_face(events.chooser(|_, face| u8::try_from(face).ok().map(MenuTouch::Face)));
}

pub fn show(app: &ui::App, _: &Maps, view: &MenuView, _: Option<&MenuView>) {
    let page = app.global::<ui::MenuAdapter>();
    let icons = Icons::of(app);
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    let cards = view.cards.iter().map(|card| ui::TileRow {
        title: card.title.as_str().into(),
        hint: card.hint.as_str().into(),
        icon: icons.image(card.icon),
        primary: false,
        danger: false,
    });
    rows::refresh(&page.get_cards(), cards.collect(), |model| page.set_cards(model));
    page.set_keeps_hints(view.keeps_hints);
    page.set_rate(view.faces.question.as_str().into());
    let names = view.faces.names.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_faces(), names, |model| page.set_faces(model));
}

/// Clears the choices: they tell which form was begun or which facility was asked for.
pub fn forget(app: &ui::App, _: &Maps) {
    app.global::<ui::MenuAdapter>().set_cards(ModelRc::default());
}
