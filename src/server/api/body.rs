//! Reading a body that may be too large, too slow or nonsense.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header;
use axum::http::request::Parts;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;

use super::bearer::KioskAuth;
use super::problem::Refusal;
use crate::app::App;

/// How long a body may take. A line of 280 kbit/s moves 1 MiB in this time.
const TIME: Duration = Duration::from_secs(30);

/// What a refused caller may still send before the line is cut.
const DRAINED: usize = 8 * 1024 * 1024;

/// An enrolment with some keys is a few kilobytes.
const SMALL: usize = 64 * 1024;

/// A kiosk that has shown its token, and the bytes of its body.
#[derive(Debug)]
pub struct FromKiosk(pub KioskAuth, pub Vec<u8>);

/// The value that a small body holds as JSON.
#[derive(Debug)]
pub struct Small<T>(pub T);

impl FromRequest<Arc<App>> for FromKiosk {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let kiosk = KioskAuth::from_request_parts(&mut parts, app).await;
        match kiosk.and_then(|kiosk| is_json(&parts).map(|()| kiosk)) {
            Ok(kiosk) => Ok(Self(kiosk, read(&parts, body, app.settings.limits.max_bytes).await?)),
            Err(refusal) => {
                drain(body).await;
                Err(refusal)
            }
        }
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Small<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        if let Err(refusal) = is_json(&parts) {
            drain(body).await;
            return Err(refusal);
        }
        let bytes = read(&parts, body, SMALL).await?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| Refusal::Malformed)
    }
}

/// Whether the body says that it is JSON. A form on a foreign page cannot say so.
fn is_json(parts: &Parts) -> Result<(), Refusal> {
    let told = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = told.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::WrongType) }
}

async fn read(parts: &Parts, body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let announced = parts.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        drain(body).await;
        return Err(Refusal::TooLarge);
    }
    tokio::time::timeout(TIME, collect(body, limit)).await.map_err(|_| Refusal::TooSlow)?
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let (mut parts, mut bytes) = (body.into_data_stream(), Vec::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Refusal::Malformed)?;
        if bytes.len() + part.len() > limit {
            discard_rest(parts).await;
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Lets a caller finish what it is saying, within reason, without keeping any of it. Many programs listen
/// only after they have sent everything; one whose line was cut meanwhile would take the refusal for a
/// broken network, and send the same again for ever.
async fn drain(body: Body) {
    discard_rest(body.into_data_stream()).await;
}

async fn discard_rest(mut parts: BodyDataStream) {
    let discard = async {
        let mut seen = 0;
        while let Some(Ok(part)) = parts.next().await {
            seen += part.len();
            if seen > DRAINED {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(TIME, discard).await;
}
