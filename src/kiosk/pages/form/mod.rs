//! A step of a form, whichever form it is: what it asks, what is missing, and what comes next.
//!
//! Everything asked comes from the form's own data. The button that goes on can always be pressed; what is
//! wrong is then said beside its question, in plain words, and not before.

mod contact;
mod items;
mod place;
pub mod pointing;
mod when;

use std::sync::Arc;

use domain::form::{Answers, Field as Question, FieldKind, Form, InvalidReason};
use domain::kind::Kind;
use domain::submission::Body;

use crate::app::App;
use crate::event::{Effect, FormEvent};
use crate::filling::{Filling, answer_field, today};
use crate::keyboard;
use crate::outbox::Said;
use crate::pages::Page;
use crate::session::Whereabouts;
use crate::view::{Field, FormStep, FormView, Notice, ProgressView, ReviewRow};
use wayfinding::venue::FeatureId;

/// Opens a form at its first step.
pub fn open(app: &mut App, form: &Arc<Form>) -> Vec<Effect> {
    app.session.clear_forms();
    app.session.texts.open(&Filling::limits(form));
    app.session.filling = Some(Filling::new(Arc::clone(form)));
    app.go(Page::Form(0))
}

/// What was answered so far.
pub fn answers(app: &App, filling: &Filling) -> Answers {
    filling.answers(&app.session.texts, &app.world)
}

/// A touch on it.
pub fn handle(app: &mut App, event: FormEvent) -> Vec<Effect> {
    let step = match (app.session.page(), event) {
        (Page::Form(step), _) => *step,
        (Page::Pointing(looking), FormEvent::Map(event)) => {
            let looking = looking.clone();
            return pointing::handle(app, looking, event);
        }
        _ => return Vec::new(),
    };
    match event {
        FormEvent::Pick { item, index } => items::pick(app, step, item, index),
        FormEvent::PlaceHere => place::set(app, step, Whereabouts::Here),
        FormEvent::PlaceUnknown => place::set(app, step, Whereabouts::Unknown),
        FormEvent::PlaceOnMap => pointing::open(app, step),
        FormEvent::Map(_) => Vec::new(),
    }
}

/// A place was chosen, in a list.
pub fn place_chosen(app: &mut App, step: usize, id: FeatureId) -> Vec<Effect> {
    place::set(app, step, Whereabouts::Place(id))
}

/// What is wrong with an answer, if anything is.
fn wrong(
    app: &App,
    filling: &Filling,
    said: &Answers,
    n: usize,
    question: &Question,
) -> Option<InvalidReason> {
    match question.ask {
        FieldKind::Contact => contact::wrong(app, filling, question),
        FieldKind::Number { lowest, highest } if said.get(&question.id).is_none() => {
            let typed = app.session.texts.typed(answer_field(n)).is_some();
            if typed {
                Some(InvalidReason::Range { lowest, highest })
            } else {
                question.required.then_some(InvalidReason::Missing)
            }
        }
        _ => filling.form.check_field(question, said, None, today(&app.world, app.now)),
    }
}

/// The same in words, once the visitor tried to go on.
fn error(app: &App, filling: &Filling, said: &Answers, n: usize, question: &Question) -> String {
    if !filling.checked || question.ask == FieldKind::Contact {
        return String::new();
    }
    let Some(why) = wrong(app, filling, said, n, question) else { return String::new() };
    match (why, &question.ask) {
        (InvalidReason::Range { lowest, highest }, _) => app
            .fill("form.error.range", &[("lowest", &lowest.to_string()), ("highest", &highest.to_string())]),
        (_, FieldKind::Text { .. }) => app.word("form.error.write"),
        (_, FieldKind::Place) => app.word("form.error.place"),
        (_, FieldKind::Time { .. }) => app.word("form.error.time"),
        (_, FieldKind::Faces) => app.word("form.error.face"),
        _ => app.word("form.error.choose"),
    }
}

/// The main button of a step: the key of its words.
pub fn primary(app: &App, step: usize) -> Option<&'static str> {
    let filling = app.session.filling.as_ref()?;
    let said = answers(app, filling);
    let asked = filling.asked(step, &said);
    let untouched = |question: &Question| {
        !question.required
            && said.get(&question.id).is_none()
            && !(question.ask == FieldKind::Contact && filling.consent)
    };
    Some(if filling.steps(&said).last() == Some(&step) {
        "form.to-review"
    } else if asked.iter().all(|(_, question)| untouched(question)) {
        "form.skip"
    } else {
        "form.next"
    })
}

/// The main button was pressed.
pub fn next(app: &mut App, step: usize) -> Vec<Effect> {
    let Some(filling) = &app.session.filling else { return Vec::new() };
    let said = answers(app, filling);
    let first = filling
        .asked(step, &said)
        .into_iter()
        .find(|(n, question)| wrong(app, filling, &said, *n, question).is_some())
        .map(|(n, question)| (n, question.ask.clone()));
    let later = filling.steps(&said).into_iter().find(|other| *other > step);
    if let Some(filling) = &mut app.session.filling {
        filling.checked = first.is_some();
    }
    match first {
        Some((_, FieldKind::Contact)) => match contact::first_wrong(app) {
            Some(field) => keyboard::focus(&mut app.session, &app.world, field),
            None => Vec::new(),
        },
        Some((n, FieldKind::Text { .. } | FieldKind::Number { .. })) => {
            keyboard::focus(&mut app.session, &app.world, answer_field(n))
        }
        Some(_) => Vec::new(),
        None => app.turn(later.map_or(Page::Review, Page::Form)),
    }
}

