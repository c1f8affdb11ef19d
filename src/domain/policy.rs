//! The SLA policy: how soon a visitor gets an answer.
//!
//! Each promise is a clock with its own limit. A clock starts when the visitor presses "send" at the kiosk,
//! even if the submission reaches the server much later. The limits are data, so that a mall changes them
//! without a release. Whether a promise was kept is not decided here.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::kind::Kind;

/// A clock of the SLA policy. The names are those of the policy files and the case page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SlaClock {
    /// Staff have answered for the first time.
    FirstResponse,
    /// Staff know what happened.
    Investigation,
    /// The visitor has been told the result.
    Result,
}

impl SlaClock {
    /// Every clock, in the order in which they run out.
    pub const ALL: [Self; 3] = [Self::FirstResponse, Self::Investigation, Self::Result];

    /// The key of the clock in wire forms, databases and `.po` files.
    pub fn key(self) -> &'static str {
        match self {
            Self::FirstResponse => "first-response",
            Self::Investigation => "investigation",
            Self::Result => "result",
        }
    }
}

/// How long each thing may take, in minutes of elapsed time.
///
/// The default is the preset `mall-2025`. A complaint is answered in 24 h, investigated in 48 h, and its
/// result is told in 72 h. Feedback, praise and suggestions are answered in 24 h if the visitor can be
/// reached. An enquiry is answered in 3 min. Somebody comes to a kiosk in 15 min, or in 5 min if it is
/// urgent. Staff search for a lost item and report in 24 h; they fetch a found item in 1 h.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SlaPolicy {
    /// `complaint.first_response`
    pub complaint_first_response_min: u32,
    /// `complaint.investigation`
    pub complaint_investigation_min: u32,
    /// `complaint.result`
    pub complaint_result_min: u32,
    /// `feedback.reply`
    pub feedback_reply_min: u32,
    /// `service.response`
    pub service_response_min: u32,
    /// `service.urgent`
    pub service_urgent_min: u32,
    /// `enquiry.response`
    pub enquiry_response_min: u32,
    /// `lost.response`
    pub lost_response_min: u32,
    /// `found.response`
    pub found_response_min: u32,
}

/// The facts about a case on which its promises depend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseFacts {
    /// The kind of the submission.
    pub kind: Kind,
    /// Whether somebody may be hurt or in danger.
    pub urgent: bool,
    /// Whether the visitor left contact data.
    pub reachable: bool,
}

impl CaseFacts {
    /// The facts of a case that is not urgent and whose visitor cannot be reached.
    pub fn of(kind: Kind) -> Self {
        Self { kind, urgent: false, reachable: false }
    }
}

impl Default for SlaPolicy {
    fn default() -> Self {
        Self {
            complaint_first_response_min: 24 * 60,
            complaint_investigation_min: 48 * 60,
            complaint_result_min: 72 * 60,
            feedback_reply_min: 24 * 60,
            service_response_min: 15,
            service_urgent_min: 5,
            enquiry_response_min: 3,
            lost_response_min: 24 * 60,
            found_response_min: 60,
        }
    }
}

impl SlaPolicy {
    /// When `clock` runs out for a submission sent at `start`; none if the case has no such clock.
    pub fn due(&self, facts: CaseFacts, clock: SlaClock, start: Timestamp) -> Option<Timestamp> {
        let minutes = match (facts.kind, clock) {
            (Kind::Complaint, SlaClock::FirstResponse) => self.complaint_first_response_min,
            (Kind::Complaint, SlaClock::Investigation) => self.complaint_investigation_min,
            (Kind::Complaint, SlaClock::Result) => self.complaint_result_min,
            (_, SlaClock::Investigation | SlaClock::Result) => return None,
            (Kind::Feedback | Kind::Praise | Kind::Suggestion, _) if !facts.reachable => return None,
            (Kind::Feedback | Kind::Praise | Kind::Suggestion | Kind::Other, _) => self.feedback_reply_min,
            (Kind::Enquiry, _) => self.enquiry_response_min,
            (Kind::ServiceRequest, _) if facts.urgent => self.service_urgent_min,
            (Kind::ServiceRequest, _) => self.service_response_min,
            (Kind::LostItem, _) => self.lost_response_min,
            (Kind::FoundItem, _) => self.found_response_min,
        };
        start.checked_add_signed(TimeDelta::minutes(minutes.into()))
    }

    /// The due time on the receipt: of the first answer, or of the arrival of staff. None if nothing is
    /// promised.
    pub fn answer_due(&self, facts: CaseFacts, start: Timestamp) -> Option<Timestamp> {
        self.due(facts, SlaClock::FirstResponse, start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A complaint has three clocks, everything else at most one.
    #[test]
    fn only_complaints_have_three_clocks() {
        let hours = |kind| SlaClock::ALL.map(|clock| minutes(CaseFacts::of(kind), clock).map(|m| m / 60));
        assert_eq!(hours(Kind::Complaint), [Some(24), Some(48), Some(72)]);
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Complaint) {
            assert_eq!(hours(*kind)[1..], [None, None], "{kind:?}");
        }
    }

    fn minutes(facts: CaseFacts, clock: SlaClock) -> Option<i64> {
        let noon = Timestamp::from_timestamp(1_700_000_000, 0).unwrap();
        SlaPolicy::default().due(facts, clock, noon).map(|due| (due - noon).num_minutes())
    }

    /// An urgent call has a limit of five minutes, an enquiry one of three.
    #[test]
    fn urgent_calls_and_enquiries_have_short_limits() {
        let first = |facts| minutes(facts, SlaClock::FirstResponse);
        let call = CaseFacts::of(Kind::ServiceRequest);
        assert_eq!((first(call), first(CaseFacts { urgent: true, ..call })), (Some(15), Some(5)));
        assert_eq!(first(CaseFacts::of(Kind::Enquiry)), Some(3));
    }

    /// A rating gets a promise only if the visitor can be reached.
    #[test]
    fn unreachable_ratings_are_promised_nothing() {
        let rating = CaseFacts::of(Kind::Feedback);
        assert_eq!(minutes(rating, SlaClock::FirstResponse), None);
        assert_eq!(minutes(CaseFacts { reachable: true, ..rating }, SlaClock::FirstResponse), Some(24 * 60));
    }

    /// A policy file may contain only the limits that it changes.
    #[test]
    fn a_policy_file_names_only_changes() {
        let policy: SlaPolicy = serde_json::from_str(r#"{"complaint-result-min": 60}"#).unwrap();
        assert_eq!((policy.complaint_result_min, policy.feedback_reply_min), (60, 1440));
    }
}
