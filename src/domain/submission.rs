//! What a visitor sends: the answers to a form, or a call for help. This is the part that gets sealed.
//!
//! A submission is complete and frozen when the kiosk queues it. It names places by their IMDF feature
//! id and, because maps change, also by the name they had when the visitor pointed at them.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::contact::Contact;
use crate::form::Answers;
use crate::language::{Labels, Language};
use crate::policy::CaseFacts;
use crate::receipt::CaseNumber;
use crate::text::Text;

/// What happened, or what somebody liked, in the visitor's own words: at most 500 characters.
pub type Story = Text<500>;

/// CSAT: how satisfied, from 1 (very dissatisfied) to 5 (very satisfied).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Csat(u8);

/// NPS: how likely to recommend the mall, from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Nps(u8);

/// CES: how easy it was, from 1 (very hard) to 7 (very easy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Ces(u8);

/// A number that is not on the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given} is not on the scale from {lowest} to {highest}")]
pub struct OffScale {
    given: u8,
    lowest: u8,
    highest: u8,
}

macro_rules! scale {
    ($type:ident, $lowest:literal, $highest:literal) => {
        impl $type {
            /// The lowest step of the scale.
            pub const LOWEST: u8 = $lowest;
            /// The highest step of the scale.
            pub const HIGHEST: u8 = $highest;

            /// The step as a number.
            pub fn get(self) -> u8 {
                self.0
            }
        }
        impl TryFrom<u8> for $type {
            type Error = OffScale;

            fn try_from(given: u8) -> Result<Self, OffScale> {
                if (Self::LOWEST..=Self::HIGHEST).contains(&given) {
                    Ok(Self(given))
                } else {
                    Err(OffScale { given, lowest: Self::LOWEST, highest: Self::HIGHEST })
                }
            }
        }
        impl From<$type> for u8 {
            fn from(step: $type) -> u8 {
                step.0
            }
        }
    };
}
scale!(Csat, 1, 5);
scale!(Nps, 0, 10);
scale!(Ces, 1, 7);

macro_rules! keyed {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $type { $(#[serde(rename = $key)] $(#[$vdoc])* $variant),* }
        impl $type {
            /// Every one, in the order in which a visitor is offered them.
            pub const ALL: [Self; { [$($key),*].len() }] = [$(Self::$variant),*];
            /// The word for it in wire forms, databases and keys of words.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}

keyed! {
    /// What kind of thing was said. It travels in the clear, so that a server can sort what it cannot open.
    Kind {
        /// A complaint, handled by the complaint workflow.
        Complaint = "complaint",
        /// A rating with tags and words.
        Feedback = "feedback",
        /// What somebody liked.
        Praise = "praise",
        /// What could be better.
        Suggestion = "suggestion",
        /// A question, with or without a wish to be called back.
        Enquiry = "enquiry",
        /// Something that a visitor has lost.
        LostItem = "lost-item",
        /// Something that a visitor has found.
        FoundItem = "found-item",
        /// Somebody at a kiosk asks for a person or a thing to be brought.
        ServiceRequest = "service-request",
        /// A kind that this version does not know, from a newer kiosk: kept and shown all the same.
        #[serde(other)]
        Other = "other",
    }
}

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

/// A place in the mall, as the visitor pointed at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceRef {
    /// IMDF feature id.
    pub feature: String,
    /// Its name at the time.
    pub name: Labels,
    /// The level's sign, for example `L2`.
    pub level: String,
    /// The unit number on its sign, for example `L2-07`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Where exactly, if the visitor tapped on the map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<MapPoint>,
}

/// A point on a map in WGS 84, in whole ten-millionths of a degree: about a centimetre.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapPoint {
    /// Degrees east, times ten million.
    pub lon_e7: i32,
    /// Degrees north, times ten million.
    pub lat_e7: i32,
}

impl MapPoint {
    /// The nearest such point to a longitude and a latitude in degrees. What lies beyond the ends of the
    /// Earth is taken as its end.
    pub fn of_degrees(longitude: f64, latitude: f64) -> Self {
        #[allow(clippy::cast_possible_truncation, reason = "180 degrees fit, and a cast stops at the ends")]
        let e7 = |degrees: f64, end: f64| (degrees.clamp(-end, end) * 1e7).round() as i32;
        Self { lon_e7: e7(longitude, 180.0), lat_e7: e7(latitude, 90.0) }
    }

    /// Longitude and latitude, in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon_e7) / 1e7, f64::from(self.lat_e7) / 1e7)
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
    fn a_rating_off_the_scale_is_refused_at_the_door() {
        assert!(Csat::try_from(0).is_err() && Csat::try_from(6).is_err() && Csat::try_from(5).is_ok());
        assert_eq!(Nps::try_from(11).unwrap_err().to_string(), "11 is not on the scale from 0 to 10");
        assert!(serde_json::from_str::<Csat>("9").is_err());
    }

    #[test]
    fn a_body_carries_its_kind_on_the_wire() {
        let json = serde_json::to_value(Body::ServiceRequest).unwrap();
        assert_eq!(json, serde_json::json!({"kind": "service-request"}));
    }
}
