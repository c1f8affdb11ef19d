//! Raw replies, and the reasons why a request has none.
//!
//! A reply is not trusted: it may come from a captive portal, a broken proxy or an attacker. It is parsed
//! once, into the expected type or into a [`RequestError`].

use std::error::Error as _;
use std::iter::successors;
use std::time::Duration;

use domain::wire::{Problem, WRONG_SIGNATURE};
use serde::de::DeserializeOwned;

use crate::log::{MAINTENANCE, one_line};

/// A raw reply. It may contain a token, so it has no `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The header `Date`.
    pub date: Option<String>,
    pub body: Vec<u8>,
}

impl Response {
    /// Parses the body of a successful reply.
    ///
    /// # Errors
    /// [`RequestError`]: another status, or a body that is not a `T`.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, RequestError> {
        if [200, 201].contains(&self.status) {
            return serde_json::from_slice(&self.body).map_err(|cause| {
                RequestError::InvalidReply(format!("line {} column {}", cause.line(), cause.column()))
            });
        }
        let problem: Option<Problem> = serde_json::from_slice(&self.body).ok();
        let retry_after = self.retry_after.as_deref().and_then(|w| retry_after(w, self.date.as_deref()));
        let code = problem.map(|problem| one_line(&problem.code));
        Err(RequestError::Status { status: self.status, code, retry_after })
    }
}

/// Why a request has no reply.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("{0}")]
    Unreachable(String),
    /// There was an answer, but not the expected one.
    #[error("no valid reply: {0}")]
    InvalidReply(String),
    /// The status is not a success.
    #[error("the server answered {status}")]
    Status {
        /// The HTTP status.
        status: u16,
        /// The problem code. Without one, the answer may not come from the server.
        code: Option<String>,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// A compressed body was refused. The next body is not compressed; the refusal says nothing about the
    /// items.
    #[error("the compressed body was refused with {status}")]
    CompressedBody {
        /// The HTTP status.
        status: u16,
    },
}

impl RequestError {
    /// Whether the server received other bytes than were signed, or knows another key.
    pub fn is_wrong_signature(&self) -> bool {
        matches!(self, Self::Status { status: 403, code: Some(code), .. } if code == WRONG_SIGNATURE)
    }

    /// Whether the body may be the reason, rather than the sender or the time.
    pub(super) fn is_about_the_body(&self) -> bool {
        match self {
            _ if self.is_wrong_signature() => true,
            Self::Status { status: 408 | 429, .. }
            | Self::Status { status: 401 | 403, code: Some(_), .. } => false,
            Self::Status { status, .. } => (400..500).contains(status),
            _ => false,
        }
    }

    pub(super) fn log(&self, request: &str) {
        match self {
            Self::Unreachable(cause) => {
                tracing::debug!(target: MAINTENANCE, cause = one_line(cause), "{request}: no answer");
            }
            Self::InvalidReply(cause) => {
                tracing::debug!(target: MAINTENANCE, cause = one_line(cause), "{request}: no valid reply");
            }
            error if error.is_wrong_signature() => {
                let why = "something on the way changes it, or the server knows another key of this kiosk";
                tracing::warn!(target: MAINTENANCE, why, "{request} did not arrive as it was signed");
            }
            Self::Status { status, code, .. } => {
                let code = code.as_deref().unwrap_or("none");
                tracing::debug!(target: MAINTENANCE, status, code, "{request} was refused");
            }
            Self::CompressedBody { status } => {
                tracing::debug!(target: MAINTENANCE, status, "{request} was refused compressed");
            }
        }
    }
}

/// Why a request failed, from the outside to the innermost cause. The first sentence of the library is left
/// out, as it names the URL and no cause.
pub(super) fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let chain = successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| (*cause).source());
    let causes: Vec<_> = chain.map(ToString::to_string).collect();
    if causes.is_empty() { error.to_string() } else { causes.join(": ") }
}

/// Parses `Retry-After`: seconds, or a date relative to the server's `Date`, because the kiosk's clock may be
/// wrong.
fn retry_after(value: &str, date: Option<&str>) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = |text: &str| chrono::DateTime::parse_from_rfc2822(text.trim()).ok();
    (moment(value)? - moment(date?)?).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_read_as_seconds_or_date() {
        assert_eq!(retry_after("120", None), Some(Duration::from_secs(120)));
        let by_date = retry_after("Sat, 21 Nov 2026 10:02:00 GMT", Some("Sat, 21 Nov 2026 10:00:00 GMT"));
        assert_eq!(by_date, Some(Duration::from_secs(120)));
    }

    #[test]
    fn an_invalid_retry_after_is_ignored() {
        for wrong in ["", "soon", "-5", "Sat, 21 Nov 2026 10:02:00 GMT"] {
            assert_eq!(retry_after(wrong, None), None, "{wrong}");
        }
        let past = retry_after("Sat, 21 Nov 2026 10:00:00 GMT", Some("Sat, 21 Nov 2026 10:02:00 GMT"));
        assert_eq!(past, None);
    }

    #[test]
    fn only_a_refusal_of_the_body_stops_compression() {
        let refused = |status, code: Option<&str>| {
            RequestError::Status { status, code: code.map(str::to_owned), retry_after: None }
                .is_about_the_body()
        };
        for (status, code) in
            [(400, None), (413, None), (422, Some("malformed")), (415, None), (401, None), (403, None)]
        {
            assert!(refused(status, code), "{status} {code:?}");
        }
        assert!(refused(403, Some(WRONG_SIGNATURE)));
        for (status, code) in [
            (401, Some("wrong-token")),
            (403, Some("revoked")),
            (408, None),
            (429, Some("busy")),
            (503, None),
        ] {
            assert!(!refused(status, code), "{status} {code:?}");
        }
        assert!(!RequestError::InvalidReply("html".to_owned()).is_about_the_body());
    }
}
