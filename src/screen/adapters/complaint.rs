//! The complaint form.

use kiosk::event::{ComplaintEvent, Event};
use kiosk::view::{ComplaintStep, ComplaintView, Field, FieldView, PageView, View};
use slint::{ComponentHandle, ModelRc, SharedString};

use super::icons::Icons;
use super::rows::{self, on};
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::ComplaintAdapter>();
    page.on_category(events.chooser(|view, index| match step(view)? {
        ComplaintStep::Category(cards) => {
            cards.get(index).map(|card| Event::Complaint(ComplaintEvent::Category(card.category)))
        }
        _ => None,
    }));
    page.on_here_chosen(events.sender(|| Event::Complaint(ComplaintEvent::PlaceHere)));
    page.on_unknown_chosen(events.sender(|| Event::Complaint(ComplaintEvent::PlaceUnknown)));
    page.on_search_tapped(events.sender(|| Event::FieldTapped(Field::PlaceSearch)));
    page.on_search_cleared(events.sender(|| Event::FieldCleared(Field::PlaceSearch)));
    page.on_place(events.chooser(|view, index| match step(view)? {
        ComplaintStep::Place { rows, .. } => rows.get(index).map(|row| Event::PlaceChosen(row.place)),
        _ => None,
    }));
    page.on_story_tapped(events.sender(|| Event::FieldTapped(Field::Story)));
    page.on_phrase(events.chooser(|_, index| Some(Event::Complaint(ComplaintEvent::Phrase(index)))));
    page.on_remedy(events.chooser(|view, index| match step(view)? {
        ComplaintStep::Wish { remedies, .. } => {
            remedies.get(index).map(|(remedy, _)| Event::Complaint(ComplaintEvent::Remedy(*remedy)))
        }
        _ => None,
    }));
    page.on_consent_tapped(events.sender(|| Event::Complaint(ComplaintEvent::Consent)));
    page.on_field_tapped(events.chooser(|view, index| match step(view)? {
        ComplaintStep::Wish { fields, .. } => fields.get(index).map(|(field, _)| Event::FieldTapped(*field)),
        _ => None,
    }));
    let here = events.clone();
    page.on_this_tapped(move || {
        here.choose(|view| match step(view)? {
            ComplaintStep::Wish { fields, .. } => fields
                .iter()
                .find(|(_, field)| on(field.focused))
                .map(|(field, _)| Event::FieldTapped(*field)),
            _ => None,
        });
    });
}

fn step(view: &View) -> Option<&ComplaintStep> {
    match &view.page {
        PageView::Complaint(page) => Some(&page.step),
        _ => None,
    }
}

pub fn show(app: &ui::App, view: &ComplaintView) {
    let page = app.global::<ui::ComplaintAdapter>();
    let icons = Icons::of(app);
    page.set_progress(rows::progress(&view.progress));
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    page.set_danger(view.danger.as_ref().map(rows::notice).unwrap_or_default());
    page.set_privacy(view.privacy.as_str().into());
    let writing = |field: &FieldView| on(field.focused);
    match &view.step {
        ComplaintStep::Category(cards) => {
            let cards = cards
                .iter()
                .map(|card| ui::CardRow {
                    title: card.title.as_str().into(),
                    examples: card.examples.as_str().into(),
                    chosen: on(card.chosen),
                })
                .collect();
            rows::refresh(&page.get_categories(), cards, |model| page.set_categories(model));
            page.set_writing(false);
            page.set_step(ui::ComplaintStepName::Category);
        }
        ComplaintStep::Place { here, unknown, chosen, search, nearby, rows: places } => {
            page.set_here(rows::chip(here, &icons));
            page.set_unknown(rows::chip(unknown, &icons));
            page.set_place_chosen(chosen.as_str().into());
            page.set_search(rows::field(search));
            page.set_nearby(nearby.as_str().into());
            let places = rows::places(places, &icons);
            rows::refresh(&page.get_longest(), rows::longest(&places), |model| page.set_longest(model));
            rows::refresh(&page.get_places(), places, |model| page.set_places(model));
            page.set_writing(writing(search));
            page.set_step(ui::ComplaintStepName::Place);
        }
        ComplaintStep::Story { field, phrases } => {
            page.set_story(rows::field(field));
            let phrases = phrases.iter().map(SharedString::from).collect();
            rows::refresh(&page.get_phrases(), phrases, |model| page.set_phrases(model));
            page.set_writing(writing(field));
            page.set_step(ui::ComplaintStepName::Story);
        }
        ComplaintStep::Wish { remedies, contact_title, consent, fields, without } => {
            let remedies = remedies.iter().map(|(_, chip)| rows::chip(chip, &icons)).collect();
            rows::refresh(&page.get_remedies(), remedies, |model| page.set_remedies(model));
            page.set_contact_title(contact_title.as_str().into());
            page.set_consent(rows::chip(consent, &icons));
            let here = fields.iter().find(|(_, field)| writing(field));
            page.set_writing(here.is_some());
            page.set_field(here.map(|(_, field)| rows::field(field)).unwrap_or_default());
            let fields = fields.iter().map(|(_, field)| rows::field(field)).collect();
            rows::refresh(&page.get_fields(), fields, |model| page.set_fields(model));
            page.set_without(without.as_str().into());
            page.set_step(ui::ComplaintStepName::Wish);
        }
    }
}

/// Drops what was said.
pub fn forget(page: &ui::ComplaintAdapter<'_>) {
    page.set_search(ui::FieldText::default());
    page.set_story(ui::FieldText::default());
    page.set_fields(ModelRc::default());
    page.set_field(ui::FieldText::default());
    page.set_places(ModelRc::default());
    page.set_longest(ModelRc::default());
    page.set_place_chosen("".into());
    page.set_categories(ModelRc::default());
    page.set_remedies(ModelRc::default());
}
