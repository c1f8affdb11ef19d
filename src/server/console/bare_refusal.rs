//! Gives a page to every refusal that has none: of a form, an address or a method.
//!
//! The extractors and layers of the framework refuse with a line of English or with nothing. A person who follows an
//! old bookmark or presses an old button reads what happened and what to do, in their language. The API is not
//! concerned: its refusals are problem documents.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::console::failure::Failure;
use crate::console::signed_in::speech_of_stranger;
use crate::words;

/// Answers with a page where the routes have answered with a bare status.
pub async fn explain(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let is_visitor = request.uri().path().starts_with("/t/");
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_page(&response) {
        return response;
    }
    let languages = if is_visitor { words::tracking_languages() } else { words::console_languages() };
    let speech = speech_of_stranger(&app, &headers, languages);
    let failure = Failure::new(status, key(status, &method), speech);
    let failure = if is_visitor { failure.for_visitor() } else { failure };
    let mut page = failure.into_response();
    // What the refusal says to browsers and proxies stays: `Allow`, `Retry-After`, `Connection`.
    let (parts, _) = response.into_parts();
    for (name, value) in &parts.headers {
        if ![header::CONTENT_TYPE, header::CONTENT_LENGTH].contains(name) {
            page.headers_mut().insert(name, value.clone());
        }
    }
    if is_visitor {
        // The address holds the tracking token.
        page.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    }
    page
}

fn is_page(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.as_bytes());
    kind.is_some_and(|kind| kind.starts_with(b"text/html"))
}

/// Which words tell a refusal.
fn key(status: StatusCode, method: &Method) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "wrong-method",
        StatusCode::REQUEST_TIMEOUT => "too-slow",
        StatusCode::PAYLOAD_TOO_LARGE => "too-long",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => "busy",
        status if status.is_server_error() => "failed",
        _ if *method == Method::GET || *method == Method::HEAD => "wrong-address",
        _ => "wrong-form",
    }
}
