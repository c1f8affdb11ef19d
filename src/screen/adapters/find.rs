//! The list of places.

use kiosk::event::{Event, FindEvent};
use kiosk::view::{Field, FindView, PageView, View};
use slint::{ComponentHandle, ModelRc};

use super::icons::Icons;
use super::rows;
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::FindAdapter>();
    page.on_search_tapped(events.sender(|| Event::FieldTapped(Field::Search)));
    page.on_search_cleared(events.sender(|| Event::FieldCleared(Field::Search)));
    page.on_group(events.chooser(|_, index| Some(Event::Find(FindEvent::Group(index)))));
    page.on_place(
        events.chooser(|view, index| find(view)?.rows.get(index).map(|row| Event::PlaceChosen(row.place))),
    );
}

fn find(view: &View) -> Option<&FindView> {
    match &view.page {
        PageView::Find(page) => Some(page),
        _ => None,
    }
}

pub fn show(app: &ui::App, view: &FindView, last: Option<&View>) {
    let page = app.global::<ui::FindAdapter>();
    let icons = Icons::of(app);
    page.set_title(view.title.as_str().into());
    page.set_search(rows::field(&view.search));
    let groups = view.groups.iter().map(|chip| rows::chip(chip, &icons)).collect();
    rows::refresh(&page.get_groups(), groups, |model| page.set_groups(model));
    page.set_summary(view.summary.as_str().into());
    page.set_nothing(view.nothing.as_str().into());
    let before = last.and_then(find);
    if before.is_some_and(|before| before.rows == view.rows) {
        return;
    }
    let places = rows::places(&view.rows, &icons);
    rows::refresh(&page.get_longest(), rows::longest(&places), |model| page.set_longest(model));
    rows::refresh(&page.get_places(), places, |model| page.set_places(model));
    // The same places at another minute are the same list; other places begin at the top.
    let ids = |view: &FindView| view.rows.iter().map(|row| row.place).collect::<Vec<_>>();
    if before.is_none_or(|before| ids(before) != ids(view)) {
        page.set_edition(page.get_edition().wrapping_add(1));
    }
}

/// Drops what was searched for.
pub fn forget(page: &ui::FindAdapter<'_>) {
    page.set_search(ui::FieldText::default());
    page.set_summary("".into());
    page.set_places(ModelRc::default());
    page.set_longest(ModelRc::default());
}
