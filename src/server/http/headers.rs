//! The security headers of every page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

/// Nothing from other origins, no inline scripts or styles, no framing.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// For pages that nobody is to find in a cache.
const NO_STORE: &str = "no-store";
/// For what scripts ask for: they ask so that nothing is stored. A page whose script got `no-store` is not kept for the
/// button Back, and one that is loaded again may not sound.
const NO_CACHE: &str = "private, no-cache";

/// Adds the headers that a page has not set itself.
pub async fn add(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let caching = if is_by_script(request.headers()) { NO_CACHE } else { NO_STORE };
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut add = |name: header::HeaderName, value| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    add(header::CONTENT_SECURITY_POLICY, POLICY);
    add(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    add(header::REFERRER_POLICY, "same-origin");
    add(header::CACHE_CONTROL, caching);
    add(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    add(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    add(header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    if app.promises_tls() {
        add(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Whether a script made the request, and not a person who followed a link or sent a form.
pub fn is_by_script(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-dest").is_some_and(|dest| dest == "empty")
}
