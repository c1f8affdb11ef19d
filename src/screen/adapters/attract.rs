//! The attract screen, shown while nobody uses the kiosk.

use domain::language::Language;
use kiosk::app::View;
use kiosk::pages::PageView;
use kiosk::pages::attract::{AttractTouch, AttractView, Invitation};
use slint::{ComponentHandle, SharedString};

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::AttractAdapter>();
    page.on_start(events.sender(AttractTouch::Start(None)));
    page.on_start_in(
        events.chooser(|view, n| language(view, n).map(|language| AttractTouch::Start(Some(language)))),
    );
    page.on_large_text(events.chooser(|view, n| language(view, n).map(AttractTouch::LargeText)));
    page.on_call_staff(events.chooser(|view, n| language(view, n).map(AttractTouch::CallStaff)));
    page.on_face(events.chooser(|_, face| u8::try_from(face).ok().map(AttractTouch::Face)));
}

/// The language of the invitation at this index.
fn language(view: &View, index: usize) -> Option<Language> {
    match &view.page {
        PageView::Attract(page) => page.invitations.get(index).map(|invitation| invitation.language),
        _ => None,
    }
}

pub fn show(app: &ui::App, maps: &Maps, view: &AttractView, _: Option<&AttractView>) {
    let page = app.global::<ui::AttractAdapter>();
    maps.home.show(app, view.next_map.as_ref());
    page.set_mall(view.mall.as_str().into());
    page.set_offers(view.offers.as_str().into());
    page.set_hours(view.hours.as_str().into());
    page.set_shift(i32::from(view.shift));
    let row = |invitation: &Invitation| ui::InvitationRow {
        name: invitation.language.own_name().into(),
        family: invitation.language.font_family().into(),
        start: invitation.start.as_str().into(),
        large_text: invitation.large_text.as_str().into(),
        call_staff: invitation.call_staff.as_str().into(),
    };
    let invitations = view.invitations.iter().map(row).collect();
    rows::refresh(&page.get_invitations(), invitations, |model| page.set_invitations(model));
    page.set_rate(view.faces.question.as_str().into());
    let names = view.faces.names.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_faces(), names, |model| page.set_faces(model));
}

/// Does nothing: this page holds no visitor data.
pub fn forget(_: &ui::App, _: &Maps) {}
