//! The feedback form.

use kiosk::event::{Event, FeedbackEvent};
use kiosk::view::{FeedbackStep, FeedbackView, Field, PageView, View};
use slint::{ComponentHandle, SharedString};

use super::icons::Icons;
use super::rows::{self, on};
use crate::ui;
use crate::window::Events;

pub fn connect(app: &ui::App, events: &Events) {
    let page = app.global::<ui::FeedbackAdapter>();
    let number = |value: usize| u8::try_from(value).ok();
    page.on_face_chosen(
        events.chooser(move |_, value| Some(Event::Feedback(FeedbackEvent::Face(number(value)?)))),
    );
    page.on_tag(events.chooser(|view, index| match step(view)? {
        FeedbackStep::Faces { tags, .. } => {
            tags.get(index).map(|(tag, _)| Event::Feedback(FeedbackEvent::Tag(*tag)))
        }
        _ => None,
    }));
    page.on_words_tapped(events.sender(|| Event::FieldTapped(Field::Words)));
    page.on_recommend_chosen(
        events.chooser(move |_, value| Some(Event::Feedback(FeedbackEvent::Recommend(number(value)?)))),
    );
}

fn step(view: &View) -> Option<&FeedbackStep> {
    match &view.page {
        PageView::Feedback(page) => Some(&page.step),
        _ => None,
    }
}

pub fn show(app: &ui::App, view: &FeedbackView) {
    let page = app.global::<ui::FeedbackAdapter>();
    page.set_progress(rows::progress(&view.progress));
    page.set_title(view.title.as_str().into());
    page.set_hint(view.hint.as_str().into());
    match &view.step {
        FeedbackStep::Faces { faces, tags_title, tags } => {
            let names = faces.iter().map(|(_, name, _)| SharedString::from(name)).collect();
            rows::refresh(&page.get_faces(), names, |model| page.set_faces(model));
            let chosen = faces.iter().find(|(_, _, chosen)| on(*chosen)).map_or(0, |(value, ..)| *value);
            page.set_face(i32::from(chosen));
            page.set_tags_title(tags_title.as_str().into());
            let icons = Icons::of(app);
            let tags = tags.iter().map(|(_, chip)| rows::chip(chip, &icons)).collect();
            rows::refresh(&page.get_tags(), tags, |model| page.set_tags(model));
            page.set_step(ui::FeedbackStepName::Faces);
        }
        FeedbackStep::Words(field) => {
            page.set_words(rows::field(field));
            page.set_step(ui::FeedbackStepName::Words);
        }
        FeedbackStep::Recommend { low, high, chosen } => {
            page.set_low(low.as_str().into());
            page.set_high(high.as_str().into());
            page.set_recommend(chosen.map_or(-1, i32::from));
            page.set_step(ui::FeedbackStepName::Recommend);
        }
    }
}

/// Drops what was said.
pub fn forget(page: &ui::FeedbackAdapter<'_>) {
    page.set_words(ui::FieldText::default());
    page.set_face(0);
    page.set_recommend(-1);
}
