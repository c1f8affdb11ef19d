//! Answers to a form, as they are sealed and stored.
//!
//! They name the form and its version, and each answer carries its own type. A server can show them even if
//! it never had the form. How to reach the visitor is not an answer: it is in the submission's
//! [`Contact`](crate::contact::Contact).

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

/// The answers of one visitor to one form.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answers {
    /// The id of the form.
    pub form: String,
    /// The version of the form, from 1.
    pub version: u32,
    /// The kind of the submission. It is not called `kind`, because that is the tag of the body around it.
    pub about: Kind,
    /// Whether the visitor chose an option that means that somebody may be hurt or in danger.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// The answers by the ids of their questions.
    pub answers: BTreeMap<String, Answer>,
}

/// One answer, with its type.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// A CSAT face, 1 to 5.
    Faces(Csat),
    /// An NPS rating, 0 to 10.
    Nps(Nps),
    /// A CES rating, 1 to 7.
    Ces(Ces),
    /// Options from a list.
    Chosen(Chosen),
    /// The visitor's own words.
    Text(Story),
    /// A place in the mall.
    Place(PlaceRef),
    /// An approximate time.
    When(ApproximateTime),
    /// A whole number.
    Number(u32),
    /// The visitor does not know where or when.
    Unsure,
    /// An answer of a newer kiosk whose type this version does not know. It is kept unchanged.
    #[serde(untagged)]
    Other(serde_json::Value),
}

/// The options that a visitor chose from a list.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chosen {
    /// The ids as `option` or `option/part`, in the order of the list.
    pub options: Vec<String>,
    /// Words that the visitor added to the options.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Text<MAX_REMARK>>,
}

/// A time as visitors remember it: a day and a part of it.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproximateTime {
    /// The day, in the mall's time zone.
    #[serde(deserialize_with = "crate::calendar::day")]
    pub day: NaiveDate,
    /// The part of that day.
    pub part: DayPart,
}

/// A part of a day.
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
    /// A part of the day that this version does not know, from a newer kiosk.
    #[serde(other)]
    Unknown,
}

impl DayPart {
    /// The parts of a past day, in the order in which a visitor is offered them.
    pub const OF_A_DAY: [Self; 4] = [Self::Morning, Self::Noon, Self::Afternoon, Self::Evening];

    /// The key of the part in wire forms and `.po` files.
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
    /// The answer to the question with this id.
    pub fn get(&self, field: &str) -> Option<&Answer> {
        self.answers.get(field)
    }

    /// Overwrites in memory every word that the visitor typed.
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

/// What a visitor answered never reaches a log.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Answers({} {}, hidden)", self.form, self.version)
    }
}

crate::hide!(Answer, Chosen, ApproximateTime);
