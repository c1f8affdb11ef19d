//! Reads request bodies within limits of size and time, and decompresses batches.
//!
//! [`FromKiosk`] checks token and headers before it reads the body. When a request is refused, the rest of
//! its body is drained up to a limit, so that the caller gets to read the refusal.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header;
use axum::http::request::Parts;
use domain::wire::{BATCH_SIGNATURE, ENROLMENT_SIGNATURE, GZIP};
use flate2::read::GzDecoder;
use futures_util::StreamExt as _;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::app::App;
use crate::http::bearer::KioskAuth;
use crate::http::problem::Refusal;

/// How long a body may take. A connection of 280 kbit/s sends 1 MiB in this time.
const TIME: Duration = Duration::from_secs(30);

/// Bytes that a refused caller may still send before the connection is closed.
const DRAINED: usize = 8 * 1024 * 1024;

/// Limit of [`Small`] in bytes. An enrolment with some keys takes a few kilobytes.
const SMALL: usize = 64 * 1024;

/// No content coding.
const IDENTITY: &str = "identity";

/// An authenticated kiosk, and the body of its request.
pub struct FromKiosk(pub KioskAuth, pub RawBody);

/// A body as it arrived. It has no `Debug`, because it may hold a receipt.
pub struct RawBody {
    bytes: Vec<u8>,
    is_packed: bool,
    /// The header with the kiosk's signature.
    pub signature: Option<String>,
}

impl RawBody {
    /// The size as it arrived, in bytes.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Whether parsing it takes longer than handing it to another thread.
    pub fn is_long(&self, long: usize) -> bool {
        self.is_packed || self.bytes.len() > long
    }

    /// The bytes of a body that may not be compressed.
    ///
    /// # Errors
    /// [`Refusal::WrongEncoding`].
    pub fn plain(self) -> Result<Vec<u8>, Refusal> {
        if self.is_packed { Err(Refusal::WrongEncoding { taken: IDENTITY }) } else { Ok(self.bytes) }
    }

    /// The bytes after decompression, at most `limit`.
    ///
    /// # Errors
    /// [`Refusal::Malformed`] or [`Refusal::TooLarge`].
    pub fn unpacked(self, limit: usize) -> Result<Vec<u8>, Refusal> {
        if !self.is_packed {
            return Ok(self.bytes);
        }
        let mut bytes = Vec::with_capacity(self.bytes.len() * 2);
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = GzDecoder::new(&self.bytes[..]).take(most).read_to_end(&mut bytes);
        match read.map_err(|_| Refusal::Malformed)? {
            length if length > limit => Err(Refusal::TooLarge),
            _ => Ok(bytes),
        }
    }
}

/// A small JSON body of a caller who is not authenticated: the value, its bytes and its signature. It has no
/// `Debug`, because it may hold secrets.
pub struct Small<T> {
    pub value: T,
    /// The body as it arrived.
    pub bytes: Zeroizing<Vec<u8>>,
    /// The header with the signature of an enrolment.
    pub signature: Option<String>,
}

impl FromRequest<Arc<App>> for FromKiosk {
    type Rejection = Refusal;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let kiosk = KioskAuth::from_request_parts(&mut parts, app).await;
        let coded = is_json(&parts).and_then(|()| is_packed(&parts, GZIP));
        match kiosk.and_then(|kiosk| coded.map(|packed| (kiosk, packed))) {
            Ok((kiosk, is_packed)) => {
                let bytes = read(&parts, body, app.settings.limits.max_bytes).await?;
                Ok(Self(kiosk, RawBody { bytes, is_packed, signature: text(&parts, BATCH_SIGNATURE) }))
            }
            Err(refusal) => {
                drain(body);
                Err(refusal)
            }
        }
    }
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Small<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Arc<App>) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        if let Err(refusal) = is_json(&parts).and_then(|()| is_packed(&parts, IDENTITY)) {
            drain(body);
            return Err(refusal);
        }
        let bytes = Zeroizing::new(read(&parts, body, SMALL).await?);
        let value = serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed)?;
        Ok(Self { value, bytes, signature: text(&parts, ENROLMENT_SIGNATURE) })
    }
}

/// Requires the content type JSON, which a form on a foreign page cannot send.
fn is_json(parts: &Parts) -> Result<(), Refusal> {
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(Refusal::WrongType) }
}

/// Whether the body is compressed, by its headers. `taken` is the content coding that is accepted here.
fn is_packed(parts: &Parts, taken: &'static str) -> Result<bool, Refusal> {
    let mut packed = false;
    for coding in parts.headers.get_all(header::CONTENT_ENCODING) {
        match coding.to_str().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            IDENTITY => {}
            GZIP | "x-gzip" if taken == GZIP && !packed => packed = true,
            _ => return Err(Refusal::WrongEncoding { taken }),
        }
    }
    Ok(packed)
}

fn text(parts: &Parts, header: &str) -> Option<String> {
    // An unreadable header becomes an empty signature, which does not verify.
    parts.headers.get(header).map(|value| value.to_str().unwrap_or_default().to_owned())
}

async fn read(parts: &Parts, body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let announced = parts.headers.get(header::CONTENT_LENGTH);
    let announced = announced.and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        drain(body);
        return Err(Refusal::TooLarge);
    }
    tokio::time::timeout(TIME, collect(body, limit)).await.map_err(|_| Refusal::TooSlow)?
}

async fn collect(body: Body, limit: usize) -> Result<Vec<u8>, Refusal> {
    let (mut parts, mut bytes) = (body.into_data_stream(), Vec::new());
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| Refusal::Malformed)?;
        if bytes.len() + part.len() > limit {
            discard_rest(parts);
            return Err(Refusal::TooLarge);
        }
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

/// Reads and discards the rest of a body, within limits, while the refusal is on its way. Many clients read the
/// reply only after they have sent everything. If the connection were closed before, they would take the refusal
/// for a broken network, and send the same again for ever. Whoever sends slowly then keeps no place among the
/// requests that are served.
pub fn drain(body: Body) {
    discard_rest(body.into_data_stream());
}

fn discard_rest(mut parts: BodyDataStream) {
    let discard = async move {
        let mut seen = 0;
        while let Some(Ok(part)) = parts.next().await {
            seen += part.len();
            if seen > DRAINED {
                break;
            }
        }
    };
    tokio::spawn(tokio::time::timeout(TIME, discard));
}
