//! Who is reading a page of the console, by the cookie of their session.
//!
//! A request without a session is sent to the sign-in page. Watching for news does not count as use, so a
//! console that was left open still signs its owner out.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::language::Language;

use crate::app::App;
use crate::console::failure::Failure;
use crate::console::speech::Speech;
use crate::secret::{Digest, SessionToken};
use crate::store::accounts::{Role, Session, Staff, USE_NOTED_EVERY};
use crate::words;

/// Somebody who uses the console.
#[derive(Debug)]
pub struct SignedIn {
    pub staff: Staff,
    /// Of their session.
    pub session: Digest,
    /// Speaks their language.
    pub speech: Speech,
}

/// An administrator who uses the console.
#[derive(Debug)]
pub struct Administrator(pub SignedIn);

/// Somebody whose console waits for news by itself.
#[derive(Debug)]
pub struct Watching;

/// Why there is no page.
#[derive(Debug)]
pub enum NotSignedIn {
    /// Sign in first.
    Nobody,
    /// Signed in, but this is for administrators.
    NotAllowed(Box<Speech>),
    /// Something is wrong on this side.
    Failed(Failure),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody => Redirect::to("/login").into_response(),
            Self::NotAllowed(speech) => Failure::not_allowed(*speech).into_response(),
            Self::Failed(failure) => failure.into_response(),
        }
    }
}

/// The language of somebody who is not known yet.
pub fn speech_of_stranger(app: &App, headers: &HeaderMap, offered: &[Language]) -> Speech {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|tag| tag.parse().ok());
    let language = chosen
        .filter(|language| offered.contains(language))
        .or_else(|| words::preferred(accept, offered))
        .unwrap_or(Language::En);
    app.speech(language)
}

/// Remembers the language of the sign-in page.
pub const LANGUAGE_COOKIE: &str = "language";

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

async fn session(app: &App, headers: &HeaderMap) -> Result<(Session, Digest), NotSignedIn> {
    let token: SessionToken = cookie(headers, app.session_cookie())
        .and_then(|text| text.parse().ok())
        .ok_or(NotSignedIn::Nobody)?;
    let (token, now) = (token.digest(), app.clock.now());
    let found = app.store.accounts().session(token, now).await;
    let failed = |error| {
        let speech = speech_of_stranger(app, headers, words::of_console());
        NotSignedIn::Failed(Failure::of_store(error, speech))
    };
    Ok((found.map_err(failed)?.ok_or(NotSignedIn::Nobody)?, token))
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotSignedIn> {
        let (session, token) = session(app, &parts.headers).await?;
        let now = app.clock.now();
        if now - session.seen_at >= USE_NOTED_EVERY {
            // Nobody waits for that, and a page is shown even if it cannot be written down.
            app.store.accounts().note_use(token, now);
        }
        let stranger = speech_of_stranger(app, &parts.headers, words::of_console());
        let speech = session.staff.language.map_or(stranger, |language| app.speech(language));
        Ok(Self { staff: session.staff, session: token, speech })
    }
}

impl FromRequestParts<Arc<App>> for Administrator {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotSignedIn> {
        let reader = SignedIn::from_request_parts(parts, app).await?;
        match reader.staff.role {
            Role::Administrator => Ok(Self(reader)),
            Role::Agent => Err(NotSignedIn::NotAllowed(Box::new(reader.speech))),
        }
    }
}

impl FromRequestParts<Arc<App>> for Watching {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotSignedIn> {
        session(app, &parts.headers).await.map(|_| Self)
    }
}
