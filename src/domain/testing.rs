//! Sample submissions for tests.
//!
//! A sample is made as a kiosk makes a submission: from a built-in form, with answers to the questions that
//! are asked, checked by that version of the form. A sample that does not fit its form fails its test.

#![allow(clippy::unwrap_used, reason = "a fixture that cannot be built says where it stopped")]

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::contact::{Contact, Email, Name, Phone};
use crate::form::{
    Answer, Answers, ApproximateTime, Choice, ChoiceKind, ChoiceOption, Chosen, DayPart, Field, FieldKind,
    Form, FormCatalog,
};
use crate::id::CryptoRng;
use crate::language::{Labels, Language};
use crate::place::PlaceRef;
use crate::scale::{Ces, Csat, Nps};
use crate::submission::Body;
use crate::text::Story;
use crate::text::Text;

/// A submission before it gets a case number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The language to answer in.
    pub language: Language,
    /// Where it happened.
    pub place: Option<PlaceRef>,
    /// The answers, or a call for help.
    pub body: Body,
    /// How to reach the visitor.
    pub contact: Option<Contact>,
}

/// A form that is being filled in.
#[derive(Clone, Debug)]
pub struct Answering {
    form: Arc<Form>,
    answers: Answers,
    contact: Option<Contact>,
}

impl Answering {
    /// Starts the newest version of a built-in form.
    pub fn new(id: &str) -> Self {
        let form = Arc::clone(FormCatalog::shipped().newest(id).unwrap());
        let (id, version, about) = (form.id.clone(), form.version, form.kind);
        let answers = Answers { form: id, version, about, urgent: false, answers: BTreeMap::new() };
        Self { form, answers, contact: None }
    }

    /// Answers a question.
    pub fn answer(mut self, question: &str, answer: Answer) -> Self {
        self.answers.answers.insert(question.to_owned(), answer);
        self
    }

    /// Chooses options from a list.
    pub fn choose<const N: usize>(self, question: &str, options: [&str; N]) -> Self {
        let options = options.map(str::to_owned).to_vec();
        self.answer(question, Answer::Chosen(Chosen { options, remark: None }))
    }

    /// Answers a question with text.
    pub fn write(self, question: &str, words: &str) -> Self {
        self.answer(question, Answer::Text(Story::parse(words).unwrap()))
    }

    /// Adds contact data.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.contact = Some(contact);
        self
    }

    /// Finishes the sample, sent on this day.
    ///
    /// # Panics
    /// If the answers do not fit the form.
    pub fn send(mut self, language: Language, today: NaiveDate) -> Sample {
        self.answers.urgent = self.form.is_urgent(&self.answers);
        let wrong = self.form.check(&self.answers, self.contact.as_ref(), today);
        assert!(wrong.is_empty(), "{}: {wrong:?}", self.form.id);
        let place = self.answers.answers.values().find_map(|answer| match answer {
            Answer::Place(place) => Some(place.clone()),
            _ => None,
        });
        // A form that does not ask for a place is about the place of the kiosk.
        let asks_for_place = self.form.fields().any(|field| field.ask == FieldKind::Place);
        let place = place.or_else(|| (!asks_for_place).then(a_place));
        Sample { language, place, body: Body::Answers(self.answers), contact: self.contact }
    }
}

/// The day on which samples are sent.
pub fn a_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).unwrap()
}

/// A complaint about an escalator, with a phone number.
pub fn a_complaint(story: &str) -> Sample {
    Answering::new("complaint")
        .choose("category", ["facilities"])
        .answer("place", Answer::Place(a_place()))
        .answer("when", Answer::Unsure)
        .write("story", story)
        .choose("remedy", ["fix"])
        .contact(Contact { name: None, phone: Phone::parse("13800001234").ok(), email: None })
        .send(Language::En, a_day())
}

/// A rating with tags, and with a text if `words` are given.
pub fn a_rating(csat: u8, words: Option<&str>) -> Sample {
    let rating = Answering::new("feedback")
        .answer("face", Answer::Faces(Csat::try_from(csat).unwrap()))
        .choose("tags", ["service", "cleanliness"])
        .answer("recommend", Answer::Nps(Nps::try_from(9).unwrap()));
    match words {
        Some(words) => rating.write("story", words),
        None => rating,
    }
    .send(Language::ZhHans, a_day())
}

/// An urgent call: somebody is unwell.
pub fn an_urgent_call() -> Sample {
    Answering::new("service").choose("what", ["help/unwell"]).send(Language::ZhHans, a_day())
}

/// A call for help from a kiosk.
pub fn a_call() -> Sample {
    Sample { language: Language::ZhHans, body: Body::ServiceRequest, place: None, contact: None }
}

/// An escalator.
pub fn a_place() -> PlaceRef {
    PlaceRef {
        feature: "11111111-1111-4111-8111-111111111111".to_owned(),
        name: Labels::new([("zh-Hans", "自动扶梯 E5"), ("en", "Escalator E5")]),
        level: "L2".to_owned(),
        number: None,
        at: None,
    }
}

/// How many consecutive samples of [`any`] cover every form and a call for help.
pub fn kinds() -> usize {
    forms().len() + 1
}

