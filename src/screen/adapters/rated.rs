//! The page after a rating by one touch.

use kiosk::pages::rated::{RatedTouch, RatedView};
use slint::{ComponentHandle, SharedString};

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::RatedAdapter>();
    page.on_face(events.chooser(|_, face| u8::try_from(face).ok().map(RatedTouch::Face)));
    page.on_more_activated(events.sender(RatedTouch::More));
    page.on_take_back_activated(events.sender(RatedTouch::TakeBack));
}

pub fn show(app: &ui::App, _: &Maps, view: &RatedView, _: Option<&RatedView>) {
    let page = app.global::<ui::RatedAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_question(view.faces.question.as_str().into());
    let names = view.faces.names.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_names(), names, |model| page.set_names(model));
    page.set_value(i32::from(view.value));
    page.set_more(view.more.as_str().into());
    page.set_take_back(view.take_back.as_str().into());
}

/// Clears the rating.
pub fn forget(app: &ui::App, _: &Maps) {
    app.global::<ui::RatedAdapter>().set_value(0);
}
