//! Bounds the time that the body of a form may take.
//!
//! A caller who sends a byte a minute would be kept for ever, because each byte is a sign of life. So the whole
//! body has one deadline. For pages only: the API bounds the bodies of kiosks itself (`body`).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use tokio::time::{Instant, timeout_at};

/// How long a form may take. At 20 kbit/s the longest one arrives in this time.
const TIME: Duration = Duration::from_secs(30);

/// The body did not come in time.
#[derive(Debug, thiserror::Error)]
#[error("the body took longer than {TIME:?}")]
pub struct TooSlow;

/// Runs `next`, for which the body ends with an error if it is not there in time.
///
/// # Errors
/// [`TooSlow`], in place of what `next` makes of that error.
pub async fn bound(request: Request, next: Next) -> Result<Response, TooSlow> {
    within(TIME, request, next).await
}

async fn within(time: Duration, request: Request, next: Next) -> Result<Response, TooSlow> {
    if request.body().is_end_stream() {
        return Ok(next.run(request).await);
    }
    let is_late = Arc::new(AtomicBool::new(false));
    let late = Arc::clone(&is_late);
    let until = Instant::now() + time;
    let request = request.map(|body| {
        let parts = stream::unfold((body.into_data_stream(), late), move |(mut parts, late)| async move {
            let part = match timeout_at(until, parts.next()).await {
                Ok(part) => part?.map_err(std::io::Error::other),
                Err(_) => {
                    late.store(true, Ordering::Relaxed);
                    Err(std::io::ErrorKind::TimedOut.into())
                }
            };
            Some((part, (parts, late)))
        });
        Body::from_stream(parts)
    });
    let response = next.run(request).await;
    if is_late.load(Ordering::Relaxed) { Err(TooSlow) } else { Ok(response) }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::StatusCode;
    use axum::response::IntoResponse as _;
    use axum::routing::post;
    use tower::ServiceExt as _;

    use super::*;

    /// One byte is here, and the next one never comes.
    #[tokio::test]
    async fn a_body_that_trickles_is_refused() {
        let limit = async |request: Request, next: Next| {
            let bounded = within(Duration::ZERO, request, next).await;
            bounded.unwrap_or_else(|TooSlow| StatusCode::REQUEST_TIMEOUT.into_response())
        };
        let app = Router::new()
            .route("/", post(|form: String| async move { form }))
            .layer(axum::middleware::from_fn(limit));
        let status = async |body: Body| {
            let request = Request::post("/").body(body).unwrap();
            app.clone().oneshot(request).await.unwrap().status()
        };
        let byte = stream::iter([Ok::<_, std::convert::Infallible>("a")]);
        assert_eq!(status(Body::from_stream(byte.clone().chain(stream::pending()))).await, 408);
        assert_eq!(status(Body::from_stream(byte)).await, 200);
    }
}
