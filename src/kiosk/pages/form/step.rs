//! The state of the step on the screen: answers, progress, and the question being typed.

use domain::form::{Answers, Field as Question, FieldKind};

use crate::view::{Field, ProgressView};
use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, answer_field};
use crate::visit::page::Page;

/// The answers so far.
pub fn answers(cx: &Cx, filling: &Filling) -> Answers {
    filling.answers(&cx.visit.texts, cx.world())
}

/// The progress, `Complaint · step 2 of 3`. The review and what it offers to add are not counted.
pub fn progress(cx: &Cx, filling: &Filling, answers: &Answers) -> ProgressView {
    let steps = filling.steps_in_turn(answers);
    let title = filling.form.title.text(cx.visit.language);
    let small = |n: usize| u8::try_from(n).unwrap_or(u8::MAX);
    let of = small(steps.len());
    let step = match cx.visit.page() {
        Page::Form(step) if !filling.is_additional(*step) => *step,
        Page::Pointing(map) if !filling.is_additional(map.step) => map.step,
        _ => return ProgressView { words: title, step: of, of },
    };
    let step = small(steps.iter().position(|other| *other == step).unwrap_or(0) + 1);
    let values = [("form", title.as_str()), ("step", &step.to_string()), ("of", &of.to_string())];
    ProgressView { words: cx.fill("form.progress", &values), step, of }
}

/// The question whose text field has the focus, by its index in the form.
pub fn written(cx: &Cx, filling: &Filling, step: usize, answers: &Answers) -> Option<usize> {
    let focus = cx.visit.focus?;
    let is = |n: usize, question: &Question| match focus {
        Field::Answer(_) => answer_field(n) == focus,
        Field::Name | Field::Phone | Field::Email => question.ask == FieldKind::Contact,
        _ => false,
    };
    filling.asked(step, answers).into_iter().find(|(n, question)| is(*n, question)).map(|(n, _)| n)
}
