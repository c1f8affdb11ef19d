//! What people see in a browser: the console for staff, the tracking page for visitors.
//!
//! Pages are rendered here and work without scripts. A handler asks the store, makes a view of
//! ready-to-show strings, and renders a template of ui/console. Requests that change something from
//! another site are refused, except on the tracking page, where the secret in the address is the key and
//! there is no cookie that could be misused.

mod audit;
mod case;
pub mod failure;
mod files;
mod headers;
mod inbox;
mod kiosk_row;
mod kiosks;
mod live;
mod login;
mod panel;
mod set_aside;
mod shell;
pub mod signed_in;
pub mod speech;
pub mod told;
mod tracking;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::Redirect;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use crate::app::App;
use crate::words;
use failure::Failure;

/// The longest form: an answer of 2000 characters, each of them nine bytes when it travels.
const FORM: usize = 64 * 1024;

/// Every page.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .merge(console().layer(CsrfLayer::new()))
        .merge(public())
        .fallback(nothing)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(middleware::from_fn_with_state(Arc::clone(app), headers::add))
}

fn console() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/inbox") }))
        .route("/login", get(login::show).post(login::sign_in))
        .route("/logout", post(login::sign_out))
        .route("/language", post(login::choose_language))
        .route("/inbox", get(inbox::show))
        .route("/cases/{id}", get(case::show))
        .route("/cases/{id}/{change}", post(case::change))
        .route("/cases/{id}/contact", post(case::show_contact))
        .route("/kiosks", get(kiosks::show).post(kiosks::add))
        .route("/kiosks/{kiosk}/code", post(kiosks::renew))
        .route("/kiosks/{kiosk}/retry", post(kiosks::retry))
        .route("/kiosks/{kiosk}/revoke", post(kiosks::revoke))
        .route("/set-aside", get(set_aside::show))
        .route("/audit", get(audit::show))
        .route("/live", get(live::stream))
}

fn public() -> Router<Arc<App>> {
    Router::new()
        .route("/t/{token}", get(tracking::show).post(tracking::reply))
        .route("/static/{name}", get(files::get))
        .route("/healthz", get(|| async { "ok\n" }))
}

async fn nothing(State(app): State<Arc<App>>, headers: HeaderMap) -> Failure {
    Failure::not_found(signed_in::speech_of_stranger(&app, &headers, words::of_console()))
}

#[cfg(test)]
mod tests;
