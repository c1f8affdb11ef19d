//! The review page: all answers, before they are sent.

use kiosk::pages::review::{ReviewTouch, ReviewView};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::ReviewAdapter>();
    page.on_changed_line(events.chooser(|_, index| Some(ReviewTouch::Change(index))));
    page.on_added(events.chooser(|_, index| Some(ReviewTouch::Add(index))));
}

pub fn show(app: &ui::App, _: &Maps, view: &ReviewView, _: Option<&ReviewView>) {
    let page = app.global::<ui::ReviewAdapter>();
    page.set_progress(rows::progress(&view.progress));
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_change(view.change.as_str().into());
    page.set_privacy(view.privacy.as_str().into());
    page.set_more(view.more.as_str().into());
    let additions = view.additions.iter().map(SharedString::from).collect();
    rows::refresh(&page.get_additions(), additions, |model| page.set_additions(model));
    let lines = view
        .rows
        .iter()
        .map(|row| ui::NoticeRow { title: row.label.as_str().into(), text: row.value.as_str().into() })
        .collect();
    rows::refresh(&page.get_lines(), lines, |model| page.set_lines(model));
}

/// Clears the visitor's answers.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::ReviewAdapter>();
    page.set_lines(ModelRc::default());
    page.set_additions(ModelRc::default());
}
