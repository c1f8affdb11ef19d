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
    way_back: bool,
}

impl Failure {
    /// There is nothing at this address.
    pub fn not_found(speech: Speech) -> Self {
        Self::bare(StatusCode::NOT_FOUND, "not-found", speech)
    }

    /// The page is for administrators only.
    pub fn not_allowed(speech: Speech) -> Self {
        Self::bare(StatusCode::FORBIDDEN, "not-allowed", speech)
    }

    /// The form holds values that its page cannot send.
    pub fn wrong_form(speech: Speech) -> Self {
        Self::bare(StatusCode::UNPROCESSABLE_ENTITY, "wrong-form", speech)
    }

    /// The server failed.
    pub fn on_this_side(speech: Speech) -> Self {
        Self::bare(StatusCode::INTERNAL_SERVER_ERROR, "failed", speech)
    }

    /// The store could not do it.
    pub fn of_store(error: StoreError, speech: Speech) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Closed) {
            return Self::bare(StatusCode::SERVICE_UNAVAILABLE, "busy", speech);
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
        Self::on_this_side(speech)
    }

    /// A refusal with the words `message.{key}`. The page leads to the inbox, except when the server is busy.
    pub(super) fn bare(status: StatusCode, key: &'static str, speech: Speech) -> Self {
        Self { status, key, speech: Box::new(speech), way_back: status != StatusCode::SERVICE_UNAVAILABLE }
    }

    /// A page for somebody who has no inbox leads nowhere.
    pub(super) fn for_visitor(self, is_visitor: bool) -> Self {
        Self { way_back: self.way_back && !is_visitor, ..self }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let message = Message {
            s: &self.speech,
            links: &LINKS,
            title: self.speech.of("message", &format!("{}.title", self.key)),
            text: self.speech.of("message", &format!("{}.text", self.key)),
            back: self.way_back,
        };
        (self.status, render(&message)).into_response()
    }
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
