//! The help page: calling staff, and what to do in danger.

use kiosk::pages::help::{HelpTouch, HelpView};
use slint::{ComponentHandle, Image};

use super::{qr, rows};
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::HelpAdapter>();
    page.on_desk_shown(events.sender(HelpTouch::ShowDesk));
    page.on_defibrillator_shown(events.sender(HelpTouch::ShowDefibrillator));
    page.on_taken_back(events.sender(HelpTouch::TakeBack));
    page.on_danger_called(events.sender(HelpTouch::Danger));
}

pub fn show(app: &ui::App, _: &Maps, view: &HelpView, _: Option<&HelpView>) {
    let page = app.global::<ui::HelpAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_desk(view.desk.as_str().into());
    page.set_show_desk(view.show_desk.as_str().into());
    let code = qr::code(&view.qr);
    page.set_has_code(code.is_some());
    page.set_code(code.unwrap_or_default());
    page.set_follow(view.follow.as_str().into());
    page.set_take_back(view.take_back.as_str().into());
    let danger = &view.danger;
    page.set_danger(danger.title.as_str().into());
    let row = |(service, number): &(String, &str)| ui::EmergencyRow {
        service: service.as_str().into(),
        number: (*number).into(),
    };
    let numbers = danger.numbers.iter().map(row).collect();
    rows::refresh(&page.get_numbers(), numbers, |model| page.set_numbers(model));
    page.set_defibrillator(danger.defibrillator.as_str().into());
    page.set_show_defibrillator(danger.show_defibrillator.as_str().into());
    page.set_danger_call(danger.call.as_str().into());
}

/// Clears the code of the call.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::HelpAdapter>();
    page.set_has_code(false);
    page.set_code(Image::default());
    page.set_follow("".into());
}