/// The sample of the `n`th visitor on this day: every form in turn, then a call for help, with random
/// answers. Free text is `words`.
pub fn any(n: usize, words: &str, today: NaiveDate, random: &mut impl CryptoRng) -> Sample {
    let forms = forms();
    let language = [Language::ZhHans, Language::En, Language::Ko][n % 3];
    match forms.get(n % kinds()) {
        Some(form) => answered(form, words, today, random).send(language, today),
        None => Sample { language, ..a_call() },
    }
}

fn forms() -> Vec<Arc<Form>> {
    FormCatalog::shipped().offered().into_iter().cloned().collect()
}

fn answered(form: &Arc<Form>, words: &str, today: NaiveDate, random: &mut impl CryptoRng) -> Answering {
    let mut answering = Answering::new(&form.id);
    for field in form.fields() {
        let is_asked = form.asks(field, &answering.answers);
        let is_written = matches!(field.ask, FieldKind::Text { .. });
        if !is_asked || !(field.required || is_written || below(random, 2) == 0) {
            continue;
        }
        if field.ask == FieldKind::Contact {
            answering = answering.contact(a_contact());
        } else {
            let answer = match &field.ask {
                FieldKind::Choice(choice) => {
                    let offers = |o: &&ChoiceOption| form.offers(choice, &o.id, &answering.answers);
                    let offered: Vec<_> = choice.options.iter().filter(offers).collect();
                    Answer::Chosen(a_choice(choice, &offered, words, random))
                }
                _ => an_answer(field, words, today, random),
            };
            answering = answering.answer(&field.id, answer);
        }
    }
    answering
}

fn an_answer(field: &Field, words: &str, today: NaiveDate, random: &mut impl CryptoRng) -> Answer {
    let mut step = |lowest: u8, highest: u8| {
        lowest + u8::try_from(below(random, (highest - lowest + 1).into())).unwrap()
    };
    match &field.ask {
        FieldKind::Faces => Answer::Faces(Csat::try_from(step(Csat::LOWEST, Csat::HIGHEST)).unwrap()),
        FieldKind::Nps => Answer::Nps(Nps::try_from(step(Nps::LOWEST, Nps::HIGHEST)).unwrap()),
        FieldKind::Ces => Answer::Ces(Ces::try_from(step(Ces::LOWEST, Ces::HIGHEST)).unwrap()),
        FieldKind::Text { limit, .. } => Answer::Text(Story::parse(&shortened(words, *limit)).unwrap()),
        FieldKind::Place if below(random, 4) == 0 => Answer::Unsure,
        FieldKind::Place => Answer::Place(a_place()),
        FieldKind::Time { days } => {
            let ago = chrono::Days::new(below(random, usize::from(*days) + 1).try_into().unwrap());
            Answer::When(ApproximateTime { day: today - ago, part: DayPart::OF_A_DAY[below(random, 4)] })
        }
        FieldKind::Number { lowest, highest } => {
            let many = usize::try_from(highest - lowest + 1).unwrap();
            Answer::Number(lowest + u32::try_from(below(random, many)).unwrap())
        }
        FieldKind::Choice(_) | FieldKind::Contact => unreachable!("answered by others"),
    }
}

/// Some of the options that are offered.
fn a_choice(choice: &Choice, offered: &[&ChoiceOption], words: &str, random: &mut impl CryptoRng) -> Chosen {
    let many = if choice.of == ChoiceKind::One { 1 } else { 1 + below(random, 3) };
    let first = below(random, offered.len());
    let chosen = offered.iter().cycle().skip(first).take(many.min(offered.len()));
    let mut options: Vec<String> = chosen.map(|option| path(option, random)).collect();
    options.sort();
    let remark = choice.remark.map(|limit| Text::parse(&shortened(words, limit)).unwrap());
    Chosen { options, remark }
}

/// An option, or a part of it.
fn path(option: &ChoiceOption, random: &mut impl CryptoRng) -> String {
    match option.parts.get(below(random, option.parts.len() + 1)) {
        Some(part) => format!("{}/{}", option.id, part.id),
        None => option.id.clone(),
    }
}

fn a_contact() -> Contact {
    Contact {
        name: Name::parse("彰莉枋").ok(),
        phone: Phone::parse("+86 138 0000 1234").ok(),
        email: Email::parse("visitor@example.com").ok(),
    }
}

fn shortened(words: &str, limit: usize) -> String {
    words.chars().take(limit).collect()
}

fn below(random: &mut impl CryptoRng, n: usize) -> usize {
    usize::try_from(random.next_u32()).unwrap() % n
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng as _;
    use rand::rngs::ChaCha20Rng;

    use super::*;
    use crate::kind::Kind;

    /// Every built-in form occurs, and each of a thousand samples fits its form.
    #[test]
    fn samples_are_of_every_kind_and_fit() {
        let mut random = ChaCha20Rng::seed_from_u64(1);
        let samples: Vec<Sample> = (0..1000).map(|n| any(n, "words", a_day(), &mut random)).collect();
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != Kind::Other) {
            assert!(samples[..kinds()].iter().any(|sample| sample.body.kind() == kind), "{kind:?}");
        }
    }
}
