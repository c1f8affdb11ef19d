//! Calling somebody.

use kiosk::event::Event;
use kiosk::view::HelpView;
use slint::ComponentHandle;

use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    app.global::<ui::HelpAdapter>().on_desk_shown(events.sender(|| Event::HelpShowDesk));
}

pub fn show(app: &ui::App, view: &HelpView) {
    let page = app.global::<ui::HelpAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_desk(view.desk.as_str().into());
    page.set_show_desk(view.show_desk.as_str().into());
}
