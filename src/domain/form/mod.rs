//! Forms: what a visitor is asked, as data. A mall adds a question by adding a file.
//!
//! A [`Form`] enters as TOML through [`Form::read`], once, and cannot be wrong afterwards. It never changes:
//! whoever wants another question publishes the next version, and answers name the version that they are
//! answers to. [`FormCatalog`] keeps every version for as long as somebody may still hold answers to it. How a
//! form looks is not here, and neither is anything about one kiosk or one visit.

mod answers;
mod book;
mod check;
mod fault;
mod read;
mod say;
mod words;

pub use answers::{Answer, Answers, ApproximateTime, Chosen, DayPart};
pub use book::{FormCatalog, FormCatalogError};
pub use check::{InvalidAnswer, InvalidReason};
pub use fault::{Fault, FormError};
pub use say::{Line, lines, value};
pub use words::words;

use crate::kind::Kind;
use crate::language::{Labels, Language};

/// The most steps of a form; the review is not one of them.
pub const MAX_STEPS: usize = 5;
/// The most questions of a step.
pub const MAX_FIELDS: usize = 6;
/// The most options of a question, and the most that an option divides into.
pub const MAX_OPTIONS: usize = 24;
/// The most characters of an answer in the visitor's own words.
pub const MAX_TEXT: usize = 500;
/// The most characters that can be added to options.
pub const MAX_REMARK: usize = 120;
/// Versions from here on are a mall's own; those below are this product's.
pub const OWN_VERSIONS: u32 = 1000;

/// A text of a form: a key to the words that are built in, or written out by a mall in its languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A key in `assets/lang/form.*.po`.
    Key(String),
    /// Written out in the form.
    Own(Labels),
}

impl Label {
    /// The text for a reader of `language`.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Key(key) => words().get(language, key),
            Self::Own(labels) => labels.get(language).to_owned(),
        }
    }
}

/// A form of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its name, the same in every version.
    pub id: String,
    /// Its version, from 1.
    pub version: u32,
    /// What is said with it.
    pub kind: Kind,
    /// What it is called.
    pub title: Label,
    /// A sentence about it.
    pub hint: Option<Label>,
    /// Whether it is offered no longer; answers to it are still read.
    pub retired: bool,
    /// One screen each, 1 to [`MAX_STEPS`].
    pub steps: Vec<Step>,
}

/// What is asked on one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The question above all fields; without one, that of the first field is it.
    pub title: Option<Label>,
    /// A word of help under it.
    pub hint: Option<Label>,
    /// 1 to [`MAX_FIELDS`].
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name, unique in the form. `category`, `story`, `remedy` and `tags` are what inboxes sort by.
    pub id: String,
    /// The question.
    pub label: Label,
    /// A word of help.
    pub hint: Option<Label>,
    /// Whether it has to be answered where it is shown.
    pub required: bool,
    /// When it is shown; always, if there is none.
    pub shown_if: Option<Condition>,
    /// What is asked for.
    pub ask: FieldKind,
}

/// What a question asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Five faces: CSAT, 1 to 5.
    Faces,
    /// 0 to 10: NPS.
    Nps,
    /// 1 to 7: CES.
    Ces,
    /// Something out of a list.
    Choice(Choice),
    /// The visitor's own words, at most `limit` characters, with ready sentences for who would rather not
    /// type.
    Text {
        /// Characters.
        limit: usize,
        /// Ready sentences.
        phrases: Vec<Phrase>,
    },
    /// A shop, a facility, or a point on the map.
    Place,
    /// Now, earlier today, or a part of one of the last `days` days.
    Time {
        /// How many days back.
        days: u8,
    },
    /// How to reach the visitor, with their consent.
    Contact,
    /// A whole number.
    Number {
        /// The lowest.
        lowest: u32,
        /// The highest.
        highest: u32,
    },
}

/// Something out of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the list is of.
    pub of: ChoiceKind,
    /// What can be chosen.
    pub options: Vec<ChoiceOption>,
    /// How many characters may be added in words; none if nothing may.
    pub remark: Option<usize>,
}

/// What a list is of, and with that how many may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceKind {
    /// Kinds of a matter: one.
    One,
    /// Several things: any number.
    Many,
    /// Short words that belong to a rating: any number.
    Tags,
    /// Persons concerned, with a description: any number.
    Persons,
    /// Features of a thing, with a description: any number.
    Features,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// Its name, unique in its list.
    pub id: String,
    /// What it is called.
    pub label: Label,
    /// Examples in plain words.
    pub hint: Option<Label>,
    /// Whether somebody may be hurt or in danger.
    pub urgent: bool,
    /// What it divides into. An answer names such a part as `option/part`.
    pub parts: Vec<ChoiceOption>,
}

/// A ready sentence, and when it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The sentence.
    pub label: Label,
    /// When; always, if there is none.
    pub shown_if: Option<Condition>,
}

/// What an earlier answer must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Whose answer.
    pub field: String,
    /// What it must be.
    pub test: Test,
}

/// What an answer is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One of these options, or a part of one.
    Any(Vec<String>),
    /// A number of at most this.
    AtMost(u32),
    /// A number of at least this.
    AtLeast(u32),
    /// Anything.
    Answered,
}

impl Form {
    /// Every question, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The question with this name.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find(|field| field.id == id)
    }
}

impl Choice {
    /// The option that an answer names, with the one that it is part of.
    pub fn find(&self, path: &str) -> Option<(&ChoiceOption, Option<&ChoiceOption>)> {
        let (whole, part) = path.split_once('/').map_or((path, None), |(w, p)| (w, Some(p)));
        let option = self.options.iter().find(|option| option.id == whole)?;
        match part {
            None => Some((option, None)),
            Some(part) => Some((option.parts.iter().find(|p| p.id == part)?, Some(option))),
        }
    }
}

#[cfg(test)]
mod tests;
