//! The attract screen, shown while nobody uses the kiosk.

use kiosk::pages::PageView;
use kiosk::pages::attract::{AttractTouch, AttractView};
use slint::ComponentHandle;

use super::overlay::language_row;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::AttractAdapter>();
    page.on_start(events.sender(AttractTouch::Start(None)));
    page.on_start_in(events.chooser(|view, index| match &view.page {
        PageView::Attract(page) => {
            page.invitations.get(index).map(|(language, _)| AttractTouch::Start(Some(*language)))
        }
        _ => None,
    }));
}

pub fn show(app: &ui::App, maps: &Maps, view: &AttractView, _: Option<&AttractView>) {
    let page = app.global::<ui::AttractAdapter>();
    maps.home.show(app, view.next_map.as_ref());
    page.set_mall(view.mall.as_str().into());
    page.set_offers(view.offers.as_str().into());
    page.set_shift(i32::from(view.shift));
    let invitations = view.invitations.iter().map(|(l, words)| language_row(*l, words, false)).collect();
    rows::refresh(&page.get_invitations(), invitations, |model| page.set_invitations(model));
}

/// Does nothing: this page holds no visitor data.
pub fn forget(_: &ui::App, _: &Maps) {}
