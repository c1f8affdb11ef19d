//! Whether answers fit the version of the form that they name, and which questions are asked.
//!
//! The kiosk runs these checks while a visitor fills in a form. Nothing here changes an answer.

use chrono::NaiveDate;

use super::{Answer, Answers, Choice, ChoiceKind, ChoiceOption, Condition, Field, FieldKind, Form, Test};
use crate::contact::Contact;

/// An answer that does not fit its question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidAnswer {
    /// The id of the question.
    pub field: String,
    /// Why the answer does not fit.
    pub why: InvalidReason,
}

/// Why an answer does not fit its question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReason {
    /// A required question has no answer.
    #[error("it has to be answered")]
    Missing,
    /// The form has no such question, or does not ask it after these answers.
    #[error("it was not asked")]
    NotAsked,
    /// The answer has the type of another kind of question.
    #[error("the answer is of another kind")]
    Kind,
    /// The list has no such option.
    #[error("the list has no such option")]
    Option,
    /// More than one option where only one may be chosen.
    #[error("only one can be chosen")]
    TooMany,
    /// The text has more characters than the question allows.
    #[error("at most {max} characters fit")]
    TooLong {
        /// The most characters allowed.
        max: usize,
    },
    /// The number is outside its range.
    #[error("the number is between {lowest} and {highest}")]
    Range {
        /// The lowest number allowed.
        lowest: u32,
        /// The highest number allowed.
        highest: u32,
    },
    /// The day is not offered: it is in the future or too long ago.
    #[error("the day is not one of those that can be chosen")]
    Day,
}

impl Form {
    /// Whether the question is asked, given these answers.
    pub fn asks(&self, field: &Field, answers: &Answers) -> bool {
        field.shown_if.as_ref().is_none_or(|condition| self.holds(condition, answers))
    }

    /// Whether a condition holds: its question is asked and its answer passes the test.
    pub fn holds(&self, condition: &Condition, answers: &Answers) -> bool {
        let asked = self.field(&condition.field).is_some_and(|field| self.asks(field, answers));
        let Some(answer) = answers.get(&condition.field).filter(|_| asked) else { return false };
        match &condition.test {
            Test::Answered => true,
            Test::Any(wanted) => match answer {
                Answer::Chosen(chosen) => chosen.options.iter().any(|given| {
                    let whole = given.split('/').next().unwrap_or(given);
                    wanted.iter().any(|w| w == given || w == whole)
                }),
                _ => false,
            },
            Test::AtMost(most) => number(answer).is_some_and(|n| n <= *most),
            Test::AtLeast(least) => number(answer).is_some_and(|n| n >= *least),
        }
    }

    /// Whether the option with this path is offered, given these answers. A part is offered with its whole.
    pub fn offers(&self, choice: &Choice, path: &str, answers: &Answers) -> bool {
        let holds = |option: &ChoiceOption| {
            option.shown_if.as_ref().is_none_or(|condition| self.holds(condition, answers))
        };
        choice.find(path).is_some_and(|(option, whole)| holds(option) && whole.is_none_or(holds))
    }

    /// Every answer that does not fit. `today` is the date at the kiosk, in the mall's time zone.
    pub fn check(
        &self,
        answers: &Answers,
        contact: Option<&Contact>,
        today: NaiveDate,
    ) -> Vec<InvalidAnswer> {
        let wrong = |field: &str, why| InvalidAnswer { field: field.to_owned(), why };
        let asked = self.fields().filter(|field| self.asks(field, answers));
        let mut found: Vec<InvalidAnswer> = asked
            .filter_map(|field| Some(wrong(&field.id, self.check_field(field, answers, contact, today)?)))
            .collect();
        let known = |id: &str| self.field(id).is_some_and(|field| self.asks(field, answers));
        found.extend(
            answers.answers.keys().filter(|id| !known(id)).map(|id| wrong(id, InvalidReason::NotAsked)),
        );
        found
    }

