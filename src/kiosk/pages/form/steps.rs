//! Navigation through a form: the primary action, the next and previous step, the review, and the draft at the
//! end. The review offers the additional steps; from each of them the way leads back to the review.

use domain::form::{Field as Question, FieldKind};
use domain::submission::Body;

use super::check::wrong;
use super::step::answers;
use super::{contact, place};
use crate::effect::Effect;
use crate::outbox::Draft;
use crate::pages::properties::PrimaryAction;
use crate::visit::cx::Cx;
use crate::visit::filling::{answer_field, today};
use crate::visit::page::Page;

/// A line of the review.
#[derive(Clone, PartialEq, Eq)]
pub struct ReviewRow {
    pub label: String,
    pub value: String,
}

/// The primary action of a step: go to the next step.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    let Page::Form(step) = *cx.visit.page() else { return None };
    let filling = cx.visit.filling.as_ref()?;
    let answers = answers(cx, filling);
    let asked = filling.asked(step, &answers);
    let untouched = |question: &Question| {
        !question.required
            && answers.get(&question.id).is_none()
            && !(question.ask == FieldKind::Contact && filling.consent)
    };
    let word = if filling.is_additional(step) || filling.steps_in_turn(&answers).last() == Some(&step) {
        "form.to-review"
    } else if asked.iter().all(|(_, question)| untouched(question)) {
        "form.skip"
    } else {
        "form.next"
    };
    Some(PrimaryAction::page(word, next))
}

/// Goes to the next step, or shows the errors of this one.
pub fn next(cx: &mut Cx) -> Vec<Effect> {
    let Page::Form(step) = *cx.visit.page() else { return Vec::new() };
    let Some(filling) = &cx.visit.filling else { return Vec::new() };
    let answers = answers(cx, filling);
    let first = filling
        .asked(step, &answers)
        .into_iter()
        .find(|(n, question)| wrong(cx, filling, &answers, *n, question).is_some())
        .map(|(n, question)| (n, question.ask.clone()));
    let later = match filling.is_additional(step) {
        true => None,
        false => filling.steps_in_turn(&answers).into_iter().find(|other| *other > step),
    };
    if let Some(filling) = &mut cx.visit.filling {
        filling.checked = first.is_some();
    }
    match first {
        Some((_, FieldKind::Contact)) => match contact::first_wrong(cx) {
            Some(field) => cx.focus(field),
            None => Vec::new(),
        },
        Some((n, FieldKind::Text { .. } | FieldKind::Number { .. })) => cx.focus(answer_field(n)),
        Some(_) => Vec::new(),
        None => cx.replace(later.map_or(Page::Review, Page::Form)),
    }
}

/// The step of the first answer that is wrong.
pub fn first_wrong(cx: &Cx) -> Option<usize> {
    let filling = cx.visit.filling.as_ref()?;
    let answers = answers(cx, filling);
    filling.steps(&answers).into_iter().find(|step| {
        let asked = filling.asked(*step, &answers);
        asked.into_iter().any(|(n, question)| wrong(cx, filling, &answers, n, question).is_some())
    })
}

/// Opens a step with its errors.
pub fn show_errors(cx: &mut Cx, step: usize) -> Vec<Effect> {
    let effects = cx.replace(Page::Form(step));
    if let Some(filling) = &mut cx.visit.filling {
        filling.checked = true;
    }
    effects
}

/// The page of the form before this page, if there is one.
pub fn previous(cx: &Cx) -> Option<Page> {
    let filling = cx.visit.filling.as_ref()?;
    let steps = filling.steps_in_turn(&answers(cx, filling));
    match cx.visit.page() {
        Page::Form(step) if filling.is_additional(*step) => Some(Page::Review),
        Page::Form(step) => steps.into_iter().rev().find(|other| other < step).map(Page::Form),
        Page::Pointing(map) => Some(Page::Form(map.step)),
        Page::Review => steps.last().copied().map(Page::Form),
        _ => None,
    }
}

/// The draft to send; none while an answer is missing or wrong.
pub fn draft(cx: &Cx) -> Option<Draft> {
    let filling = cx.visit.filling.as_ref()?;
    let answers = answers(cx, filling);
    let contact = contact::given(cx, filling);
    let wrong = filling.form.check(&answers, contact.as_ref(), today(cx.world(), cx.now()));
    if !wrong.is_empty() {
        return None;
    }
    Some(Draft {
        language: cx.visit.language,
        place: filling.place(&answers, cx.world()),
        body: Body::Answers(answers),
        contact,
    })
}

/// The questions of the review, each with the page of its step.
#[derive(Default)]
pub struct ReviewLines {
    /// Every answer, to change it. A question that was asked in turn is here even without an answer.
    pub rows: Vec<(ReviewRow, Page)>,
    /// The additional questions without an answer.
    pub additions: Vec<(String, Page)>,
}

/// What the review shows of the form.
pub fn lines(cx: &Cx) -> ReviewLines {
    let mut lines = ReviewLines::default();
    let Some(filling) = &cx.visit.filling else { return lines };
    let answers = answers(cx, filling);
    let language = cx.visit.language;
    for step in filling.steps(&answers) {
        for (_, question) in filling.asked(step, &answers) {
            let value = match (&question.ask, answers.get(&question.id)) {
                (FieldKind::Contact, _) => contact::words(cx, filling),
                (FieldKind::Place, _) => place::words(cx, filling, &question.id),
                (ask, Some(answer)) => domain::form::value(Some(ask), answer, language),
                (_, None) => String::new(),
            };
            if value.is_empty() && filling.is_additional(step) {
                lines.additions.push((question.label.text(language), Page::Form(step)));
                continue;
            }
            let is_contact = question.ask == FieldKind::Contact;
            let nothing = if is_contact { "review.no-contact" } else { "review.nothing" };
            let value = if value.is_empty() { cx.word(nothing) } else { value };
            let label = if is_contact { cx.word("review.contact") } else { question.label.text(language) };
            lines.rows.push((ReviewRow { label, value }, Page::Form(step)));
        }
    }
    lines
}
