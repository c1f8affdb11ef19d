//! Maps a failed request to an outcome for the core.

use super::core::Outcome;
use crate::net::RequestError;

/// The outcome of a batch without a reply.
pub(super) fn of_batch(error: &RequestError) -> Outcome {
    match error {
        RequestError::Unreachable(_) => Outcome::Unreachable,
        RequestError::InvalidReply(_) | RequestError::CompressedBody { .. } => Outcome::InvalidReply,
        error if error.is_wrong_signature() => Outcome::WrongSignature,
        RequestError::Status { status, code, retry_after } => match (status, code) {
            (400 | 413 | 422, _) => Outcome::Rejected,
            // The engine checks whether there is another token.
            (401, Some(_)) => Outcome::WrongToken { has_other: false },
            (403, Some(_)) => Outcome::Revoked,
            (408 | 429 | 500.., _) => Outcome::Busy { retry_after: *retry_after },
            _ => Outcome::InvalidReply,
        },
    }
}

/// The outcome of an enrolment without a reply.
pub(super) fn of_enrolment(error: &RequestError) -> Outcome {
    match error {
        RequestError::Unreachable(_) => Outcome::Unreachable,
        RequestError::InvalidReply(_) | RequestError::CompressedBody { .. } => Outcome::InvalidReply,
        error if error.is_wrong_signature() => Outcome::InvalidReply,
        RequestError::Status { status, code, retry_after } => match (status, code) {
            (408 | 429 | 500.., _) => Outcome::Busy { retry_after: *retry_after },
            // The server got other bytes than this kiosk sent.
            (400, _) => Outcome::InvalidReply,
            (401..=499, Some(_)) => Outcome::CodeRefused,
            _ => Outcome::InvalidReply,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: Option<&str>) -> RequestError {
        RequestError::Status { status, code: code.map(str::to_owned), retry_after: None }
    }

    /// Only the server answers with a problem code; a captive portal answers in HTML.
    #[test]
    fn a_captive_portal_does_not_revoke_the_kiosk() {
        assert_eq!(of_batch(&refused(403, None)), Outcome::InvalidReply);
        assert_eq!(of_batch(&refused(403, Some("revoked"))), Outcome::Revoked);
        assert_eq!(of_batch(&refused(401, None)), Outcome::InvalidReply);
        assert_eq!(of_batch(&refused(302, None)), Outcome::InvalidReply);
        assert_eq!(of_batch(&refused(413, None)), Outcome::Rejected);
    }

    #[test]
    fn a_changed_request_costs_no_code() {
        assert_eq!(of_batch(&refused(403, Some("wrong-signature"))), Outcome::WrongSignature);
        assert_eq!(of_batch(&refused(400, Some("malformed"))), Outcome::Rejected);
        for (status, code) in [(403, "wrong-signature"), (400, "malformed")] {
            assert_eq!(of_enrolment(&refused(status, Some(code))), Outcome::InvalidReply);
        }
        assert_eq!(of_enrolment(&refused(403, Some("unknown-code"))), Outcome::CodeRefused);
    }
}
