//! The form page: one step of any form.
//!
//! A step is a list of parts (faces, scale, cards, chips, text, phrases, contact). Nothing here knows a
//! particular form or question: parts and answers come from the view.

use kiosk::app::View;
use kiosk::event::Touch;
use kiosk::pages::PageView;
use kiosk::pages::form::{FormStep, FormTouch, FormView, ItemAsk, ItemView};
use kiosk::view::{Field, FieldView};
use slint::{ComponentHandle, Model, ModelRc, SharedString, VecModel};

use super::icons::Icons;
use super::pointing;
use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

pub fn connect(app: &ui::App, events: &Events, maps: &Maps) {
    pointing::connect(app, events, maps);
    let page = app.global::<ui::FormAdapter>();
    let picked = events.clone();
    page.on_picked(move |item, index| {
        if let (Ok(item), Ok(index)) = (usize::try_from(item), usize::try_from(index)) {
            picked.send(FormTouch::Pick { item, index });
        }
    });
    let tapped = events.clone();
    page.on_tapped(move |item, index| {
        tapped.choose(|view| {
            let FormStep::Items(items) = step(view)? else { return None };
            field_of(items.get(usize::try_from(item).ok()?)?, index).map(Touch::FieldTapped)
        });
    });
    page.on_here_chosen(events.sender(FormTouch::PlaceHere));
    page.on_map_chosen(events.sender(FormTouch::PlaceOnMap));
    page.on_unknown_chosen(events.sender(FormTouch::PlaceUnknown));
    page.on_search_tapped(events.sender(Touch::FieldTapped(Field::PlaceSearch)));
    page.on_search_cleared(events.sender(Touch::FieldCleared(Field::PlaceSearch)));
    page.on_place(events.chooser(|view, index| match step(view)? {
        FormStep::Place { rows, .. } => rows.get(index).map(|row| Touch::PlaceChosen(row.place)),
        FormStep::Items(_) | FormStep::Map { .. } => None,
    }));
}

fn step(view: &View) -> Option<&FormStep> {
    match &view.page {
        PageView::Form(page) => Some(&page.step),
        _ => None,
    }
}

/// The field at an index of a part; -1 stands for the focused field.
fn field_of(item: &ItemView, index: i32) -> Option<Field> {
    match &item.ask {
        ItemAsk::Text { field, .. } => Some(*field),
        ItemAsk::Contact { fields, .. } => match usize::try_from(index) {
            Ok(index) => fields.get(index).map(|(field, _)| *field),
            Err(_) => fields.iter().find(|(_, view)| view.focused).map(|(field, _)| *field),
        },
        _ => None,
    }
}

/// Whether a text field of this part has the focus.
fn written(item: &ItemView) -> bool {
    match &item.ask {
        ItemAsk::Text { view, .. } => view.focused,
        ItemAsk::Contact { fields, .. } => fields.iter().any(|(_, view)| view.focused),
        _ => false,
    }
}

pub fn show(app: &ui::App, maps: &Maps, view: &FormView, _: Option<&FormView>) {
    let page = app.global::<ui::FormAdapter>();
    let icons = Icons::of(app);
    page.set_progress(rows::progress(&view.progress));
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_danger(view.danger.as_ref().map(rows::notice).unwrap_or_default());
    page.set_privacy(view.privacy.as_str().into());
    pointing::show(app, maps, &view.step);
    page.set_points(matches!(view.step, FormStep::Map { .. }));
    page.set_asks_place(matches!(view.step, FormStep::Place { .. }));
    match &view.step {
        FormStep::Map { .. } => page.set_writing(false),
        FormStep::Items(items) => {
            let known = page.get_items();
            let parts =
                items.iter().enumerate().map(|(n, item)| part(item, known.row_data(n), &icons)).collect();
            rows::refresh(&known, parts, |model| page.set_items(model));
            page.set_writing(items.iter().any(written));
        }
        FormStep::Place { here, map, unknown, chosen, search, nearby, rows: places, error } => {
            page.set_here(rows::chip(here, &icons));
            page.set_has_map(map.is_some());
            page.set_on_map(map.as_ref().map(|map| rows::chip(map, &icons)).unwrap_or_default());
            page.set_unknown(rows::chip(unknown, &icons));
            page.set_place_chosen(chosen.as_str().into());
            page.set_search(rows::field(search));
            page.set_nearby(nearby.as_str().into());
            page.set_place_missing(error.as_str().into());
            let places = rows::places(places, &icons);
            rows::refresh(&page.get_longest(), rows::longest(&places), |model| page.set_longest(model));
            rows::refresh(&page.get_places(), places, |model| page.set_places(model));
            page.set_writing(search.focused);
        }
    }
}

