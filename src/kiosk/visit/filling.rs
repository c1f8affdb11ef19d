//! A form that a visitor is filling in: what was chosen so far, and the answers that this makes.
//!
//! It is made when a form is opened and dropped when it was sent or left. What was typed is not in here but
//! in the visit's texts, which overwrite themselves; the answers are put together only to be shown, to be
//! checked, and to be sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::form::{Answer, Answers, Chosen, Field as Question, FieldKind, Form};
use domain::place::PlaceRef;
use domain::text::{Story, Text};

use crate::view::Field;
use crate::visit::place::{PlaceChoice, place_ref};
use crate::visit::texts::Texts;
use crate::world::World;

/// A form being filled in.
pub struct Filling {
    /// Which, and of which version.
    pub form: Arc<Form>,
    /// What was touched, by the names of the questions.
    pub given: BTreeMap<String, Answer>,
    /// Where, by the names of the questions.
    pub places: BTreeMap<String, PlaceChoice>,
    /// Whether the visitor agreed to be contacted.
    pub consent: bool,
    /// Whether the visitor tried to go on, so that what is wrong may now be said.
    pub checked: bool,
    /// Whether all days are offered, and not only the last ones.
    pub all_days: bool,
}

impl Filling {
    /// A form that nobody has answered anything of.
    pub fn new(form: Arc<Form>) -> Self {
        Self {
            form,
            given: BTreeMap::new(),
            places: BTreeMap::new(),
            consent: false,
            checked: false,
            all_days: false,
        }
    }

    /// How many characters each question takes in words, in the order of the questions.
    pub fn limits(form: &Form) -> Vec<usize> {
        let limit = |question: &Question| match &question.ask {
            FieldKind::Text { limit, .. } => *limit,
            FieldKind::Choice(choice) => choice.remark.unwrap_or(0),
            FieldKind::Number { highest, .. } => highest.to_string().len(),
            _ => 0,
        };
        form.fields().map(limit).collect()
    }

    /// The questions of a step that are asked after what was answered so far, with their places in the form.
    pub fn asked(&self, step: usize, answers: &Answers) -> Vec<(usize, &Question)> {
        let Some(questions) = self.form.steps.get(step).map(|step| &step.fields) else { return Vec::new() };
        let before: usize = self.form.steps[..step].iter().map(|step| step.fields.len()).sum();
        let all = questions.iter().enumerate().map(|(n, question)| (before + n, question));
        all.filter(|(_, question)| self.form.asks(question, answers)).collect()
    }

    /// The steps on which something is asked.
    pub fn steps(&self, answers: &Answers) -> Vec<usize> {
        (0..self.form.steps.len()).filter(|step| !self.asked(*step, answers).is_empty()).collect()
    }

    /// Everything that was answered, without what is not asked any more.
    pub fn answers(&self, texts: &Texts, world: &World) -> Answers {
        let form = &self.form;
        let mut answers = Answers {
            form: form.id.clone(),
            version: form.version,
            about: form.kind,
            urgent: false,
            answers: BTreeMap::new(),
        };
        for (n, question) in form.fields().enumerate() {
            if form.asks(question, &answers)
                && let Some(answer) = self.answer(n, question, texts, world)
            {
                answers.answers.insert(question.id.clone(), answer);
            }
        }
        answers.urgent = form.is_urgent(&answers);
        answers
    }

    fn answer(&self, n: usize, question: &Question, texts: &Texts, world: &World) -> Option<Answer> {
        let given = self.given.get(&question.id);
        let typed = texts.typed(answer_field(n));
        match &question.ask {
            FieldKind::Contact => None,
            FieldKind::Text { .. } => Some(Answer::Text(Story::parse(typed?).ok()?)),
            FieldKind::Place => match self.places.get(&question.id)? {
                PlaceChoice::NotSure => Some(Answer::Unsure),
                // A kiosk without its map knows no names of places, not even its own.
                place => Some(place_ref(world, place).map_or(Answer::Unsure, Answer::Place)),
            },
            FieldKind::Choice(choice) => {
                let mut options = self.chosen(&question.id).to_vec();
                options.sort_by_key(|path| {
                    let whole = path.split('/').next().unwrap_or(path);
                    choice.options.iter().position(|option| option.id == whole)
                });
                let remark = typed.filter(|_| choice.remark.is_some()).and_then(|t| Text::parse(t).ok());
                (!options.is_empty() || remark.is_some())
                    .then_some(Answer::Chosen(Chosen { options, remark }))
            }
            FieldKind::Number { .. } if given.is_none() => typed?.trim().parse().ok().map(Answer::Number),
            _ => given.cloned(),
        }
    }

    /// The place that a submission is about: the first that was named, or this kiosk if none is asked for.
    pub fn place(&self, answers: &Answers, world: &World) -> Option<PlaceRef> {
        if self.form.fields().all(|question| question.ask != FieldKind::Place) {
            return place_ref(world, &PlaceChoice::Here);
        }
        self.form.fields().find_map(|question| match answers.get(&question.id) {
            Some(Answer::Place(place)) => Some(place.clone()),
            _ => None,
        })
    }

    /// Whether something was touched that would be lost.
    pub fn is_touched(&self) -> bool {
        !self.given.is_empty() || !self.places.is_empty() || self.consent
    }

    /// Chooses an option, or takes it back. Where one may be chosen it takes the place of another.
    pub fn choose(&mut self, question: &str, path: &str, many: Many) {
        let mut options = match self.given.remove(question) {
            Some(Answer::Chosen(chosen)) => chosen.options,
            _ => Vec::new(),
        };
        let whole = path.split('/').next().unwrap_or(path);
        match options.iter().position(|option| option == path) {
            // A part that is taken back leaves the option that it is part of.
            Some(at) if path.contains('/') => options[at] = whole.to_owned(),
            Some(at) => {
                options.remove(at);
            }
            None => {
                let same = |option: &String| option.split('/').next() == Some(whole);
                // Touching an option of which a part is chosen takes both back.
                let taken_back = !path.contains('/') && options.iter().any(same);
                options.retain(|option| many == Many::Several && !same(option));
                if !taken_back {
                    options.push(path.to_owned());
                }
            }
        }
        if !options.is_empty() {
            let chosen = Chosen { options, remark: None };
            self.given.insert(question.to_owned(), Answer::Chosen(chosen));
        }
    }

    /// Gives an answer, or takes it back when it was given already.
    pub fn toggle(&mut self, question: &str, answer: Answer) {
        if self.given.get(question) == Some(&answer) {
            self.given.remove(question);
        } else {
            self.given.insert(question.to_owned(), answer);
        }
    }

    /// What was chosen of a question: `option` or `option/part`.
    pub fn chosen(&self, question: &str) -> &[String] {
        match self.given.get(question) {
            Some(Answer::Chosen(chosen)) => &chosen.options,
            _ => &[],
        }
    }
}

/// How many options may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Many {
    One,
    Several,
}

/// The field in which the words of the `n`th question are typed.
pub fn answer_field(n: usize) -> Field {
    Field::Answer(u8::try_from(n).unwrap_or(u8::MAX))
}

/// The day here.
pub fn today(world: &World, now: domain::Timestamp) -> NaiveDate {
    world.local(now).date_naive()
}
