//! What a visitor sends: the answers to a form, or a call for help. This is the part that gets sealed.
//!
//! A submission is complete and frozen when the kiosk queues it. It names places by their IMDF feature
//! id and, because maps change, also by the name they had when the visitor pointed at them.

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
    /// What a rating is about: the factors of satisfaction that malls ask for.
    Tag {
        /// How staff behaved.
        Service = "service",
        /// What is on offer.
        Choice = "choice",
        /// What it costs.
        Price = "price",
        /// How clean it is.
        Cleanliness = "cleanliness",
        /// Restrooms.
        Restrooms = "restrooms",
        /// Finding one's way.
        Wayfinding = "wayfinding",
        /// Lifts, seats, air, light.
        Facilities = "facilities",
        /// Coming and parking.
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
        /// Everything else.
        Other = "other",
    }
}

keyed! {
    /// What the visitor wants to happen: ISO 10002's remedy sought.
    Remedy {
        /// Put it right.
        Fix = "fix",
        /// Money or goods back.
        Refund = "refund",
        /// Say how it came about.
        Explanation = "explanation",
        /// Say sorry.
        Apology = "apology",
        /// See that it does not happen again.
        Prevention = "prevention",
        /// Only know of it.
        Nothing = "nothing",
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Body {
    /// Please come to this kiosk.
    ServiceRequest,
    /// Answers to a form.
    Answers(Answers),
}

impl Body {
    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self {
            Self::ServiceRequest => Kind::ServiceRequest,
            Self::Answers(said) => said.about,
        }
    }
}

impl Submission {
    /// What the mall's promises depend on.
    pub fn facts(&self) -> CaseFacts {
        CaseFacts {
            kind: self.body.kind(),
            urgent: matches!(&self.body, Body::Answers(said) if said.urgent),
            reachable: self.contact.is_some(),
        }
    }
}

/// One thing a visitor said, whole. Sealed as JSON; nobody but the server's key holder reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The number on the receipt.
    pub case_number: CaseNumber,
    /// SHA-256 of the tracking token, in hexadecimal.
    pub token_digest: String,
    /// Salted SHA-256 of the receipt's short code, in hexadecimal.
    pub code_digest: String,
    /// The language to answer in.
    pub language: Language,
    /// When the visitor sent it, by the kiosk's clock.
    pub created_at: Timestamp,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceRef>,
    /// What was said.
    pub body: Body,
    /// How to reach them, if they want to be reached.
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
