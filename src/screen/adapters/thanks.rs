//! The thanks page, which shows the receipt.

use kiosk::pages::thanks::ThanksView;
use slint::{ComponentHandle, Image, ModelRc};

use super::{qr, rows};
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

/// Does nothing: the page has no controls of its own, only the bottom bar.
pub fn connect(_: &ui::App, _: &Events, _: &Maps) {}

pub fn show(app: &ui::App, _: &Maps, view: &ThanksView, _: Option<&ThanksView>) {
    let page = app.global::<ui::ThanksAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_due(view.due.as_str().into());
    let code = qr::code(&view.qr);
    page.set_has_code(code.is_some());
    page.set_code(code.unwrap_or_default());
    page.set_number_label(view.number_label.as_str().into());
    page.set_number(view.number.as_str().into());
    page.set_short_label(view.code_label.as_str().into());
    page.set_short(view.code.as_str().into());
    let steps = view.steps.iter().map(rows::notice).collect();
    rows::refresh(&page.get_steps(), steps, |model| page.set_steps(model));
    page.set_offline(view.offline.as_str().into());
}

/// Clears the receipt.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::ThanksAdapter>();
    page.set_has_code(false);
    page.set_code(Image::default());
    page.set_number("".into());
    page.set_short("".into());
    page.set_due("".into());
    page.set_steps(ModelRc::default());
}
