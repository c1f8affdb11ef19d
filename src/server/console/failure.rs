//! The error page of the console and the tracking page, in the reader's language.
//!
//! It never shows the cause of a failure; that goes to the log. A form that was not processed comes back with what
//! was typed, ready to be sent again.

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
    unsent: Option<&'a Unsent>,
}

/// A form that was not processed.
#[derive(Clone, Debug, Default)]
pub struct Unsent {
    /// Where to send it.
    pub action: String,
    /// Fields that nobody sees.
    pub hidden: Vec<(String, String)>,
    /// Fields with text that a person typed.
    pub typed: Vec<(String, String)>,
}

/// An error page, and the HTTP status that goes with it.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    key: &'static str,
    speech: Box<Speech>,
    unsent: Option<Box<Unsent>>,
    /// Whether its reader may go to the inbox.
    for_staff: bool,
}

impl Failure {
    /// A refusal with the words `message.{key}`.
    pub(super) fn new(status: StatusCode, key: &'static str, speech: Speech) -> Self {
        Self { status, key, speech: Box::new(speech), unsent: None, for_staff: true }
    }

    /// Gives the form back with the error.
    pub fn giving_back(self, unsent: Unsent) -> Self {
        let unsent = Some(unsent).filter(|unsent| !unsent.typed.is_empty());
        Self { unsent: unsent.map(Box::new), ..self }
    }

    /// For a visitor, who has no way to the inbox.
    pub fn for_visitor(self) -> Self {
        Self { for_staff: false, ..self }
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// There is nothing at this address.
    pub fn not_found(speech: Speech) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", speech)
    }

    /// The page is for administrators only.
    pub fn not_allowed(speech: Speech) -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-allowed", speech)
    }

    /// The form holds values that its page cannot send.
    pub fn wrong_form(speech: Speech) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "wrong-form", speech)
    }

    /// The caller sent too much.
    pub fn too_many(speech: Speech) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many", speech)
    }

    /// The server failed.
    pub fn on_this_side(speech: Speech) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", speech)
    }

    /// The store could not do it.
    pub fn of_store(error: StoreError, speech: Speech) -> Self {
        if matches!(error, StoreError::Busy | StoreError::Closed) {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", speech);
        }
        tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
        if error.write_fault().is_some() {
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, "not-saved", speech);
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
            back: self.for_staff && self.status != StatusCode::SERVICE_UNAVAILABLE,
            unsent: self.unsent.as_deref(),
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
        unsent: None,
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
