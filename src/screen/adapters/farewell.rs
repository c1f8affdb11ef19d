//! The farewell page, after the receipt.

use kiosk::pages::farewell::{FarewellTouch, FarewellView};
use slint::ComponentHandle;

use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    app.global::<ui::FarewellAdapter>().on_receipt(events.sender(FarewellTouch::Receipt));
}

pub fn show(app: &ui::App, _: &Maps, view: &FarewellView, _: Option<&FarewellView>) {
    let page = app.global::<ui::FarewellAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_text(view.text.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_again(view.again.as_str().into());
}

/// Does nothing: this page shows no visitor data.
pub fn forget(_: &ui::App, _: &Maps) {}
