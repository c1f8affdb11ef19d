//! What kiosks call: version 1 of [`domain::wire`], JSON over HTTPS.
//!
//! A request passes the crowd limit, then the token, then the size limit, and only then is its body read.
//! Whatever is refused leaves no trace in the store and learns nothing from the answer.

pub mod batch;
pub mod bearer;
pub mod body;
pub mod content;
pub mod crowd;
pub mod description;
pub mod enrolments;
mod number;
pub mod problem;
pub mod status;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use problem::Refusal;

/// The routes of the API.
pub fn routes(app: &Arc<App>) -> Router<Arc<App>> {
    let (kiosks, description) = description::with_routes();
    kiosks
        .layer(middleware::from_fn_with_state(Arc::clone(app), let_in))
        .merge(description::route(&description))
        .route("/api/{*rest}", axum::routing::any(|| async { Refusal::NotFound }))
}

async fn let_in(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    match app.crowd.enter() {
        Some(_place) => next.run(request).await,
        None => Refusal::Busy { retry_after_s: app.crowd.come_again(app.clock.now()) }.into_response(),
    }
}

#[cfg(test)]
mod tests;
