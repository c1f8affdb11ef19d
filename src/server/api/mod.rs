//! What kiosks call: version 1 of [`domain::wire`], JSON over HTTPS.
//!
//! A request passes the crowd limit, then the token, then the size limit, and only then is its body read.
//! Whatever is refused leaves no trace in the store and learns nothing from the answer.

pub mod batch;
pub mod bearer;
pub mod body;
pub mod content;
pub mod enrolments;
pub mod problem;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::wire;

use crate::app::App;
use problem::Refusal;

/// The routes of the API.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    Router::new()
        .route(wire::ENROLMENTS, post(enrolments::create).fallback(wrong_method))
        .route(wire::BATCH, post(batch::receive).fallback(wrong_method))
        .route(&format!("{}{{version}}", wire::CONTENT), get(content::manifest).fallback(wrong_method))
        .route(&format!("{}{{sha256}}", wire::CONTENT_FILES), get(content::file).fallback(wrong_method))
        .route("/api/{*rest}", axum::routing::any(|| async { Refusal::NotFound }))
        .layer(middleware::from_fn_with_state(Arc::clone(app), crowd))
}

async fn wrong_method() -> Refusal {
    Refusal::WrongMethod
}

/// Lets so many in at a time. The others are told at once when to come again, each a different moment.
async fn crowd(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.crowd.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Refusal::Busy { retry_after_s: app.later() }.into_response(),
    }
}

#[cfg(test)]
mod tests;
