//! The number and the code on a receipt.

use kiosk::event::{Event, FollowEvent};
use kiosk::view::{Field, FollowView};
use slint::ComponentHandle;

use super::rows;
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::FollowAdapter>();
    page.on_number_tapped(events.sender(|| Event::FieldTapped(Field::CaseNumber)));
    page.on_code_tapped(events.sender(|| Event::FieldTapped(Field::CaseCode)));
    page.on_desk_shown(events.sender(|| Event::Follow(FollowEvent::ShowDesk)));
}

pub fn show(app: &ui::App, view: &FollowView) {
    let page = app.global::<ui::FollowAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_number(rows::field(&view.number));
    page.set_code(rows::field(&view.code));
    page.set_writing(rows::on(view.number.focused) || rows::on(view.code.focused));
    page.set_scan(view.scan.as_str().into());
    page.set_trouble(view.trouble.as_ref().map(rows::notice).unwrap_or_default());
    page.set_desk(view.desk.as_str().into());
    page.set_show_desk(view.show_desk.as_str().into());
}

/// Drops what was typed.
pub fn forget(page: &ui::FollowAdapter<'_>) {
    page.set_number(ui::FieldText::default());
    page.set_code(ui::FieldText::default());
    page.set_trouble(ui::NoticeRow::default());
}
