//! `GET /api/v1/kiosk/content/{version}` and `GET /api/v1/kiosk/content/files/{sha256}`: published content.
//!
//! A file never changes under its hash, so a kiosk fetches it once. An interrupted download resumes where it
//! stopped (`Range: bytes=N-`).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use domain::content::{ContentVersion, FileHash};
use domain::wire::SignedManifest;

use crate::app::App;
use crate::http::bearer::KioskAuth;
use crate::http::problem::{Refusal, refusals};

refusals![
    Refusal::WrongToken,
    Refusal::Revoked,
    Refusal::NotFound,
    Refusal::Failed,
    Refusal::Busy { retry_after_s: 1 },
];

/// A publication as it was signed.
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/content/{version}",
    operation_id = "content_manifest",
    tag = "kiosk",
    params(("version" = u64, Path, description = "Its number, as the answer to a batch named it.")),
    responses((status = OK, description = "The manifest and its signature.", body = SignedManifest), Refused),
    security(("kiosk" = []))
)]
pub async fn manifest(
    State(app): State<Arc<App>>,
    _kiosk: KioskAuth,
    Path(version): Path<String>,
) -> Result<Json<SignedManifest>, Refusal> {
    let version = version.parse().map(ContentVersion).map_err(|_| Refusal::NotFound)?;
    let signed = app.store.publications().signed(version).await?;
    signed.map(Json).ok_or(Refusal::NotFound)
}

/// A file of some publication.
///
/// A download that broke off goes on with `Range: bytes=N-`; any other range is answered with the whole.
#[utoipa::path(
    get,
    path = "/api/v1/kiosk/content/files/{sha256}",
    operation_id = "content_file",
    tag = "kiosk",
    params(("sha256" = String, Path, description = "Its SHA-256, as the manifest names it.", pattern = "^[0-9a-f]{64}$")),
    responses(
        (status = OK, description = "The file.", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = PARTIAL_CONTENT, description = "The rest of it.", body = Vec<u8>,
         content_type = "application/octet-stream"),
        Refused
    ),
    security(("kiosk" = []))
)]
pub async fn file(
    State(app): State<Arc<App>>,
    _kiosk: KioskAuth,
    Path(hash): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let hash: FileHash = hash.parse().map_err(|_| Refusal::NotFound)?;
    let tag = HeaderValue::try_from(format!("\"{hash}\"")).map_err(|_| Refusal::Failed)?;
    let found = app.store.publications().file(hash).await?;
    let bytes = found.ok_or(Refusal::NotFound)?;
    let (status, range, rest) = match begins_at(&headers, bytes.len()) {
        None => (StatusCode::OK, None, bytes),
        Some(from) => {
            let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
            (StatusCode::PARTIAL_CONTENT, Some(range), bytes[from..].to_vec())
        }
    };
    let mut response = (status, rest).into_response();
    let answer = response.headers_mut();
    answer.insert(header::ETAG, tag);
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    answer.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if let Some(range) = range {
        answer.insert(header::CONTENT_RANGE, HeaderValue::try_from(range).map_err(|_| Refusal::Failed)?);
    }
    Ok(response)
}

/// Where a download resumes. Any other range is answered with the whole file, as RFC 9110 allows.
fn begins_at(headers: &HeaderMap, length: usize) -> Option<usize> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    let from = range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()?;
    (from < length).then_some(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An interrupted download resumes, and an unusable range gets the whole file.
    #[test]
    fn a_download_resumes_by_range() {
        let range = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::try_from(text).unwrap());
            begins_at(&headers, 10)
        };
        assert_eq!(range("bytes=4-"), Some(4));
        for nonsense in ["bytes=10-", "bytes=2-4", "bytes=-3", "lines=1-", "bytes=1-,4-", "bytes=x-"] {
            assert_eq!(range(nonsense), None, "{nonsense}");
        }
        assert_eq!(begins_at(&HeaderMap::new(), 10), None);
    }
}
