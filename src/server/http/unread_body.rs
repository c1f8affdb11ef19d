//! Ends an HTTP/1.1 connection on which a request body was left unread.
//!
//! A request may be refused before its body has arrived. The connection cannot be used again then, and is
//! closed. Without `Connection: close` in the response the client does not know that: it sends its next request
//! on the same connection and gets no response. HTTP/2 resets the one stream instead.
//!
//! For pages only: the API reads a refused body to its end (`body`), so that kiosks keep their connections.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::http::{HeaderValue, Version, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};

/// Announces that the connection is closed, unless the whole body was read.
pub async fn announce_close(request: Request, next: Next) -> Response {
    if request.version() > Version::HTTP_11 || request.body().is_end_stream() {
        return next.run(request).await;
    }
    let read = Arc::new(AtomicBool::new(false));
    let at_the_end = Arc::clone(&read);
    let request = request.map(|body| {
        let end = stream::once(async move {
            at_the_end.store(true, Ordering::Relaxed);
            None
        });
        Body::from_stream(body.into_data_stream().map(Some).chain(end).filter_map(std::future::ready))
    });
    let mut response = next.run(request).await;
    if !read.load(Ordering::Relaxed) {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    async fn connection_after(path: &str, body: &'static str) -> Option<HeaderValue> {
        let app = Router::new()
            .route("/read", post(|body: String| async move { body }))
            .route("/refuse", post(|| async { StatusCode::FORBIDDEN }))
            .layer(axum::middleware::from_fn(announce_close));
        let request = Request::post(path).body(Body::from(body)).unwrap();
        app.oneshot(request).await.unwrap().headers_mut().remove(header::CONNECTION)
    }

    #[tokio::test]
    async fn an_unread_body_ends_the_connection() {
        assert_eq!(connection_after("/refuse", "name=Mine").await.unwrap(), "close");
        assert_eq!(connection_after("/read", "name=Mine").await, None);
        assert_eq!(connection_after("/refuse", "").await, None);
    }
}
