//! The attract screen.

use kiosk::event::Event;
use kiosk::view::{AttractView, PageView};
use slint::ComponentHandle;

use super::overlay::language_row;
use super::rows;
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::AttractAdapter>();
    page.on_start(events.sender(|| Event::Start(None)));
    page.on_start_in(events.chooser(|view, index| match &view.page {
        PageView::Attract(page) => {
            page.invitations.get(index).map(|(language, _)| Event::Start(Some(*language)))
        }
        _ => None,
    }));
}

pub fn show(app: &ui::App, view: &AttractView) {
    let page = app.global::<ui::AttractAdapter>();
    page.set_mall(view.mall.as_str().into());
    page.set_offers(view.offers.as_str().into());
    page.set_shift(i32::from(view.shift));
    let invitations = view.invitations.iter().map(|(l, words)| language_row(*l, words, false)).collect();
    rows::refresh(&page.get_invitations(), invitations, |model| page.set_invitations(model));
}
