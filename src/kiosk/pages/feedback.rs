//! The feedback form: five faces and what it is about, words, and whether one would recommend the mall.
//!
//! Only the face is asked for; everything after it may be skipped.

use domain::submission::{Body, Csat, Feedback, Nps, Story, Tag};

use crate::app::App;
use crate::event::{Effect, FeedbackEvent};
use crate::keyboard::field_view;
use crate::outbox::Said;
use crate::pages::{Page, review};
use crate::view::{ChipView, Chosen, FeedbackStep, FeedbackView, Field, ProgressView};

/// A step of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The face and the tags.
    Faces,
    /// Words.
    Words,
    /// 0 to 10.
    Recommend,
}

/// Steps of the form, the review counted.
pub const STEPS: u8 = 4;

impl Step {
    fn number(self) -> u8 {
        match self {
            Self::Faces => 1,
            Self::Words => 2,
            Self::Recommend => 3,
        }
    }

    /// The one before.
    pub fn previous(self) -> Option<Self> {
        match self {
            Self::Faces => None,
            Self::Words => Some(Self::Faces),
            Self::Recommend => Some(Self::Words),
        }
    }
}

/// A touch on it.
pub fn handle(app: &mut App, event: FeedbackEvent) -> Vec<Effect> {
    let form = &mut app.session.feedback;
    match event {
        FeedbackEvent::Face(face) if (Csat::LOWEST..=Csat::HIGHEST).contains(&face) => form.face = Some(face),
        FeedbackEvent::Tag(tag) => match form.tags.iter().position(|t| *t == tag) {
            Some(at) => {
                form.tags.remove(at);
            }
            None => form.tags.push(tag),
        },
        FeedbackEvent::Recommend(n) if n <= Nps::HIGHEST => {
            form.recommend = if form.recommend == Some(n) { None } else { Some(n) };
        }
        FeedbackEvent::Face(_) | FeedbackEvent::Recommend(_) => {}
    }
    Vec::new()
}

/// The main button of a step.
pub fn primary(app: &App, step: Step) -> (&'static str, bool) {
    match step {
        Step::Faces => ("feedback.to-words", app.session.feedback.face.is_some()),
        Step::Words if app.session.typed(Field::Words).is_none() => ("feedback.skip", true),
        Step::Words => ("feedback.to-recommend", true),
        Step::Recommend if app.session.feedback.recommend.is_none() => ("feedback.skip", true),
        Step::Recommend => ("form.to-review", true),
    }
}

/// The main button was pressed.
pub fn next(app: &mut App, step: Step) -> Vec<Effect> {
    if !primary(app, step).1 {
        return Vec::new();
    }
    app.turn(match step {
        Step::Faces => Page::Feedback(Step::Words),
        Step::Words => Page::Feedback(Step::Recommend),
        Step::Recommend => Page::Review(review::Form::Feedback),
    })
}

/// What is sent.
pub fn said(app: &App) -> Option<Said> {
    let form = &app.session.feedback;
    Some(Said {
        language: app.session.language,
        place: crate::session::place_ref(&app.world, &crate::session::Whereabouts::Here),
        body: Body::Feedback(Feedback {
            csat: Csat::try_from(form.face?).ok()?,
            tags: form.tags.clone(),
            words: app.session.typed(Field::Words).and_then(|t| Story::parse(t).ok()),
            nps: form.recommend.and_then(|n| Nps::try_from(n).ok()),
        }),
        contact: None,
    })
}

/// What it shows.
pub fn view(app: &App, step: Step) -> FeedbackView {
    let (title, hint, step_view) = match step {
        Step::Faces => ("feedback.faces", "feedback.faces.hint", faces(app)),
        Step::Words => {
            let field = field_view(
                &app.session,
                Field::Words,
                "feedback.words",
                "feedback.words.placeholder",
                String::new(),
            );
            ("feedback.words", "feedback.words.hint", FeedbackStep::Words(field))
        }
        Step::Recommend => ("feedback.recommend", "feedback.recommend.hint", recommend(app)),
    };
    FeedbackView {
        progress: progress(app, "feedback.progress", step.number(), STEPS),
        title: app.word(title),
        hint: app.word(hint),
        step: step_view,
    }
}

/// `Feedback · step 1 of 4`.
pub fn progress(app: &App, key: &str, step: u8, of: u8) -> ProgressView {
    let words = app.fill(key, &[("step", &step.to_string()), ("of", &of.to_string())]);
    ProgressView { words, step, of }
}

fn faces(app: &App) -> FeedbackStep {
    let form = &app.session.feedback;
    let chosen = |on: bool| if on { Chosen::Yes } else { Chosen::No };
    let face = |n: u8| (n, app.word(&format!("face.{n}")), chosen(form.face == Some(n)));
    let tag = |tag: &Tag| {
        let label = app.word(&format!("tag.{}", tag.key()));
        (*tag, ChipView { label, icon: "", chosen: chosen(form.tags.contains(tag)) })
    };
    let asked = form.face.is_some();
    FeedbackStep::Faces {
        faces: (Csat::LOWEST..=Csat::HIGHEST).map(face).collect(),
        tags_title: if asked { app.word("feedback.tags") } else { String::new() },
        tags: if asked { Tag::ALL.iter().map(tag).collect() } else { Vec::new() },
    }
}

fn recommend(app: &App) -> FeedbackStep {
    FeedbackStep::Recommend {
        low: app.word("feedback.recommend.low"),
        high: app.word("feedback.recommend.high"),
        chosen: app.session.feedback.recommend,
    }
}
