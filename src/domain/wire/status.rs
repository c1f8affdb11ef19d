//! The case status, which a kiosk asks for on behalf of a visitor with a receipt: the tracking page as data.
//!
//! Every text in the reply is ready to show, in the requested language. The reply contains no contact data,
//! and nothing that the visitor typed at the kiosk.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::Secret;

/// Path of the resource.
pub const CASE_STATUS: &str = "/api/v1/kiosk/cases:status";

/// What a visitor holds, and the language of the answer as a BCP 47 tag. If the server does not know that
/// language, it answers in the language of the case.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum StatusRequest {
    /// The token in the QR code, as a scanner read it.
    Token {
        /// 29 letters and digits.
        #[cfg_attr(feature = "schema", schema(value_type = String, max_length = 100))]
        token: Secret,
        /// `en`, `zh-Hans`, …
        #[cfg_attr(feature = "schema", schema(max_length = 40, example = "en"))]
        language: String,
    },
    /// What is written beside it, typed.
    Number {
        /// The case number: case, spaces and look-alike letters are forgiven.
        #[cfg_attr(feature = "schema", schema(value_type = String, max_length = 100, example = "K3-7QX-41M-D"))]
        number: Secret,
        /// The short code.
        #[cfg_attr(feature = "schema", schema(value_type = String, max_length = 100, example = "7QX4-1MD0"))]
        code: Secret,
        /// `en`, `zh-Hans`, …
        #[cfg_attr(feature = "schema", schema(max_length = 40, example = "en"))]
        language: String,
    },
}

impl Zeroize for StatusRequest {
    fn zeroize(&mut self) {
        match self {
            Self::Token { token, .. } => token.zeroize(),
            Self::Number { number, code, .. } => {
                number.zeroize();
                code.zeroize();
            }
        }
    }
}

/// How far a case is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum CaseState {
    /// The server has the case.
    Found,
    /// A kiosk issued this receipt, but its submission has not reached the server yet.
    OnItsWay,
    /// A word that this version does not know; there is a headline all the same.
    #[default]
    #[serde(other)]
    Unknown,
}

/// What a visitor is told.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CaseStatus {
    /// Whether the server has the case.
    pub state: CaseState,
    /// The most important, in a few words.
    pub headline: String,
    /// More of it, where there is more; may be empty.
    #[serde(default)]
    pub text: String,
    /// The case number; empty before it has arrived.
    #[serde(default)]
    pub number: String,
    /// What it is about, a line each.
    #[serde(default)]
    pub about: Vec<String>,
    /// From beginning to end.
    #[serde(default)]
    pub steps: Vec<CaseStep>,
    /// What is promised next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<CasePromise>,
    /// What either side wrote since, oldest first.
    #[serde(default)]
    pub messages: Vec<CaseMessage>,
}

/// Neither a log nor a failed test shows the status of a case.
impl std::fmt::Debug for CaseStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CaseStatus({:?}, hidden)", self.state)
    }
}

/// A step on the way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CaseStep {
    /// What it is called.
    pub label: String,
    /// How far it is.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum StepState {
    /// Completed.
    Done,
    /// In progress.
    Now,
    /// Still to come.
    #[default]
    #[serde(other)]
    Ahead,
}

impl StepState {
    /// The key of the state, as the tracking page uses it in CSS classes.
    pub fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Now => "now",
            Self::Ahead => "ahead",
        }
    }
}

/// What is promised next.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CasePromise {
    /// In words, with the time.
    pub text: String,
    /// Whether it was not kept in time.
    #[serde(default)]
    pub late: bool,
}

/// Something that was written.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct CaseMessage {
    /// Who says it: `Our answer`.
    pub who: String,
    /// When.
    pub when: String,
    /// What; may be empty.
    pub words: String,
    /// From which side.
    pub side: Side,
}

/// Who wrote something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Side {
    /// The visitor.
    You,
    /// The mall.
    #[default]
    #[serde(other)]
    Us,
}

impl Side {
    /// The key of the side, as the tracking page uses it in CSS classes.
    pub fn key(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Us => "us",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reply of a later server still parses, and so does a minimal one.
    #[test]
    fn replies_of_later_servers_still_read() {
        let few: CaseStatus =
            serde_json::from_str(r#"{"state":"on-its-way","headline":"It is on its way"}"#).unwrap();
        assert_eq!(
            (few.state, few.headline.as_str(), few.steps.len()),
            (CaseState::OnItsWay, "It is on its way", 0)
        );
        let later = r#"{"state":"handed-on","headline":"x","steps":[{"label":"s","state":"skipped","icon":"y"}],"more":1}"#;
        let later: CaseStatus = serde_json::from_str(later).unwrap();
        assert_eq!((later.state, later.steps[0].state), (CaseState::Unknown, StepState::Ahead));
        assert_eq!(format!("{later:?}"), "CaseStatus(Unknown, hidden)");
    }

    #[test]
    fn a_request_hides_what_the_visitor_holds() {
        let request: StatusRequest =
            serde_json::from_str(r#"{"number":"K3-7QX-41M-D","code":"7QX4-1MD0","language":"en"}"#).unwrap();
        assert!(matches!(request, StatusRequest::Number { .. }));
        assert!(!format!("{request:?}").contains("7QX"));
    }
}
