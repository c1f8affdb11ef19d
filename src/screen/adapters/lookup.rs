//! The case lookup page: the case number and the receipt code.

use kiosk::event::Touch;
use kiosk::pages::lookup::{LookupTouch, LookupView};
use kiosk::view::Field;
use slint::ComponentHandle;

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::LookupAdapter>();
    page.on_number_tapped(events.sender(Touch::FieldTapped(Field::CaseNumber)));
    page.on_code_tapped(events.sender(Touch::FieldTapped(Field::CaseCode)));
    page.on_number_cleared(events.sender(Touch::FieldCleared(Field::CaseNumber)));
    page.on_code_cleared(events.sender(Touch::FieldCleared(Field::CaseCode)));
    page.on_desk_shown(events.sender(LookupTouch::ShowDesk));
}

pub fn show(app: &ui::App, _: &Maps, view: &LookupView, _: Option<&LookupView>) {
    let page = app.global::<ui::LookupAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_number(rows::field(&view.number));
    page.set_code(rows::field(&view.code));
    page.set_writing(view.number.focused || view.code.focused);
    page.set_scan(view.scan.as_str().into());
    page.set_failure(view.failure.as_ref().map(rows::notice).unwrap_or_default());
    page.set_desk(view.desk.as_str().into());
    page.set_show_desk(view.show_desk.as_str().into());
}

/// Clears what the visitor typed.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::LookupAdapter>();
    page.set_number(ui::FieldText::default());
    page.set_code(ui::FieldText::default());
    page.set_failure(ui::NoticeRow::default());
}
