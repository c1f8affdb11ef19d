//! A submission: the answers to a form, or a call for help. It is the part that is sealed.
//!
//! It is complete and frozen when the kiosk queues it. It names places by IMDF feature id and, because maps
//! change, also by the name at the time of choosing.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::contact::Contact;
use crate::form::Answers;
use crate::kind::{Kind, keyed};
use crate::language::Language;
use crate::place::PlaceRef;
use crate::policy::CaseFacts;
use crate::receipt::CaseNumber;

keyed! {
    /// What a rating is about: factors of satisfaction.
    Tag {
        /// How staff behaved.
        Service = "service",
        /// The range of goods and services.
        Choice = "choice",
        /// The prices.
        Price = "price",
        /// How clean the mall is.
        Cleanliness = "cleanliness",
        /// The restrooms.
        Restrooms = "restrooms",
        /// Finding the way.
        Wayfinding = "wayfinding",
        /// Lifts, seats, air, light.
        Facilities = "facilities",
        /// Getting to the mall, and parking.
        Parking = "parking",
    }
}

keyed! {
    /// What a complaint is about: the six categories of the default policy.
    Category {
        /// Attitude, process, standard of service.
        ServiceQuality = "service-quality",
        /// Damaged, defective, not as promised.
        MerchandiseQuality = "merchandise-quality",
        /// Lifts, light, seats, safety equipment.
        Facilities = "facilities",
        /// Cleanliness, noise, air, smell.
        Environment = "environment",
        /// Signs, announcements, answers.
        Information = "information",
        /// Anything else.
        Other = "other",
    }
}

keyed! {
    /// The remedy that the visitor seeks (ISO 10002).
    Remedy {
        /// Solve the problem.
        Fix = "fix",
        /// Money or goods in return.
        Refund = "refund",
        /// Explain how it happened.
        Explanation = "explanation",
        /// Apologise.
        Apology = "apology",
        /// Prevent a repetition.
        Prevention = "prevention",
        /// Nothing; the mall should only know.
        Nothing = "nothing",
    }
}

/// The content of a submission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// Somebody asks staff to come to this kiosk.
    ServiceRequest,
    /// Nobody needs to come any more: the visitor takes back their calls for help at this kiosk. No case is made of
    /// it.
    CallTakenBack {
        /// The case numbers of the calls.
        calls: Vec<CaseNumber>,
    },
    /// Answers to a form.
    Answers(Answers),
}

impl Body {
    /// The kind of the submission.
    pub fn kind(&self) -> Kind {
        match self {
            Self::ServiceRequest | Self::CallTakenBack { .. } => Kind::ServiceRequest,
            Self::Answers(answers) => answers.about,
        }
    }
}

impl Submission {
    /// The facts on which the promises for this submission depend.
    pub fn facts(&self) -> CaseFacts {
        CaseFacts {
            kind: self.body.kind(),
            urgent: matches!(&self.body, Body::Answers(answers) if answers.urgent),
            reachable: self.contact.is_some(),
        }
    }
}

/// One submission of a visitor. It is sealed as JSON; only the holder of the server's key reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The case number on the receipt.
    pub case_number: CaseNumber,
    /// The SHA-256 of the tracking token, in hexadecimal.
    pub token_digest: String,
    /// The salted SHA-256 of the receipt code, in hexadecimal.
    pub code_digest: String,
    /// The language in which staff should answer.
    pub language: Language,
    /// When the visitor sent it, by the kiosk's clock.
    #[serde(deserialize_with = "crate::calendar::moment")]
    pub created_at: Timestamp,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceRef>,
    /// The answers, or a call for help.
    pub body: Body,
    /// How to reach the visitor, if they consented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_carries_its_kind_on_the_wire() {
        let json = serde_json::to_value(Body::ServiceRequest).unwrap();
        assert_eq!(json, serde_json::json!({"kind": "service-request"}));
    }
}
