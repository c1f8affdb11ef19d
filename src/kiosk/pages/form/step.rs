//! What is known of the step on the screen: the answers so far, how far one is, what is being written.

use domain::form::{Answers, Field as Question, FieldKind};

use crate::view::{Field, ProgressView};
use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, answer_field};
use crate::visit::page::Page;

/// What was answered so far.
pub fn answers(cx: &Cx, filling: &Filling) -> Answers {
    filling.answers(&cx.visit.texts, cx.world())
}

/// `Complaint · step 2 of 5`; the review after them asks nothing more and is not counted.
pub fn progress(cx: &Cx, filling: &Filling, answers: &Answers) -> ProgressView {
    let steps = filling.steps(answers);
    let title = filling.form.title.text(cx.visit.language);
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let of = small(steps.len());
    let step = match cx.visit.page() {
        Page::Form(step) => *step,
        Page::Pointing(map) => map.step,
        _ => return ProgressView { words: title, step: of, of },
    };
    let step = small(steps.iter().position(|other| *other == step).unwrap_or(0) + 1);
    let values = [("form", title.as_str()), ("step", &step.to_string()), ("of", &of.to_string())];
    ProgressView { words: cx.fill("form.progress", &values), step, of }
}

/// The question of a step in whose words somebody is writing, by its place in the form.
pub fn written(cx: &Cx, filling: &Filling, step: usize, answers: &Answers) -> Option<usize> {
    let focus = cx.visit.focus?;
    let is = |n: usize, question: &Question| match focus {
        Field::Answer(_) => answer_field(n) == focus,
        Field::Name | Field::Phone | Field::Email => question.ask == FieldKind::Contact,
        _ => false,
    };
    filling.asked(step, answers).into_iter().find(|(n, question)| is(*n, question)).map(|(n, _)| n)
}
