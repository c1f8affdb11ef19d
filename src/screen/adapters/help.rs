//! The help page: calling staff.

use kiosk::pages::help::{HelpTouch, HelpView};
use slint::ComponentHandle;

use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    app.global::<ui::HelpAdapter>().on_desk_shown(events.sender(HelpTouch::ShowDesk));
}

pub fn show(app: &ui::App, _: &Maps, view: &HelpView, _: Option<&HelpView>) {
    let page = app.global::<ui::HelpAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_desk(view.desk.as_str().into());
    page.set_show_desk(view.show_desk.as_str().into());
}

/// Does nothing: this page holds no visitor data.
pub fn forget(_: &ui::App, _: &Maps) {}
