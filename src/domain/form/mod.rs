//! Forms: what a visitor is asked, as data. A mall adds a question by adding a file.
//!
//! A [`Form`] enters as TOML through [`Form::read`] and is valid from then on. It never changes: to change a
//! question, a mall publishes the next version, and answers name the version that they belong to.
//! [`FormCatalog`] keeps every version, because answers to it may exist. How a form looks is not here, and
//! neither is the state of a kiosk or a visit.

mod answers;
mod catalog;
mod check;
mod fault;
mod read;
mod say;
mod words;

pub use answers::{Answer, Answers, ApproximateTime, Chosen, DayPart};
pub use catalog::{FormCatalog, FormCatalogError};
pub use check::{InvalidAnswer, InvalidReason};
pub use fault::{Fault, FormError};
pub use say::{Line, lines, value};
pub use words::words;

use crate::kind::Kind;
use crate::language::{Labels, Language};

/// The most steps of a form; the review page is not counted.
pub const MAX_STEPS: usize = 5;
/// The most fields of a step.
pub const MAX_FIELDS: usize = 6;
/// The most options of a list, and the most parts of an option.
pub const MAX_OPTIONS: usize = 24;
/// The most characters of a text answer.
pub const MAX_TEXT: usize = 500;
/// The most characters of a remark that is added to options.
pub const MAX_REMARK: usize = 120;
/// The first version number that a mall may use; lower ones belong to this product.
pub const OWN_VERSIONS: u32 = 1000;

/// A text of a form: a key of the built-in words, or the texts of a mall by language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// A key in `assets/lang/form.*.po`.
    Key(String),
    /// The texts that the form itself contains.
    Own(Labels),
}

impl Label {
    /// The text in `language`, or in the nearest language that there is.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Key(key) => words().get(language, key),
            Self::Own(labels) => labels.get(language).to_owned(),
        }
    }
}

/// One version of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The id of the form, the same in every version.
    pub id: String,
    /// The version, counted from 1.
    pub version: u32,
    /// The kind of submission that the form makes.
    pub kind: Kind,
    /// The title, as the menu of forms shows it.
    pub title: Label,
    /// A sentence that describes the form.
    pub hint: Option<Label>,
    /// Whether kiosks no longer offer it. Answers to it can still be read.
    pub retired: bool,
    /// The steps, 1 to [`MAX_STEPS`]; each is one screen.
    pub steps: Vec<Step>,
}

/// The questions on one screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The heading above all fields; without it, the first field's label is the heading.
    pub title: Option<Label>,
    /// A help text under the heading.
    pub hint: Option<Label>,
    /// Whether the step is not asked in turn: the review offers its questions, to add more. None of them is
    /// required.
    pub additional: bool,
    /// The questions, 1 to [`MAX_FIELDS`].
    pub fields: Vec<Field>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The id, unique in the form. The server's inbox uses the ids `category`, `story`, `remedy` and `tags`.
    pub id: String,
    /// The text of the question.
    pub label: Label,
    /// A help text.
    pub hint: Option<Label>,
    /// Whether it must be answered if it is shown.
    pub required: bool,
    /// When the question is shown; always, if there is no condition.
    pub shown_if: Option<Condition>,
    /// The kind of question.
    pub ask: FieldKind,
}

/// The kind of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Five faces: CSAT, 1 to 5.
    Faces,
    /// 0 to 10: NPS.
    Nps,
    /// 1 to 7: CES.
    Ces,
    /// Options from a list.
    Choice(Choice),
    /// The visitor's own words, at most `limit` characters. Ready-made sentences serve visitors who prefer
    /// not to type.
    Text {
        /// The most characters.
        limit: usize,
        /// The ready-made sentences.
        phrases: Vec<Phrase>,
    },
    /// A shop, an amenity or a point on the map.
    Place,
    /// Now, earlier today, or a part of one of the last `days` days.
    Time {
        /// The number of past days that are offered.
        days: u8,
    },
    /// How to reach the visitor, given with their consent.
    Contact,
    /// A whole number.
    Number {
        /// The lowest number allowed.
        lowest: u32,
        /// The highest number allowed.
        highest: u32,
    },
}

/// A list of options to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What the list contains.
    pub of: ChoiceKind,
    /// The options, in the order in which they are shown.
    pub options: Vec<ChoiceOption>,
    /// The most characters of a remark; none if the list takes no remark.
    pub remark: Option<usize>,
}

/// What a list contains. This decides how many options may be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceKind {
    /// Categories: one may be chosen.
    One,
    /// Things: any number may be chosen.
    Many,
    /// Tags of a rating: any number may be chosen.
    Tags,
    /// Persons concerned, with a description: any number may be chosen.
    Persons,
    /// Features of an object, with a description: any number may be chosen.
    Features,
}

/// One option of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceOption {
    /// The id, unique in its list.
    pub id: String,
    /// The text of the option.
    pub label: Label,
    /// Examples in plain words.
    pub hint: Option<Label>,
    /// The picture beside the text, for those who read no language of the kiosk.
    pub icon: Option<OptionIcon>,
    /// Whether choosing it means that somebody may be hurt or in danger.
    pub urgent: bool,
    /// When the option is offered; always, if there is no condition.
    pub shown_if: Option<Condition>,
    /// The parts of the option. An answer names a part as `option/part`.
    pub parts: Vec<ChoiceOption>,
}

/// The pictures that an option may have. The kiosk draws each.
pub const OPTION_ICONS: [&str; 24] = [
    "bag",
    "bell",
    "box",
    "broom",
    "card",
    "chat",
    "electronics",
    "fashion",
    "gift",
    "glasses",
    "globe",
    "help",
    "info",
    "key",
    "kids",
    "lift",
    "other",
    "phone",
    "ring",
    "star",
    "stroller",
    "umbrella",
    "wallet",
    "wheelchair",
];

/// The name of a picture: one of [`OPTION_ICONS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionIcon(&'static str);

impl OptionIcon {
    /// The picture with this name.
    pub fn named(name: &str) -> Option<Self> {
        OPTION_ICONS.into_iter().find(|known| *known == name).map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0
    }
}

/// A ready-made sentence, and when it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The text of the sentence.
    pub label: Label,
    /// When the sentence is offered; always, if there is no condition.
    pub shown_if: Option<Condition>,
}

/// A condition on an earlier answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The id of the question whose answer is tested.
    pub field: String,
    /// The test that its answer must pass.
    pub test: Test,
}

/// How a condition tests an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// One of these options is chosen, or a part of one.
    Any(Vec<String>),
    /// The answer is a number of at most this.
    AtMost(u32),
    /// The answer is a number of at least this.
    AtLeast(u32),
    /// There is any answer.
    Answered,
}

impl Form {
    /// Every question, in the order in which it is asked.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.steps.iter().flat_map(|step| &step.fields)
    }

    /// The question with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find(|field| field.id == id)
    }
}

impl Choice {
    /// The paths of the options and parts that mean danger, in order.
    pub fn urgent_paths(&self) -> impl DoubleEndedIterator<Item = String> {
        self.options.iter().flat_map(|option| {
            let parts = option.parts.iter().filter(|part| part.urgent);
            let parts = parts.map(|part| format!("{}/{}", option.id, part.id));
            option.urgent.then(|| option.id.clone()).into_iter().chain(parts)
        })
    }

    /// The option that an answer names. For a part, also the option that it belongs to.
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
