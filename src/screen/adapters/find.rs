//! The find page: the list of places, its search field and its category chips.

use kiosk::app::View;
use kiosk::event::{Event, Touch};
use kiosk::pages::PageView;
use kiosk::pages::find::{FindTouch, FindView};
use kiosk::view::Field;
use slint::{ComponentHandle, ModelRc};

use super::icons::Icons;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, _: &Maps) {
    let page = app.global::<ui::FindAdapter>();
    page.on_search_tapped(events.sender(Touch::FieldTapped(Field::Search)));
    page.on_search_cleared(events.sender(Touch::FieldCleared(Field::Search)));
    page.on_group(events.chooser(|_, index| Some(FindTouch::Group(index))));
    page.on_place(events.chooser(|view, index| {
        find(view)?.rows.get(index).map(|row| match row.facility {
            Some(facility) => Event::from(FindTouch::Facility(facility)),
            None => Event::from(Touch::PlaceChosen(row.place)),
        })
    }));
}

fn find(view: &View) -> Option<&FindView> {
    match &view.page {
        PageView::Find(page) => Some(page),
        _ => None,
    }
}

pub fn show(app: &ui::App, _: &Maps, view: &FindView, last: Option<&FindView>) {
    let page = app.global::<ui::FindAdapter>();
    let icons = Icons::of(app);
    page.set_title(view.title.as_str().into());
    page.set_search(rows::field(&view.search));
    let groups = view.groups.iter().map(|chip| rows::chip(chip, &icons)).collect();
    rows::refresh(&page.get_groups(), groups, |model| page.set_groups(model));
    page.set_summary(view.summary.as_str().into());
    page.set_nothing(view.nothing.as_str().into());
    if last.is_some_and(|last| last.rows == view.rows) {
        return;
    }
    let places = rows::places(&view.rows, &icons);
    rows::refresh(&page.get_longest(), rows::longest(&places), |model| page.set_longest(model));
    rows::refresh(&page.get_places(), places, |model| page.set_places(model));
    // The clock may change a row (minutes, open or closed) but not the list. The list scrolls back to its
    // start only when it holds different places.
    let ids = |view: &FindView| view.rows.iter().map(|row| row.place).collect::<Vec<_>>();
    if last.is_none_or(|last| ids(last) != ids(view)) {
        page.set_edition(page.get_edition().wrapping_add(1));
    }
}

/// Clears the search text and its results.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::FindAdapter>();
    page.set_search(ui::FieldText::default());
    page.set_summary("".into());
    page.set_places(ModelRc::default());
    page.set_longest(ModelRc::default());
}
