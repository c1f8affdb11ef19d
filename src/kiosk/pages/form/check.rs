//! Errors in answers, and their texts.

use domain::form::{Answers, Field as Question, FieldKind, InvalidReason};

use super::contact;
use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, answer_field, today};

/// The error in an answer, if there is one.
pub fn wrong(
    cx: &Cx,
    filling: &Filling,
    answers: &Answers,
    n: usize,
    question: &Question,
) -> Option<InvalidReason> {
    match question.ask {
        FieldKind::Contact => contact::wrong(cx, filling, question),
        FieldKind::Number { lowest, highest } if answers.get(&question.id).is_none() => {
            let typed = cx.visit.texts.typed(answer_field(n)).is_some();
            if typed {
                Some(InvalidReason::Range { lowest, highest })
            } else {
                question.required.then_some(InvalidReason::Missing)
            }
        }
        _ => filling.form.check_field(question, answers, None, today(cx.world(), cx.now())),
    }
}

/// The text of the error; empty until the visitor presses the primary button.
pub fn error(cx: &Cx, filling: &Filling, answers: &Answers, n: usize, question: &Question) -> String {
    if !filling.checked || question.ask == FieldKind::Contact {
        return String::new();
    }
    let Some(why) = wrong(cx, filling, answers, n, question) else { return String::new() };
    match (why, &question.ask) {
        (InvalidReason::Range { lowest, highest }, _) => {
            cx.fill("form.error.range", &[("lowest", &lowest.to_string()), ("highest", &highest.to_string())])
        }
        (_, FieldKind::Text { phrases, .. }) if phrases.is_empty() => cx.word("form.error.write-own"),
        (_, FieldKind::Text { .. }) => cx.word("form.error.write"),
        (_, FieldKind::Place) => cx.word("form.error.place"),
        (_, FieldKind::Time { .. }) => cx.word("form.error.time"),
        (_, FieldKind::Faces) => cx.word("form.error.face"),
        _ => cx.word("form.error.choose"),
    }
}
