//! What a program is told when it is refused: a status, a word and a sentence, never a cause.
//!
//! The cause goes to the log. A refusal says nothing about what is stored.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::Problem;

use crate::store::StoreError;

/// Why a request of a kiosk is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No token, or none that is known.
    WrongToken,
    /// The kiosk was revoked.
    Revoked,
    /// No such enrolment code.
    UnknownCode,
    /// The code is too old.
    ExpiredCode,
    /// Another kiosk used the code.
    UsedCode,
    /// The body is larger than the limit.
    TooLarge,
    /// The body is not what this resource takes.
    Malformed,
    /// The body did not come in time.
    TooSlow,
    /// Nothing lives at this address.
    NotFound,
    /// It does, but not for this method.
    WrongMethod,
    /// Too many requests from this address.
    TooMany {
        /// When to come again, in seconds.
        retry_after_s: u32,
    },
    /// More is coming in than can be kept.
    Busy {
        /// When to come again, in seconds.
        retry_after_s: u32,
    },
    /// Something is wrong on this side.
    Failed,
}

impl Refusal {
    fn parts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::WrongToken => (StatusCode::UNAUTHORIZED, "wrong-token", "The token is missing or unknown."),
            Self::Revoked => (StatusCode::FORBIDDEN, "revoked", "This kiosk may not send any more."),
            Self::UnknownCode => (StatusCode::FORBIDDEN, "unknown-code", "There is no such enrolment code."),
            Self::ExpiredCode => {
                (StatusCode::GONE, "expired-code", "The enrolment code is too old; ask for a new one.")
            }
            Self::UsedCode => {
                (StatusCode::CONFLICT, "used-code", "Another kiosk has used this enrolment code.")
            }
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The body is over the limit."),
            Self::Malformed => {
                (StatusCode::BAD_REQUEST, "malformed", "The body is not what this address takes.")
            }
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too-slow", "The body did not come in time."),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing at this address."),
            Self::WrongMethod => {
                (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "This address takes other methods.")
            }
            Self::TooMany { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests; come again later.")
            }
            Self::Busy { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy; come again later.")
            }
            Self::Failed => {
                (StatusCode::INTERNAL_SERVER_ERROR, "failed", "The server could not do it; come again later.")
            }
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        let problem = Problem { code: code.to_owned(), message: message.to_owned() };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        match self {
            Self::WrongToken => {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            Self::Busy { retry_after_s } | Self::TooMany { retry_after_s } => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s));
            }
            _ => {}
        }
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Closed) {
            return Self::Busy { retry_after_s: 5 };
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a request failed");
        Self::Failed
    }
}
