//! Forms to choose from.

use kiosk::event::Event;
use kiosk::view::MenuView;
use slint::ComponentHandle;

use super::icons::Icons;
use super::rows;
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    app.global::<ui::MenuAdapter>().on_card(events.chooser(|_, index| Some(Event::Menu(index))));
}

pub fn show(app: &ui::App, view: &MenuView) {
    let page = app.global::<ui::MenuAdapter>();
    let icons = Icons::of(app);
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    let cards = view.cards.iter().map(|card| ui::DoorRow {
        title: card.title.as_str().into(),
        hint: card.hint.as_str().into(),
        icon: icons.image(card.icon),
        primary: false,
        danger: false,
    });
    rows::refresh(&page.get_cards(), cards.collect(), |model| page.set_cards(model));
}
