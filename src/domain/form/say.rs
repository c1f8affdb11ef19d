//! Answers beside their questions, in the words of a reader: for the review at the kiosk, for staff, for
//! the page behind the receipt.
//!
//! Where the form is not known the names of questions and options stand in for their words, so that
//! nothing that was said is ever hidden.

use super::{Answer, Answers, ApproximateTime, Chosen, DayPart, FieldKind, Form, words};
use crate::language::Language;
use crate::place::PlaceRef;

/// A question and its answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// The name of the question.
    pub id: String,
    /// Its words.
    pub label: String,
    /// The answer, in words.
    pub value: String,
}

/// Every answer in the order of the questions, in the words of `form`; those that it does not know follow.
pub fn lines(form: Option<&Form>, said: &Answers, language: Language) -> Vec<Line> {
    let known = form.into_iter().flat_map(Form::fields).filter_map(|field| {
        let answer = said.get(&field.id)?;
        let value = value(Some(&field.ask), answer, language);
        Some(Line { id: field.id.clone(), label: field.label.text(language), value })
    });
    let unknown = said.answers.iter().filter(|(id, _)| form.is_none_or(|form| form.field(id).is_none()));
    let bare = unknown.map(|(id, answer)| Line {
        id: id.clone(),
        label: id.clone(),
        value: value(None, answer, language),
    });
    known.chain(bare).collect()
}

/// An answer in words.
pub fn value(ask: Option<&FieldKind>, answer: &Answer, language: Language) -> String {
    let w = |key: &str| words().get(language, key);
    let of = |n: u8, most: u8| format!("{n} / {most}");
    match answer {
        Answer::Faces(n) => format!("{} · {}", of(n.get(), 5), w(&format!("face.{}", n.get()))),
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
    // An option whose part was chosen as well is said with the part.
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
