//! Answers beside their questions, as text in the reader's language. The review page, the console and the
//! tracking page show them.
//!
//! If the form is not known, the ids of questions and options replace their labels, so no answer is hidden.

use super::{Answer, Answers, ApproximateTime, Chosen, DayPart, FieldKind, Form, words};
use crate::language::Language;
use crate::place::PlaceRef;

/// A question and its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The id of the question.
    pub id: String,
    /// The label of the question.
    pub label: String,
    /// The answer as text.
    pub value: String,
}

/// Every answer as a line: first in the order of the form's questions, then answers that the form does not
/// know.
pub fn lines(form: Option<&Form>, answers: &Answers, language: Language) -> Vec<Line> {
    let known = form.into_iter().flat_map(Form::fields).filter_map(|field| {
        let answer = answers.get(&field.id)?;
        let value = value(Some(&field.ask), answer, language);
        Some(Line { id: field.id.clone(), label: field.label.text(language), value })
    });
    let unknown = answers.answers.iter().filter(|(id, _)| form.is_none_or(|form| form.field(id).is_none()));
    let bare = unknown.map(|(id, answer)| Line {
        id: id.clone(),
        label: id.clone(),
        value: value(None, answer, language),
    });
    known.chain(bare).collect()
}

/// The text of one answer. `ask` is the kind of its question, if the form is known.
pub fn value(ask: Option<&FieldKind>, answer: &Answer, language: Language) -> String {
    let w = |key: &str| words().get(language, key);
    let of = |n: u8, most: u8| format!("{n} / {most}");
    match answer {
        Answer::Faces(n) => {
            language.side_by_side([of(n.get(), 5).as_str(), &w(&format!("face.{}", n.get()))])
        }
        Answer::Nps(n) => of(n.get(), 10),
        Answer::Ces(n) => of(n.get(), 7),
        Answer::Chosen(chosen) => chosen_words(ask, chosen, language),
        Answer::Text(text) => text.as_str().to_owned(),
        Answer::Place(place) => place_words(place, language),
        Answer::When(when) => when_words(*when, language),
        Answer::Number(n) => n.to_string(),
        Answer::Unsure => w("unsure"),
        Answer::Other(value) => value.to_string(),
    }
}

fn chosen_words(ask: Option<&FieldKind>, chosen: &Chosen, language: Language) -> String {
    let name = |path: &String| match ask {
        Some(FieldKind::Choice(choice)) => match choice.find(path) {
            Some((part, Some(whole))) => {
                format!(
                    "{}{}{}",
                    whole.label.text(language),
                    words().get(language, "colon"),
                    part.label.text(language)
                )
            }
            Some((option, None)) => option.label.text(language),
            None => path.clone(),
        },
        _ => path.clone(),
    };
    // An option is left out if one of its parts was chosen too: the part's text names both.
    let has_part = |path: &String| chosen.options.iter().any(|o| o.starts_with(&format!("{path}/")));
    let names = chosen.options.iter().filter(|path| !has_part(path)).map(name);
    let remark = chosen.remark.iter().map(|remark| remark.as_str().to_owned());
    names.chain(remark).collect::<Vec<_>>().join(&words().get(language, "comma"))
}

fn place_words(place: &PlaceRef, language: Language) -> String {
    let sign = place.number.as_ref().unwrap_or(&place.level);
    let name = format!("{} {sign}", place.name.get(language)).trim().to_owned();
    if place.at.is_some() { words().fill(language, "place.tapped", &[("place", &name)]) } else { name }
}

fn when_words(when: ApproximateTime, language: Language) -> String {
    let part = words().get(language, &format!("when.{}", when.part.key()));
    let day = language.day(when.day);
    if when.part == DayPart::Unknown {
        day
    } else {
        words().fill(language, "when.day", &[("day", &day), ("part", &part)])
    }
}