/// Converts a part for the window. A model of the previous part is reused where this part needs one of its
/// kind, so that the control under a finger, or with the focus, is not rebuilt.
fn part(view: &ItemView, before: Option<ui::FormItem>, icons: &Icons<'_>) -> ui::FormItem {
    let before = before.unwrap_or_default();
    let head = ui::FormItem {
        title: view.title.as_str().into(),
        hint: view.hint.as_str().into(),
        error: view.error.as_str().into(),
        ..ui::FormItem::default()
    };
    match &view.ask {
        ItemAsk::Faces { names, value } => ui::FormItem {
            kind: ui::FormItemKind::Faces,
            names: kept(&before.names, names.iter().map(SharedString::from).collect()),
            value: i32::from(*value),
            ..head
        },
        ItemAsk::Scale { lowest, highest, low, high, value } => ui::FormItem {
            kind: ui::FormItemKind::Scale,
            lowest: i32::from(*lowest),
            highest: i32::from(*highest),
            low: low.as_str().into(),
            high: high.as_str().into(),
            value: value.and_then(|n| i32::try_from(n).ok()).unwrap_or(-1),
            ..head
        },
        ItemAsk::Cards(cards) => {
            let card = |card: &kiosk::pages::form::CardView| ui::CardRow {
                title: card.title.as_str().into(),
                examples: card.examples.as_str().into(),
                icon: icons.image(card.icon),
                chosen: card.chosen,
            };
            let cards = kept(&before.cards, cards.iter().map(card).collect());
            ui::FormItem { kind: ui::FormItemKind::Cards, cards, ..head }
        }
        ItemAsk::Chips(chips) => {
            let chips = kept(&before.chips, chips.iter().map(|chip| rows::chip(chip, icons)).collect());
            ui::FormItem { kind: ui::FormItemKind::Chips, chips, ..head }
        }
        ItemAsk::Text { view, labelled, .. } => ui::FormItem {
            kind: ui::FormItemKind::Text,
            field: rows::field(view),
            labelled: *labelled,
            ..head
        },
        ItemAsk::Phrases(phrases) => ui::FormItem {
            kind: ui::FormItemKind::Phrases,
            names: kept(&before.names, phrases.iter().map(SharedString::from).collect()),
            ..head
        },
        ItemAsk::Contact { consent, fields, without } => {
            let writing = |(_, view): &&(Field, FieldView)| view.focused;
            ui::FormItem {
                kind: ui::FormItemKind::Contact,
                text: consent.label.as_str().into(),
                value: i32::from(consent.chosen),
                field: fields.iter().find(writing).map(|(_, view)| rows::field(view)).unwrap_or_default(),
                fields: kept(&before.fields, fields.iter().map(|(_, view)| rows::field(view)).collect()),
                low: without.as_str().into(),
                ..head
            }
        }
    }
}

/// Updates this model to these rows, or makes a new one. The model stands in a row of another one.
///
/// Slint 1.18 loses a change of an inner row while the outer row is changed and not shown yet: two keys in one
/// turn of the event loop would show the first only (`Repeater::row_changed` marks the instance and not the
/// repeater). A row that comes and goes marks the repeater too.
fn kept<T: Clone + Default + PartialEq + 'static>(before: &ModelRc<T>, rows: Vec<T>) -> ModelRc<T> {
    let mut model = before.clone();
    rows::refresh(before, rows, |made| model = made);
    if let Some(known) = before.as_any().downcast_ref::<VecModel<T>>() {
        known.push(T::default());
        known.remove(known.row_count() - 1);
    }
    model
}

/// Clears the visitor's answers and the map.
pub fn forget(app: &ui::App, maps: &Maps) {
    pointing::show(app, maps, &FormStep::default());
    let page = app.global::<ui::FormAdapter>();
    page.set_items(ModelRc::default());
    page.set_search(ui::FieldText::default());
    page.set_places(ModelRc::default());
    page.set_longest(ModelRc::default());
    page.set_place_chosen("".into());
}
