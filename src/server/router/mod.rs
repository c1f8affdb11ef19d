//! The routes: the API for kiosks, the console for staff, the tracking page for visitors. Only this module
//! knows every capability.
//!
//! Cross-site requests that change something are refused (CSRF). The tracking page is exempt: there the
//! secret in the address is the credential, and there is no cookie that could be misused.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use tower_http::csrf::{CsrfLayer, ProtectionError};

use crate::accounts::{audit_page, login_page};
use crate::app::App;
use crate::cases::{case_page, inbox_page, tracking_page};
use crate::console::{bare_refusal, failure, live, signed_in};
use crate::fleet::kiosks_page;
use crate::health::Trouble;
use crate::http::problem::Refusal;
use crate::http::slow_body::{self, TooSlow};
use crate::http::{files, headers, unread_body};
use crate::intake::quarantine_page;
use crate::words;

pub mod description;

/// The longest form in bytes. An answer of 2000 characters takes up to nine bytes for each, percent-encoded.
const FORM: usize = 64 * 1024;

/// A refused form is explained with this many characters of its headers.
const LONGEST_SAID: usize = 200;

/// All routes of the server.
pub fn routes(app: &Arc<App>) -> Router {
    Router::new().merge(api(app)).merge(pages(app)).with_state(Arc::clone(app))
}

/// The API for kiosks: version 1 of [`domain::wire`], JSON over HTTPS.
fn api(app: &Arc<App>) -> Router<Arc<App>> {
    let (kiosks, description) = description::with_routes();
    kiosks
        .layer(middleware::from_fn_with_state(Arc::clone(app), let_in))
        .merge(description::route(&description))
        .route("/api/{*rest}", axum::routing::any(|| async { Refusal::NotFound }))
}

async fn let_in(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.load.enter() {
        Some(_place) => next.run(request).await,
        None => Refusal::Busy { retry_after_s: app.load.retry_after(app.clock.steady()) }.into_response(),
    }
}

fn pages(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .merge(
            console()
                .layer(same_origin(app))
                .layer(middleware::from_fn_with_state(Arc::clone(app), explained)),
        )
        .merge(public())
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn(in_time))
        .layer(middleware::from_fn_with_state(Arc::clone(app), bare_refusal::explain))
        .merge(for_machines().layer(middleware::from_fn(in_time)))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(middleware::from_fn(unread_body::announce_close))
        .layer(middleware::from_fn_with_state(Arc::clone(app), headers::add))
}

fn console() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/inbox") }))
        .route("/login", get(login_page::show).post(login_page::sign_in))
        .route("/login/again", post(login_page::again))
        .route("/logout", post(login_page::sign_out))
        .route("/language", post(login_page::choose_language))
        .route("/inbox", get(inbox_page::show))
        .route("/cases/{id}", get(case_page::show))
        .route("/inbox/read", post(inbox_page::read))
        .route("/cases/{id}/{button}", get(case_page::show_again).post(case_page::send))
        .route("/kiosks", get(kiosks_page::show).post(kiosks_page::add))
        .route("/kiosks/{kiosk}/code", post(kiosks_page::renew))
        .route("/kiosks/{kiosk}/retry", post(kiosks_page::retry))
        .route("/kiosks/{kiosk}/revoke", post(kiosks_page::revoke))
        .route("/quarantine", get(quarantine_page::show))
        .route("/audit", get(audit_page::show))
        .route("/live", get(live::stream))
}

fn public() -> Router<Arc<App>> {
    Router::new()
        .route("/t/{token}", get(tracking_page::show).post(tracking_page::reply))
        .route("/static/{name}", get(files::get))
}

/// What programs read: a refusal stays bare here.
fn for_machines() -> Router<Arc<App>> {
    Router::new().route("/healthz", get(|| async { "ok\n" })).route("/readyz", get(ready))
}

/// Refuses forms of other sites. A form of the public URL is no other site's, even if a proxy changes `Host`.
fn same_origin(app: &App) -> CsrfLayer {
    let layer = CsrfLayer::new();
    let own = app.settings.public_url.as_ref().map(|url| url.trim_end_matches('/'));
    own.and_then(|url| layer.clone().add_trusted_origin(url).ok()).unwrap_or(layer)
}

/// Explains the refusal of a form: behind a proxy that changes `Host` every form looks like one of another site.
async fn explained(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let headers = request.headers().clone();
    let response = next.run(request).await;
    if response.extensions().get::<ProtectionError>().is_none() {
        return response;
    }
    let speech = signed_in::speech_of_stranger(&app, &headers, words::console_languages());
    let said = |name| {
        let value = headers.get(name).map(|value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()));
        value.map_or_else(|| "-".to_owned(), |text| text.chars().take(LONGEST_SAID).collect())
    };
    let (origin, host) = (said(header::ORIGIN), said(header::HOST));
    let values = [("origin", origin.as_str()), ("host", &host), ("url", &app.public_url)];
    failure::explained(&speech, StatusCode::FORBIDDEN, "other-site", &values)
}

/// Refuses a form that trickles in.
async fn in_time(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match slow_body::bound(request, next).await {
        Ok(response) => response,
        Err(TooSlow) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// Whether the server can do its work, for a monitor. `/healthz` only tells that it runs.
async fn ready(State(app): State<Arc<App>>) -> (StatusCode, &'static str) {
    Trouble::answer(app.health.look(&app.store, &app.clock).await)
}
