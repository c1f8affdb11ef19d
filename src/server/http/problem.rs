//! Refusals of the API: problem documents (RFC 9457) with a status, a code that never changes and a sentence.
//!
//! The cause of a failure goes to the log, never into the document. A refusal reveals nothing about what is
//! stored. The description of the API uses the same sentences, see [`Refusal::described`].

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::wire::{Problem, WRONG_SIGNATURE};
use utoipa::PartialSchema as _;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr};

use crate::store::StoreError;

/// The media type of a problem document.
pub const PROBLEM: &str = "application/problem+json";

/// Why a request of a kiosk is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The token is missing or unknown.
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
    /// The body cannot be read as what this resource takes.
    Malformed,
    /// The content type is not JSON.
    WrongType,
    /// The content coding is not accepted here.
    WrongEncoding {
        /// The content coding that is accepted.
        taken: &'static str,
    },
    /// The body is not what the kiosk signed.
    WrongSignature,
    /// The body did not come in time.
    TooSlow,
    /// No case has this number with this code, or this token.
    UnknownCase,
    /// There is nothing at this address.
    NotFound,
    /// The address exists, but not for this method.
    WrongMethod {
        /// The methods that it takes.
        allowed: &'static str,
    },
    /// A rate limit was reached.
    TooMany {
        /// When to retry, in seconds.
        retry_after_s: u32,
    },
    /// The server is overloaded.
    Busy {
        /// When to retry, in seconds.
        retry_after_s: u32,
    },
    /// The server failed.
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
            Self::WrongType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", "The body must be application/json.")
            }
            Self::WrongEncoding { .. } => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "wrong-encoding",
                "Only a batch may be compressed, and only with gzip.",
            ),
            Self::WrongSignature => {
                (StatusCode::FORBIDDEN, WRONG_SIGNATURE, "The body is not what this kiosk signed.")
            }
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "too-slow", "The body did not come in time."),
            Self::UnknownCase => (
                StatusCode::NOT_FOUND,
                "unknown-case",
                "No receipt has this number with this code, or this token.",
            ),
            Self::NotFound => (StatusCode::NOT_FOUND, "not-found", "There is nothing at this address."),
            Self::WrongMethod { .. } => {
                (StatusCode::METHOD_NOT_ALLOWED, "wrong-method", "This address takes other methods.")
            }
            Self::TooMany { .. } => {
                (StatusCode::TOO_MANY_REQUESTS, "too-many", "Too many requests; retry later.")
            }
            Self::Busy { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "busy", "The server is busy; retry later.")
            }
            Self::Failed => {
                (StatusCode::INTERNAL_SERVER_ERROR, "failed", "The server could not do it; retry later.")
            }
        }
    }
}

impl Refusal {
    /// The additional header of the response, and its value.
    fn header(self) -> Option<(header::HeaderName, HeaderValue)> {
        match self {
            Self::WrongToken => Some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))),
            // RFC 7694, section 3.
            Self::WrongEncoding { taken } => Some((header::ACCEPT_ENCODING, HeaderValue::from_static(taken))),
            Self::WrongMethod { allowed } => Some((header::ALLOW, HeaderValue::from_static(allowed))),
            Self::Busy { retry_after_s } | Self::TooMany { retry_after_s } => {
                Some((header::RETRY_AFTER, HeaderValue::from(retry_after_s)))
            }
            _ => None,
        }
    }

    /// These refusals as responses in the description of a resource.
    pub fn described(refusals: &[Self]) -> BTreeMap<String, RefOr<utoipa::openapi::Response>> {
        let mut by_status: BTreeMap<String, (Vec<String>, Option<header::HeaderName>)> = BTreeMap::new();
        for refusal in refusals {
            let (status, code, sentence) = refusal.parts();
            let (words, header) = by_status.entry(status.as_str().to_owned()).or_default();
            words.push(format!("`{code}`: {sentence}"));
            *header = refusal.header().map(|(name, _)| name).or(header.take());
        }
        let described = by_status.into_iter().map(|(status, (words, header))| {
            let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
            let mut response = ResponseBuilder::new().description(words.join(" ")).content(PROBLEM, content);
            if let Some(name) = header {
                let schema = if name == header::RETRY_AFTER {
                    ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).build().into()
                } else {
                    String::schema()
                };
                response = response.header(name.as_str(), HeaderBuilder::new().schema(Some(schema)).build());
            }
            (status, RefOr::T(response.build()))
        });
        described.collect()
    }
}

/// Declares `Refused`: what a resource refuses, for its description.
macro_rules! refusals {
    ($($refusal:expr),* $(,)?) => {
        /// What is refused here.
        pub struct Refused;

        impl utoipa::IntoResponses for Refused {
            fn responses() -> std::collections::BTreeMap<
                String,
                utoipa::openapi::RefOr<utoipa::openapi::Response>,
            > {
                $crate::http::problem::Refusal::described(&[$($refusal),*])
            }
        }
    };
}
pub(crate) use refusals;

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, sentence) = self.parts();
        let problem = Problem {
            kind: format!("urn:galleria:problem:{code}"),
            title: sentence.to_owned(),
            status: status.as_u16(),
            code: code.to_owned(),
            message: sentence.to_owned(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.extend(self.header().map(|(name, value)| (Some(name), value)));
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
