//! The errors of a form's TOML file, each with its remedy.

use std::fmt;

use super::{MAX_FIELDS, MAX_OPTIONS, MAX_REMARK, MAX_STEPS, MAX_TEXT, OPTION_ICONS};

/// Why a form was refused: file, line, question and remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormError {
    /// The name of the file.
    pub file: String,
    /// The line, counted from 1; none if the TOML parser gives no position.
    pub line: Option<usize>,
    /// The id of the question, if the fault is in one.
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

/// One fault of a form. Its text says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text cannot be read as a form at all.
    #[error("{0}")]
    Toml(String),
    /// A name with characters that a name may not have, or with too many.
    #[error("{0:?} is not a name; use the letters a to z, digits and dashes, at most 40 of them")]
    Name(String),
    /// The version is 0. Versions are counted from 1.
    #[error("the version is 0; the first version of a form is 1, and a mall's own begin at 1000")]
    Version,
    /// The product has no such kind of submission.
    #[error(
        "there is no kind {0:?}; use complaint, feedback, praise, suggestion, enquiry, lost-item, found-item \
         or service-request"
    )]
    Kind(String),
    /// Too few or too many steps.
    #[error("it has {0} steps; a form has 1 to {MAX_STEPS}, so join or leave out some")]
    Steps(usize),
    /// Too few or too many fields in one step.
    #[error("step {step} has {fields} fields; a step has 1 to {MAX_FIELDS}, so move or leave out some")]
    Fields {
        /// The number of the step, from 1.
        step: usize,
        /// The number of fields.
        fields: usize,
    },
    /// Two fields have the same id.
    #[error("another field has this id; give one of them a new one")]
    Twice,
    /// There is no such kind of question.
    #[error(
        "there is no ask = {0:?}; use faces, nps, ces, one, many, tags, persons, features, text, place, time, \
         contact or number"
    )]
    FieldKind(String),
    /// Too few or too many options in one list.
    #[error("{of} has {options} options; give it 1 to {MAX_OPTIONS}")]
    Options {
        /// The field or the option that the list belongs to.
        of: String,
        /// The number of options.
        options: usize,
    },
    /// Two options have the same id.
    #[error("the option {0:?} is there twice; give one of them another id")]
    OptionTwice(String),
    /// A part of an option has parts itself. Only one level of parts is allowed.
    #[error("the option {0:?} is a part already and cannot have parts; put them one level up")]
    Depth(String),
    /// There is no such picture.
    #[error("there is no icon {0:?}; use one of {known}, or leave it out", known = OPTION_ICONS.join(", "))]
    Icon(String),
    /// A character limit of 0 or above the maximum.
    #[error("limit = {0} is out of range; a text has 1 to {MAX_TEXT} characters, a remark 1 to {MAX_REMARK}")]
    Limit(usize),
    /// The range of a number is reversed, missing or too high.
    #[error("give it lowest and highest, the lowest first, and at most 9999")]
    Range,
    /// The number of past days is outside 1 to 60.
    #[error("days = {0} is out of range; give it 1 to 60")]
    Days(u8),
    /// A setting that this kind of question does not have.
    #[error("{setting} does not belong to ask = {ask:?}; leave it out")]
    NotHere {
        /// The name of the setting.
        setting: &'static str,
        /// The kind of the question, as `ask` names it.
        ask: String,
    },
    /// It has no label, and the built-in words have none for it.
    #[error("{0} has no label; add label = {{ en = \"…\", zh-Hans = \"…\" }}")]
    NoLabel(String),
    /// The label names a key that the built-in words lack.
    #[error("there are no built-in words for {0:?}; write label = {{ en = \"…\", zh-Hans = \"…\" }} instead")]
    NoWords(String),
    /// The label lacks a required language.
    #[error("the label of {of} has no {language}; add it, because kiosks speak {language}")]
    Language {
        /// The key of the label.
        of: String,
        /// The BCP 47 tag of the language.
        language: &'static str,
    },
    /// A condition names a question that is not asked before it.
    #[error("shown-if names {0:?}, which is not asked before it; name an earlier field, or move this one")]
    Later(String),
    /// A condition that does not fit the type of the question it tests, or tests nothing.
    #[error(
        "shown-if does not fit {0:?}; use any = [options] for a choice, at-most or at-least for numbers, or answered = true"
    )]
    Condition(String),
    /// A place shares its step with another field. It needs the whole screen, for search and list.
    #[error("a place is asked for together with something else; give it a step of its own")]
    PlaceAlone,
    /// Every option of a list has a condition, so that there may be nothing to choose.
    #[error(
        "each option of {0} has shown-if; leave one without, so that there is always something to choose"
    )]
    NothingToChoose(String),
    /// The first step is additional.
    #[error("the first step has additional = true; ask something in turn first")]
    NothingInTurn,
    /// An additional step has a required question, which a visitor may never see.
    #[error("it is required, but its step has additional = true; leave out one of the two")]
    RequiredAddition,
    /// The form asks for contact data twice. A submission has room for one contact.
    #[error("contact is asked for twice; ask once")]
    TwoContacts,
}
