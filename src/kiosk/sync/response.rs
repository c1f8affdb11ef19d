//! What an answer to one of the two requests means.
//!
//! Nothing here is trusted: a reply may come from a captive portal, a broken proxy or an attacker. It is
//! parsed once, and turned into what was asked for or into an [`Answer`] that stands for what came instead.

use std::time::Duration;

use domain::wire::{BatchReply, Enrolment, Problem, WRONG_SIGNATURE};
use serde::de::DeserializeOwned;

use super::core::{Another, Answer};
use super::{MAINTENANCE, for_the_log};

/// An answer as it came, as far as anybody looks at it. It may hold a token and is not for printing.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The status of HTTP.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Date`.
    pub date: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The answer to a batch.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what came instead of a reply.
    pub fn batch_reply(&self) -> Result<BatchReply, Answer> {
        self.read().map_err(Failure::of_batch)
    }

    /// The answer to an enrolment.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what came instead of an identity.
    pub fn enrolment(&self) -> Result<Enrolment, Answer> {
        self.read().map_err(Failure::of_enrolment)
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        if [200, 201].contains(&self.status) {
            return serde_json::from_slice(&self.body).map_err(|cause| {
                Failure::Nonsense(format!("no reply: line {} column {}", cause.line(), cause.column()))
            });
        }
        let problem: Option<Problem> = serde_json::from_slice(&self.body).ok();
        let retry_after = self.retry_after.as_deref().and_then(|w| retry_after(w, self.date.as_deref()));
        let code = problem.map(|problem| for_the_log(&problem.code));
        Err(Failure::Status { status: self.status, code, retry_after })
    }
}

/// What came instead of a reply.
pub(super) enum Failure {
    Unreachable(String),
    Nonsense(String),
    Status {
        status: u16,
        /// The server's own word for it. Without one, something else may have answered.
        code: Option<String>,
        retry_after: Option<Duration>,
    },
}

impl Failure {
    pub(super) fn of_batch(self) -> Answer {
        self.note("a batch");
        match self {
            Self::Unreachable(_) => Answer::Unreachable,
            Self::Nonsense(_) => Answer::Nonsense,
            Self::Status { status, code, retry_after } => match (status, code) {
                (403, Some(code)) if code == WRONG_SIGNATURE => Answer::WrongSignature,
                (400 | 413 | 422, _) => Answer::Unacceptable,
                // Whether there is another token, whoever keeps them knows.
                (401, Some(_)) => Answer::WrongToken { another: Another::None },
                (403, Some(_)) => Answer::Revoked,
                (408 | 429 | 500.., _) => Answer::Busy { retry_after },
                _ => Answer::Nonsense,
            },
        }
    }

    pub(super) fn of_enrolment(self) -> Answer {
        self.note("an enrolment");
        match self {
            Self::Unreachable(_) => Answer::Unreachable,
            Self::Nonsense(_) => Answer::Nonsense,
            Self::Status { status, code, retry_after } => match (status, code) {
                (408 | 429 | 500.., _) => Answer::Busy { retry_after },
                // Not as this kiosk said it.
                (400, _) => Answer::Nonsense,
                (403, Some(code)) if code == WRONG_SIGNATURE => Answer::Nonsense,
                (401..=499, Some(_)) => Answer::CodeRefused,
                _ => Answer::Nonsense,
            },
        }
    }

    pub(super) fn note(&self, what: &str) {
        match self {
            Self::Unreachable(cause) => {
                tracing::debug!(target: MAINTENANCE, cause = for_the_log(cause), "{what} got no answer");
            }
            Self::Nonsense(cause) => {
                let cause = for_the_log(cause);
                tracing::debug!(target: MAINTENANCE, cause, "{what} got an answer that makes no sense");
            }
            Self::Status { code: Some(code), .. } if code == WRONG_SIGNATURE => {
                let why = "something on the way changes it, or the server knows another key of this kiosk";
                tracing::warn!(target: MAINTENANCE, why, "{what} did not arrive as it was signed");
            }
            Self::Status { status, code, .. } => {
                let code = code.as_deref().unwrap_or("none");
                tracing::debug!(target: MAINTENANCE, status, code, "{what} was not taken");
            }
        }
    }
}

/// `Retry-After` in seconds, or as a date beside the server's own: the kiosk's calendar may be wrong.
fn retry_after(wanted: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = wanted.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| chrono::DateTime::parse_from_rfc2822(text.trim()).ok();
    (moment(wanted)? - moment(date?)?).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_ask_for_patience_in_seconds_or_by_its_own_calendar() {
        assert_eq!(retry_after("120", None), Some(Duration::from_secs(120)));
        let by_date = retry_after("Sat, 21 Nov 2026 10:02:00 GMT", Some("Sat, 21 Nov 2026 10:00:00 GMT"));
        assert_eq!(by_date, Some(Duration::from_secs(120)));
    }

    #[test]
    fn patience_that_makes_no_sense_is_not_asked_for() {
        for wrong in ["", "soon", "-5", "Sat, 21 Nov 2026 10:02:00 GMT"] {
            assert_eq!(retry_after(wrong, None), None, "{wrong}");
        }
        let past = retry_after("Sat, 21 Nov 2026 10:00:00 GMT", Some("Sat, 21 Nov 2026 10:02:00 GMT"));
        assert_eq!(past, None);
    }

    #[test]
    fn a_gate_in_between_that_says_403_in_html_has_not_revoked_this_kiosk() {
        let answer = |status, body: &str| {
            let body = body.as_bytes().to_vec();
            Response { status, retry_after: None, date: None, body }.batch_reply().unwrap_err()
        };
        assert_eq!(answer(403, "<h1>Forbidden</h1>"), Answer::Nonsense);
        assert_eq!(answer(403, r#"{"code":"revoked","message":"x"}"#), Answer::Revoked);
        assert_eq!(answer(401, "<h1>Sign in</h1>"), Answer::Nonsense);
        assert_eq!(answer(302, ""), Answer::Nonsense);
        assert_eq!(answer(413, "<h1>nginx</h1>"), Answer::Unacceptable);
    }

    #[test]
    fn what_was_changed_on_the_way_is_no_reason_to_give_up_an_item_or_a_code() {
        let answer = |status, code: &str| {
            let body = format!(r#"{{"code":"{code}","message":"x"}}"#).into_bytes();
            Response { status, retry_after: None, date: None, body }
        };
        assert_eq!(answer(403, "wrong-signature").batch_reply().unwrap_err(), Answer::WrongSignature);
        assert_eq!(answer(400, "malformed").batch_reply().unwrap_err(), Answer::Unacceptable);
        for (status, code) in [(403, "wrong-signature"), (400, "malformed")] {
            assert_eq!(answer(status, code).enrolment().unwrap_err(), Answer::Nonsense);
        }
        assert_eq!(answer(403, "unknown-code").enrolment().unwrap_err(), Answer::CodeRefused);
    }
}
