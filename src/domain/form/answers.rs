//! Answers to a form, as they are sealed and kept.
//!
//! They name the form and the version, so that they can be read beside the questions for ever; and they
//! carry their own shape, so that they can be shown even by a server that never saw the form. How to reach
//! the visitor is not among them: that stays in the submission, and sealed.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use zeroize::Zeroize as _;

use crate::kind::Kind;
use crate::place::PlaceRef;
use crate::scale::{Ces, Csat, Nps};
use crate::text::Story;
use crate::text::Text;

use super::MAX_REMARK;

/// What was answered to a form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The form's name.
    pub form: String,
    /// The form's version.
    pub version: u32,
    /// What is said with it. It has another name than the tag of the body that it travels in.
    pub about: Kind,
    /// Whether somebody may be hurt or in danger.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// By the names of the questions.
    pub answers: BTreeMap<String, Answer>,
}

/// One answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A face.
    Faces(Csat),
    /// 0 to 10.
    Nps(Nps),
    /// 1 to 7.
    Ces(Ces),
    /// Out of a list.
    Chosen(Chosen),
    /// In words.
    Text(Story),
    /// A place.
    Place(PlaceRef),
    /// A time.
    When(ApproximateTime),
    /// A number.
    Number(u32),
    /// The visitor says that they do not know where or when.
    Unsure,
    /// Something that this version does not know, from a newer kiosk. It is kept as it came.
    #[serde(untagged)]
    Other(serde_json::Value),
}

/// What was chosen out of a list.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chosen {
    /// `option` or `option/part`, in the order of the list.
    pub options: Vec<String>,
    /// What was added in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Text<MAX_REMARK>>,
}

/// A time as people remember it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproximateTime {
    /// The day, in the mall's time zone.
    pub day: NaiveDate,
    /// When on that day.
    pub part: DayPart,
}

/// When on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayPart {
    /// Just now.
    Now,
    /// Some time before now.
    Earlier,
    /// Before noon.
    Morning,
    /// Around noon.
    Noon,
    /// After noon.
    Afternoon,
    /// In the evening.
    Evening,
    /// A part of the day that this version does not know.
    #[serde(other)]
    Unknown,
}

impl DayPart {
    /// The parts of a past day, in the order in which a visitor is offered them.
    pub const OF_A_DAY: [Self; 4] = [Self::Morning, Self::Noon, Self::Afternoon, Self::Evening];

    /// The word for it in wire forms and keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Earlier => "earlier",
            Self::Morning => "morning",
            Self::Noon => "noon",
            Self::Afternoon => "afternoon",
            Self::Evening => "evening",
            Self::Unknown => "unknown",
        }
    }
}

impl Answers {
    /// The answer to a question.
    pub fn get(&self, field: &str) -> Option<&Answer> {
        self.answers.get(field)
    }

    /// The same without a word that the visitor wrote: a receipt may be lost, and found by somebody.
    pub fn without_own_words(&self) -> Self {
        let mut kept = self.clone();
        kept.answers.retain(|_, answer| !matches!(answer, Answer::Text(_) | Answer::Other(_)));
        for answer in kept.answers.values_mut() {
            if let Answer::Chosen(chosen) = answer {
                chosen.remark = None;
            }
        }
        kept.answers.retain(|_, answer| !matches!(answer, Answer::Chosen(c) if c.options.is_empty()));
        kept
    }

    /// Overwrites every word that was typed.
    pub fn wipe(&mut self) {
        for answer in self.answers.values_mut() {
            match answer {
                Answer::Text(text) => text.zeroize(),
                Answer::Chosen(chosen) => chosen.remark.zeroize(),
                _ => {}
            }
        }
        self.answers.clear();
    }
}

/// What somebody answered never reaches a log.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({} {}, hidden)", self.form, self.version)
    }
}

crate::hide!(Answer, Chosen, ApproximateTime);