/// The step before this page of a form, if there is one.
pub fn previous(app: &App) -> Option<usize> {
    let filling = app.session.filling.as_ref()?;
    let steps = filling.steps(&answers(app, filling));
    match app.session.page() {
        Page::Form(step) => steps.into_iter().rev().find(|other| other < step),
        Page::Pointing(looking) => Some(looking.step()),
        Page::Review => steps.last().copied(),
        _ => None,
    }
}

/// What is sent.
pub fn said(app: &App) -> Option<Said> {
    let filling = app.session.filling.as_ref()?;
    let answers = answers(app, filling);
    let contact = contact::given(app, filling);
    let wrong = filling.form.check(&answers, contact.as_ref(), today(&app.world, app.now));
    if !wrong.is_empty() {
        return None;
    }
    Some(Said {
        language: app.session.language,
        place: filling.place(&answers, &app.world),
        body: Body::Answers(answers),
        contact,
    })
}

/// Every answer once more, with the step that it came from.
pub fn lines(app: &App) -> Vec<(ReviewRow, Page)> {
    let Some(filling) = &app.session.filling else { return Vec::new() };
    let said = answers(app, filling);
    let language = app.session.language;
    let mut lines = Vec::new();
    for step in filling.steps(&said) {
        for (_, question) in filling.asked(step, &said) {
            let value = match (&question.ask, said.get(&question.id)) {
                (FieldKind::Contact, _) => contact::words(app, filling),
                (FieldKind::Place, _) => place::words(app, filling, &question.id),
                (ask, Some(answer)) => domain::form::value(Some(ask), answer, language),
                (_, None) => String::new(),
            };
            let value = if value.is_empty() { app.word("review.nothing") } else { value };
            let label = match question.ask {
                FieldKind::Contact => app.word("review.contact"),
                _ => question.label.text(language),
            };
            lines.push((ReviewRow { label, value }, Page::Form(step)));
        }
    }
    lines
}

/// `Complaint · step 2 of 5`; the review after them asks nothing more and is not counted.
pub fn progress(app: &App, filling: &Filling, said: &Answers) -> ProgressView {
    let steps = filling.steps(said);
    let title = filling.form.title.text(app.session.language);
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let of = small(steps.len());
    let step = match app.session.page() {
        Page::Form(step) => *step,
        Page::Pointing(looking) => looking.step(),
        _ => return ProgressView { words: title, step: of, of },
    };
    let step = small(steps.iter().position(|other| *other == step).unwrap_or(0) + 1);
    let values = [("form", title.as_str()), ("step", &step.to_string()), ("of", &of.to_string())];
    ProgressView { words: app.fill("form.progress", &values), step, of }
}

/// What it shows.
pub fn view(app: &App, step: usize) -> FormView {
    let Some(filling) = &app.session.filling else { return FormView::default() };
    let said = answers(app, filling);
    let language = app.session.language;
    let asked = filling.asked(step, &said);
    let own = &filling.form.steps[step.min(filling.form.steps.len() - 1)];
    let first = asked.first().map(|(_, question)| *question);
    let writing = written(app, filling, step, &said).and_then(|n| filling.form.fields().nth(n));
    let title = own.title.as_ref().or(first.map(|question| &question.label));
    let title = writing.map(|question| &question.label).or(title);
    let hint = if own.title.is_some() { own.hint.as_ref() } else { first.and_then(|q| q.hint.as_ref()) };
    let typing = app.session.focus.is_some();
    let is_place = first.is_some_and(|question| question.ask == FieldKind::Place);
    let step_view = match asked.first() {
        Some((n, question)) if is_place => {
            place::view(app, filling, question, error(app, filling, &said, *n, question))
        }
        _ => FormStep::Items(items::views(app, step)),
    };
    // Who complains may be in danger now; the way out stands where there is room for it.
    let danger = filling.form.kind == Kind::Complaint && step == 0;
    let danger = danger.then(|| Notice { title: app.word("danger.title"), text: app.word("danger.text") });
    let writes = asked.iter().any(|(_, q)| matches!(q.ask, FieldKind::Text { .. } | FieldKind::Contact));
    FormView {
        progress: progress(app, filling, &said),
        title: title.map(|label| label.text(language)).unwrap_or_default(),
        hint: hint.map(|label| label.text(language)).unwrap_or_default(),
        step: step_view,
        danger,
        privacy: if typing || !writes { String::new() } else { app.word("form.privacy") },
    }
}

/// The question of a step in whose words somebody is writing, by its place in the form.
fn written(app: &App, filling: &Filling, step: usize, said: &Answers) -> Option<usize> {
    let focus = app.session.focus?;
    let is = |n: usize, question: &Question| match focus {
        Field::Answer(_) => answer_field(n) == focus,
        Field::Name | Field::Phone | Field::Email => question.ask == FieldKind::Contact,
        _ => false,
    };
    filling.asked(step, said).into_iter().find(|(n, question)| is(*n, question)).map(|(n, _)| n)
}
