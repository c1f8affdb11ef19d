//! Authenticates a console request by its session cookie.
//!
//! A request without a session is redirected to the sign-in page, which leads back to where it came from. What
//! scripts ask for does not count as use, so a console that was left open still signs its user out.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::language::Language;

use crate::app::App;
use crate::console::failure::Failure;
use crate::console::speech::Speech;
use crate::http::escape::percent_encoded;
use crate::http::headers::is_by_script;
use crate::secret::{Digest, SessionToken};
use crate::store::StoreError;
use crate::store::accounts::{Role, Session, Staff, USE_NOTED_EVERY};
use crate::words;

/// A signed-in user of the console.
#[derive(Debug)]
pub struct SignedIn {
    pub staff: Staff,
    /// The digest of the session token.
    pub session: Digest,
    /// Texts in their language.
    pub speech: Speech,
}

/// A signed-in administrator.
#[derive(Debug)]
pub struct Administrator(pub SignedIn);

/// A signed-in user whose console waits for events, which does not prolong the session.
#[derive(Debug)]
pub struct Watching;

/// Why a request was refused.
#[derive(Debug)]
pub enum NotSignedIn {
    /// There is no session, or it has ended. Signing in leads back to this address.
    Nobody { back: String },
    /// The user is signed in, but the page is for administrators.
    NotAllowed(Box<Speech>),
    /// The server failed.
    Failed(Failure),
}

impl IntoResponse for NotSignedIn {
    fn into_response(self) -> Response {
        match self {
            Self::Nobody { back } => Redirect::to(&sign_in(&back)).into_response(),
            Self::NotAllowed(speech) => Failure::not_allowed(*speech).into_response(),
            Self::Failed(failure) => failure.into_response(),
        }
    }
}

/// The address of the sign-in page that leads back to `back`.
fn sign_in(back: &str) -> String {
    format!("/login?back={}", percent_encoded(back))
}

/// The page that a request was made from, or for.
fn page_of(parts: &Parts) -> String {
    if parts.method == Method::GET {
        return parts.uri.path_and_query().map_or_else(|| "/inbox".to_owned(), ToString::to_string);
    }
    let from = parts.headers.get(header::REFERER).and_then(|from| from.to_str().ok());
    let path = from.and_then(|from| from.split_once("://")?.1.split_once('/')).map(|(_, path)| path);
    format!("/{}", path.unwrap_or("inbox"))
}

/// Texts for a reader who is not signed in: by the language cookie, else by `Accept-Language`, else English.
pub fn speech_of_stranger(app: &App, headers: &HeaderMap, offered: &[Language]) -> Speech {
    let accept = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|tag| tag.parse().ok());
    let language = chosen
        .filter(|language| offered.contains(language))
        .or_else(|| words::preferred(accept, offered))
        .unwrap_or(Language::En);
    app.speech(language)
}

/// The cookie with the language that was chosen in this browser.
pub const LANGUAGE_COOKIE: &str = "language";

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

async fn session(app: &App, parts: &Parts) -> Result<(Session, Digest), NotSignedIn> {
    let headers = &parts.headers;
    let nobody = || NotSignedIn::Nobody { back: page_of(parts) };
    let token: SessionToken =
        cookie(headers, app.session_cookie()).and_then(|text| text.parse().ok()).ok_or_else(nobody)?;
    let (token, now) = (token.digest(), app.clock.now());
    let found = match app.store.accounts().session(token, now).await {
        Ok(None) => unsaved(app, token).await,
        found => found,
    };
    let failed = |error| {
        let speech = speech_of_stranger(app, headers, words::console_languages());
        NotSignedIn::Failed(Failure::of_store(error, speech))
    };
    Ok((found.map_err(failed)?.ok_or_else(nobody)?, token))
}

/// A session that could not be saved.
async fn unsaved(app: &App, token: Digest) -> Result<Option<Session>, StoreError> {
    let Some(owner) = app.unsaved_sessions.find(token, app.clock.steady()) else { return Ok(None) };
    let seen_at = app.clock.now();
    let found = app.store.accounts().credentials(owner.login).await?;
    Ok(found.filter(|(_, hash)| *hash == owner.hash).map(|(staff, _)| Session { staff, seen_at }))
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, NotSignedIn> {
        let (session, token) = session(app, parts).await?;
        let now = app.clock.now();
        if !is_by_script(&parts.headers) && (now - session.seen_at).abs() >= USE_NOTED_EVERY {
            // Written in the background: the page is shown even if the write fails.
            app.store.accounts().note_use(token, now);
        }
        let stranger = speech_of_stranger(app, &parts.headers, words::console_languages());
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
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        match session(app, parts).await {
            Ok(_) => Ok(Self),
            // A script cannot sign in: it is told, and tells its reader.
            Err(NotSignedIn::Nobody { .. }) => Err(StatusCode::UNAUTHORIZED.into_response()),
            Err(other) => Err(other.into_response()),
        }
    }
}
