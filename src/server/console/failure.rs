//! The error page of the console and the tracking page, in the reader's language.
//!
//! It never shows the cause of a failure; that goes to the log.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::console::speech::Speech;
use crate::http::files::{LINKS, Links};
use crate::store::StoreError;

#[derive(Template)]
#[template(path = "message.html")]
struct Message<'a> {
    s: &'a Speech,
    links: &'static Links,
    title: String,
    text: String,
    back: bool,
}

/// An error page, and the HTTP status that goes with it.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    key: &'static str,
    speech: Box<Speech>,
}

impl Failure {
    /// There is nothing at this address.
    pub fn not_found(speech: Speech) -> Self {
        Self { status: StatusCode::NOT_FOUND, key: "not-found", speech: Box::new(speech) }
    }

    /// The page is for administrators only.
    pub fn not_allowed(speech: Speech) -> Self {
        Self { status: StatusCode::FORBIDDEN, key: "not-allowed", speech: Box::new(speech) }
    }

    /// The form holds values that its page cannot send.
    pub fn wrong_form(speech: Speech) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, key: "wrong-form", speech: Box::new(speech) }
    }

    /// The form did not come in time.
    pub fn too_slow(speech: Speech) -> Self {
        Self { status: StatusCode::REQUEST_TIMEOUT, key: "too-slow", speech: Box::new(speech) }
    }

    /// The server failed.
    pub fn on_this_side(speech: Speech) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, key: "failed", speech: Box::new(speech) }
    }

    /// The store could not do it.
    pub fn of_store(error: StoreError, speech: Speech) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Closed) {
            return Self { status: StatusCode::SERVICE_UNAVAILABLE, key: "busy", speech: Box::new(speech) };
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
        if error.write_fault().is_some() {
            return Self {
                status: StatusCode::SERVICE_UNAVAILABLE,
                key: "not-saved",
                speech: Box::new(speech),
            };
        }
        Self::on_this_side(speech)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let message = Message {
            s: &self.speech,
            links: &LINKS,
            title: self.speech.of("message", &format!("{}.title", self.key)),
            text: self.speech.of("message", &format!("{}.text", self.key)),
            back: self.key != "busy",
        };
        (self.status, render(&message)).into_response()
    }
}

/// An error page whose text has placeholders.
pub fn explained(s: &Speech, status: StatusCode, key: &str, values: &[(&str, &str)]) -> Response {
    let message = Message {
        s,
        links: &LINKS,
        title: s.of("message", &format!("{key}.title")),
        text: s.fill(&format!("message.{key}.text"), values),
        back: true,
    };
    (status, render(&message)).into_response()
}

/// Renders a page. A template that fails to render is a bug.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
