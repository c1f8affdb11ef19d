//! The mall's promises: how soon somebody hears something.
//!
//! Each promise is its own clock with its own limit, because the handbooks mean different things by the
//! same number of hours. A clock starts when the visitor pressed "send" at the kiosk, however late the
//! submission reaches the server. The limits are data: a mall changes them without a release.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::submission::Kind;

/// What is due. Named as in the policy files and on the case page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// A person has answered for the first time.
    FirstResponse,
    /// It is known what happened.
    Investigation,
    /// The visitor has been told the result.
    Result,
}

impl Clock {
    /// Every clock, in the order in which they run out.
    pub const ALL: [Self; 3] = [Self::FirstResponse, Self::Investigation, Self::Result];

    /// The word for it in wire forms, databases and keys of words.
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
/// The default is the preset `mall-2025`: a complaint is answered in 24 h, investigated in 48 h and its
/// result told in 72 h; feedback is answered in 24 h; somebody comes to a kiosk in 15 min.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Policy {
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
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            complaint_first_response_min: 24 * 60,
            complaint_investigation_min: 48 * 60,
            complaint_result_min: 72 * 60,
            feedback_reply_min: 24 * 60,
            service_response_min: 15,
        }
    }
}

impl Policy {
    /// When `clock` runs out for something of `kind` sent at `start`; none if it has no such clock.
    pub fn due(&self, kind: Kind, clock: Clock, start: Timestamp) -> Option<Timestamp> {
        let minutes = match (kind, clock) {
            (Kind::Complaint, Clock::FirstResponse) => self.complaint_first_response_min,
            (Kind::Complaint, Clock::Investigation) => self.complaint_investigation_min,
            (Kind::Complaint, Clock::Result) => self.complaint_result_min,
            (Kind::Feedback, Clock::FirstResponse) => self.feedback_reply_min,
            (Kind::ServiceRequest, Clock::FirstResponse) => self.service_response_min,
            (Kind::Feedback | Kind::ServiceRequest, _) => return None,
        };
        start.checked_add_signed(TimeDelta::minutes(minutes.into()))
    }

    /// The time printed on the receipt: the first answer for a complaint or feedback, the arrival of
    /// somebody for a call.
    pub fn answer_due(&self, kind: Kind, start: Timestamp) -> Timestamp {
        self.due(kind, Clock::FirstResponse, start).unwrap_or(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_has_three_clocks_and_feedback_one() {
        let (policy, noon) = (Policy::default(), Timestamp::from_timestamp(1_700_000_000, 0).unwrap());
        let hours = |kind, clock| policy.due(kind, clock, noon).map(|due| (due - noon).num_hours());
        assert_eq!(Clock::ALL.map(|c| hours(Kind::Complaint, c)), [Some(24), Some(48), Some(72)]);
        assert_eq!(Clock::ALL.map(|c| hours(Kind::Feedback, c)), [Some(24), None, None]);
    }

    #[test]
    fn a_policy_file_may_name_only_what_it_changes() {
        let policy: Policy = serde_json::from_str(r#"{"complaint-result-min": 60}"#).unwrap();
        assert_eq!((policy.complaint_result_min, policy.feedback_reply_min), (60, 1440));
    }
}
