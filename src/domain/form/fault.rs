//! What can be wrong with the file of a form, and what to do about it.

use std::fmt;

use super::{MAX_FIELDS, MAX_OPTIONS, MAX_REMARK, MAX_STEPS, MAX_TEXT};

/// Why a form was refused: the file, the line, the question, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The name of the file.
    pub file: String,
    /// The line, from 1; none when the text is no TOML, which says its own line.
    pub line: Option<usize>,
    /// The question, if it is about one.
    pub field: Option<String>,
    /// What is wrong.
    pub fault: Fault,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(field) = &self.field {
            write!(f, ", field {field}")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl std::error::Error for FormError {}

/// What is wrong with a form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text cannot be read as a form at all.
    #[error("{0}")]
    Toml(String),
    /// A name that could not stand in an answer.
    #[error("{0:?} is no name; use the letters a to z, digits and dashes, at most 40 of them")]
    Name(String),
    /// Versions are counted from 1.
    #[error("the version is 0; the first version of a form is 1, and a mall's own begin at 1000")]
    Version,
    /// No kind of thing that can be said.
    #[error(
        "there is no kind {0:?}; use complaint, feedback, praise, suggestion, enquiry, lost-item, found-item \
         or service-request"
    )]
    Kind(String),
    /// Too few or too many screens.
    #[error("it has {0} steps; a form has 1 to {MAX_STEPS}, so join or leave out some")]
    Steps(usize),
    /// Too few or too many questions on a screen.
    #[error("step {step} has {fields} fields; a step has 1 to {MAX_FIELDS}, so move or leave out some")]
    Fields {
        /// Which, from 1.
        step: usize,
        /// How many.
        fields: usize,
    },
    /// Two questions of one name.
    #[error("another field has this id; give one of them a new one")]
    Twice,
    /// Nothing that can be asked.
    #[error(
        "there is no ask = {0:?}; use faces, nps, ces, one, many, tags, persons, features, text, place, time, \
         contact or number"
    )]
    FieldKind(String),
    /// Too few or too many options.
    #[error("{of} has {options} options; give it 1 to {MAX_OPTIONS}")]
    Options {
        /// The question or the option that divides.
        of: String,
        /// How many.
        options: usize,
    },
    /// Two options of one name.
    #[error("the option {0:?} is there twice; give one of them another id")]
    OptionTwice(String),
    /// Options divide once.
    #[error("the option {0:?} is a part already and cannot have parts; put them one level up")]
    Depth(String),
    /// A limit that no answer could keep to.
    #[error("limit = {0} is out of range; a text has 1 to {MAX_TEXT} characters, a remark 1 to {MAX_REMARK}")]
    Limit(usize),
    /// The numbers are the wrong way round, or missing.
    #[error("give it lowest and highest, the lowest first, and at most 9999")]
    Range,
    /// A time further back than anybody remembers.
    #[error("days = {0} is out of range; give it 1 to 60")]
    Days(u8),
    /// A setting that this question does not have.
    #[error("{setting} does not belong to ask = {ask:?}; leave it out")]
    NotHere {
        /// The setting.
        setting: &'static str,
        /// What is asked.
        ask: String,
    },
    /// There are no words for it.
    #[error("{0} has no label; add label = {{ en = \"…\", zh-Hans = \"…\" }}")]
    NoLabel(String),
    /// Words that are not built in.
    #[error("there are no built-in words for {0:?}; write label = {{ en = \"…\", zh-Hans = \"…\" }} instead")]
    NoWords(String),
    /// A language is missing.
    #[error("the label of {of} has no {language}; add it, because kiosks speak {language}")]
    Language {
        /// Of what.
        of: String,
        /// The tag of the language.
        language: &'static str,
    },
    /// It depends on something that is not asked before it.
    #[error("shown-if names {0:?}, which is not asked before it; name an earlier field, or move this one")]
    Later(String),
    /// A condition that the other answer can never meet, or none at all.
    #[error(
        "shown-if does not fit {0:?}; use any = [options] for a choice, at-most or at-least for numbers, or answered = true"
    )]
    Condition(String),
    /// A place needs the room of a whole screen, for the search and the list.
    #[error("a place is asked for together with something else; give it a step of its own")]
    PlaceAlone,
    /// Only one way to be reached is kept.
    #[error("contact is asked for twice; ask once")]
    TwoContacts,
}
