//! A page that says why there is no other page, without a word about the cause.

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

/// Why there is no other page.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    key: &'static str,
    speech: Box<Speech>,
}

impl Failure {
    /// Nothing is at this address.
    pub fn not_found(speech: Speech) -> Self {
        Self { status: StatusCode::NOT_FOUND, key: "not-found", speech: Box::new(speech) }
    }

    /// It is for administrators.
    pub fn not_allowed(speech: Speech) -> Self {
        Self { status: StatusCode::FORBIDDEN, key: "not-allowed", speech: Box::new(speech) }
    }

    /// The form was not filled as its page would have filled it.
    pub fn wrong_form(speech: Speech) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, key: "wrong-form", speech: Box::new(speech) }
    }

    /// Something is wrong on this side.
    pub fn on_this_side(speech: Speech) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, key: "failed", speech: Box::new(speech) }
    }

    /// The store could not do it.
    pub fn of_store(error: StoreError, speech: Speech) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Closed) {
            return Self { status: StatusCode::SERVICE_UNAVAILABLE, key: "busy", speech: Box::new(speech) };
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
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
            back: self.status != StatusCode::SERVICE_UNAVAILABLE,
        };
        (self.status, render(&message)).into_response()
    }
}

/// A page as a response. A template that fails to render is a fault of the program.
pub fn render(page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