    /// Why the answer to one asked question does not fit, if it does not.
    pub fn check_field(
        &self,
        field: &Field,
        answers: &Answers,
        contact: Option<&Contact>,
        today: NaiveDate,
    ) -> Option<InvalidReason> {
        if field.ask == FieldKind::Contact {
            let kept_apart = answers.get(&field.id).is_some().then_some(InvalidReason::Kind);
            return kept_apart.or((field.required && contact.is_none()).then_some(InvalidReason::Missing));
        }
        match answers.get(&field.id) {
            None => field.required.then_some(InvalidReason::Missing),
            Some(answer) => field.ask.refuses(answer, field.required, today).or_else(|| {
                let (FieldKind::Choice(choice), Answer::Chosen(chosen)) = (&field.ask, answer) else {
                    return None;
                };
                let offered = chosen.options.iter().all(|path| self.offers(choice, path, answers));
                (!offered).then_some(InvalidReason::Option)
            }),
        }
    }

    /// Whether the visitor chose an option that is marked as urgent.
    pub fn is_urgent(&self, answers: &Answers) -> bool {
        self.fields().filter(|field| self.asks(field, answers)).any(|field| {
            match (&field.ask, answers.get(&field.id)) {
                (FieldKind::Choice(choice), Some(Answer::Chosen(chosen))) => {
                    let urgent = |path: &String| {
                        choice
                            .find(path)
                            .is_some_and(|(o, whole)| o.urgent || whole.is_some_and(|w| w.urgent))
                    };
                    chosen.options.iter().any(urgent)
                }
                _ => false,
            }
        })
    }
}

/// The number of a numeric answer.
fn number(answer: &Answer) -> Option<u32> {
    match answer {
        Answer::Faces(n) => Some(n.get().into()),
        Answer::Nps(n) => Some(n.get().into()),
        Answer::Ces(n) => Some(n.get().into()),
        Answer::Number(n) => Some(*n),
        _ => None,
    }
}

impl FieldKind {
    fn refuses(&self, answer: &Answer, required: bool, today: NaiveDate) -> Option<InvalidReason> {
        match (self, answer) {
            (Self::Faces, Answer::Faces(_)) | (Self::Nps, Answer::Nps(_)) | (Self::Ces, Answer::Ces(_)) => {
                None
            }
            (Self::Place, Answer::Place(_) | Answer::Unsure) | (Self::Time { .. }, Answer::Unsure) => None,
            (Self::Time { days }, Answer::When(when)) => {
                let ago = (today - when.day).num_days();
                (!(0..=i64::from(*days)).contains(&ago)).then_some(InvalidReason::Day)
            }
            (Self::Number { lowest, highest }, Answer::Number(n)) => {
                let (lowest, highest) = (*lowest, *highest);
                (!(lowest..=highest).contains(n)).then_some(InvalidReason::Range { lowest, highest })
            }
            (Self::Text { limit, .. }, Answer::Text(text)) => {
                (text.as_str().chars().count() > *limit).then_some(InvalidReason::TooLong { max: *limit })
            }
            (Self::Choice(choice), Answer::Chosen(chosen)) => {
                refuses_choice(choice, &chosen.options, chosen.remark.as_ref().map(|r| r.as_str()), required)
            }
            _ => Some(InvalidReason::Kind),
        }
    }
}

fn refuses_choice(
    choice: &Choice,
    options: &[String],
    remark: Option<&str>,
    required: bool,
) -> Option<InvalidReason> {
    let repeated = options.iter().enumerate().any(|(n, path)| options[..n].contains(path));
    if repeated || options.iter().any(|path| choice.find(path).is_none()) {
        return Some(InvalidReason::Option);
    }
    if choice.of == ChoiceKind::One && options.len() > 1 {
        return Some(InvalidReason::TooMany);
    }
    let max = choice.remark.unwrap_or(0);
    if remark.is_some_and(|remark| remark.chars().count() > max) {
        return Some(InvalidReason::TooLong { max });
    }
    (required && options.is_empty() && remark.is_none()).then_some(InvalidReason::Missing)
}
