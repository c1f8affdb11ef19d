//! A form that a visitor is filling in: the choices so far, and the answers made from them.
//!
//! It is created when a form is opened and dropped when the form is sent or discarded, or the visit ends.
//! Typed text is not here but in the visit's texts, which overwrite themselves. The answers are built only to
//! be shown, checked and sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use domain::form::{Answer, Answers, Chosen, Field as Question, FieldKind, Form};
use domain::place::PlaceRef;
use domain::text::{Story, Text};

use crate::view::Field;
use crate::visit::page::Page;
use crate::visit::place::{PlaceChoice, place_ref};
use crate::visit::texts::Texts;
use crate::world::World;

/// A form being filled in.
pub struct Filling {
    /// The form, of one version.
    pub form: Arc<Form>,
    /// The chosen answers, by the ids of the questions.
    pub given: BTreeMap<String, Answer>,
    /// The chosen places, by the ids of the questions.
    pub places: BTreeMap<String, PlaceChoice>,
    /// Whether the visitor consented to be contacted.
    pub consent: bool,
    /// Whether the visitor pressed the primary button, so that errors are shown.
    pub checked: bool,
    /// Whether all days are offered, and not only the latest.
    pub all_days: bool,
    /// The page on which the visitor left the form, to return to.
    pub left_at: Page,
}

impl Filling {
    /// A form without any answer.
    pub fn new(form: Arc<Form>) -> Self {
        Self {
            form,
            given: BTreeMap::new(),
            places: BTreeMap::new(),
            consent: false,
            checked: false,
            all_days: false,
            left_at: Page::Form(0),
        }
    }

    /// The most characters of each question's text field, in the order of the questions; 0 for none.
    pub fn limits(form: &Form) -> Vec<usize> {
        let limit = |question: &Question| match &question.ask {
            FieldKind::Text { limit, .. } => *limit,
            FieldKind::Choice(choice) => choice.remark.unwrap_or(0),
            FieldKind::Number { highest, .. } => highest.to_string().len(),
            _ => 0,
        };
        form.fields().map(limit).collect()
    }

    /// The questions of a step that are asked, given these answers, with their indices in the form.
    pub fn asked(&self, step: usize, answers: &Answers) -> Vec<(usize, &Question)> {
        let Some(questions) = self.form.steps.get(step).map(|step| &step.fields) else { return Vec::new() };
        let before: usize = self.form.steps[..step].iter().map(|step| step.fields.len()).sum();
        let all = questions.iter().enumerate().map(|(n, question)| (before + n, question));
        all.filter(|(_, question)| self.form.asks(question, answers)).collect()
    }

    /// The steps that ask at least one question.
    pub fn steps(&self, answers: &Answers) -> Vec<usize> {
        (0..self.form.steps.len()).filter(|step| !self.asked(*step, answers).is_empty()).collect()
    }

    /// The steps that are asked one after the other, before the review.
    pub fn steps_in_turn(&self, answers: &Answers) -> Vec<usize> {
        self.steps(answers).into_iter().filter(|step| !self.is_additional(*step)).collect()
    }

    /// Whether the review offers this step, and nobody has to see it.
    pub fn is_additional(&self, step: usize) -> bool {
        self.form.steps.get(step).is_some_and(|step| step.additional)
    }

    /// All answers to questions that are still asked.
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
                && let Some(answer) = self.answer(n, question, texts, world, &answers)
            {
                answers.answers.insert(question.id.clone(), answer);
            }
        }
        answers.urgent = form.is_urgent(&answers);
        answers
    }

    /// The answer to a question; `earlier` are those to the questions before it.
    fn answer(
        &self,
        n: usize,
        question: &Question,
        texts: &Texts,
        world: &World,
        earlier: &Answers,
    ) -> Option<Answer> {
        let given = self.given.get(&question.id);
        let typed = texts.typed(answer_field(n));
        match &question.ask {
            FieldKind::Contact => None,
            FieldKind::Text { .. } => Some(Answer::Text(Story::parse(typed?).ok()?)),
            FieldKind::Place => match self.places.get(&question.id)? {
                PlaceChoice::NotSure => Some(Answer::Unsure),
                // Without its map a kiosk does not know the name of any place, not even of its own.
                place => Some(place_ref(world, place).map_or(Answer::Unsure, Answer::Place)),
            },
            FieldKind::Choice(choice) => {
                let mut options = self.chosen(&question.id).to_vec();
                options.retain(|path| self.form.offers(choice, path, earlier));
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

    /// The place that a submission is about: the first one named, or this kiosk if the form does not ask for
    /// one.
    pub fn place(&self, answers: &Answers, world: &World) -> Option<PlaceRef> {
        if self.form.fields().all(|question| question.ask != FieldKind::Place) {
            return place_ref(world, &PlaceChoice::Here);
        }
        self.form.fields().find_map(|question| match answers.get(&question.id) {
            Some(Answer::Place(place)) => Some(place.clone()),
            _ => None,
        })
    }

    /// Whether anything was chosen that would be lost.
    pub fn is_touched(&self) -> bool {
        !self.given.is_empty() || !self.places.is_empty() || self.consent
    }

    /// Selects an option, or deselects it. If only one may be chosen, it replaces the other.
    pub fn choose(&mut self, question: &str, path: &str, many: Many) {
        let mut options = match self.given.remove(question) {
            Some(Answer::Chosen(chosen)) => chosen.options,
            _ => Vec::new(),
        };
        let whole = path.split('/').next().unwrap_or(path);
        match options.iter().position(|option| option == path) {
            // Deselecting a part keeps the option that it belongs to selected.
            Some(at) if path.contains('/') => options[at] = whole.to_owned(),
            Some(at) => {
                options.remove(at);
            }
            None => {
                let same = |option: &String| option.split('/').next() == Some(whole);
                // Touching an option that has a selected part deselects both.
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

    /// Sets an answer, or removes it if it is already set.
    pub fn toggle(&mut self, question: &str, answer: Answer) {
        if self.given.get(question) == Some(&answer) {
            self.given.remove(question);
        } else {
            self.given.insert(question.to_owned(), answer);
        }
    }

    /// The chosen options of a question: `option` or `option/part`.
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

/// The text field of the `n`th question.
pub fn answer_field(n: usize) -> Field {
    Field::Answer(u8::try_from(n).unwrap_or(u8::MAX))
}

/// The current date in the mall's time zone.
pub fn today(world: &World, now: domain::Timestamp) -> NaiveDate {
    world.local(now).date_naive()
}
