//! The client: every request of a kiosk, over HTTPS.
//!
//! A reply is read up to a size limit. A batch is compressed only if the server's last reply announced
//! support for it (RFC 7694). Once a compressed batch is refused, none is compressed until the program
//! restarts.

use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use domain::content::{ContentVersion, FileHash};
use domain::wire::{
    BATCH, BATCH_SIGNATURE, BatchReply, CASE_STATUS, CONTENT, CONTENT_FILES, CaseStatus, ENROLMENT_SIGNATURE,
    ENROLMENTS, Enrolment, GZIP, Secret, Signed, SignedManifest, StatusRequest,
};
use flate2::write::GzEncoder;
use ureq::http::{HeaderMap, HeaderValue, StatusCode, header};
use ureq::tls::{PemItem, RootCerts, TlsConfig, TlsProvider};
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder, http};
use zeroize::{Zeroize as _, Zeroizing};

use super::address::{ProxyAddress, ServerAddress};
use super::response::{RequestError, Response};
use crate::log::one_line;

/// The root certificates that are trusted.
#[derive(Clone, Debug)]
pub struct Roots(RootCerts);

/// Why a file of root certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// It is not a PEM file, or contains no certificate.
    #[error("{} holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
}

impl Roots {
    pub fn web_pki() -> Self {
        Self(RootCerts::WebPki)
    }

    /// Reads a PEM file with one certificate or several.
    ///
    /// # Errors
    /// [`RootsError`].
    pub fn from_file(path: &Path) -> Result<Self, RootsError> {
        let pem = std::fs::read(path).map_err(|source| RootsError::Io { path: path.to_owned(), source })?;
        let certificates: Vec<_> = ureq::tls::parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        if certificates.is_empty() {
            return Err(RootsError::NoCertificate(path.to_owned()));
        }
        Ok(Self(RootCerts::from(certificates)))
    }
}

/// How long each part of a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// DNS, TCP and the TLS handshake.
    pub connect: Duration,
    /// The whole request.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), total: Duration::from_secs(60) }
    }
}

/// A longer reply is invalid.
const MAX_REPLY_BYTES: u64 = 2 * 1024 * 1024;

/// A shorter batch fits into one packet uncompressed.
const MIN_COMPRESSED_BYTES: usize = 1200;

/// The timeout for a content file. Bytes that arrived before it are kept, and the download resumes later.
const FILE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Sends requests to one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    timeout: Duration,
    server: ServerAddress,
    compression: Arc<Compression>,
}

impl Client {
    /// A client for `server`, directly or through a proxy. Nothing is sent yet.
    pub fn new(
        server: ServerAddress,
        proxy: Option<&ProxyAddress>,
        roots: &Roots,
        timeouts: Timeouts,
        software: &str,
    ) -> Self {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(roots.0.clone())
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // A redirect could send the token to another server.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.map(|proxy| proxy.0.clone()))
            .user_agent(format!("galleria-kiosk/{software}"))
            .timeout_connect(Some(timeouts.connect))
            .timeout_resolve(Some(timeouts.connect))
            .timeout_global(Some(timeouts.total))
            // Long enough to reuse the connection between the batches of a backlog, short enough to avoid
            // dead connections.
            .max_idle_age(Duration::from_secs(3))
            .build();
        let compression = Arc::default();
        Self { agent: Agent::new_with_config(config), timeout: timeouts.total, server, compression }
    }

    /// The server's address.
    pub fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// Exchanges an enrolment code for an identity.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn enrol(&self, request: &Signed) -> Result<Enrolment, RequestError> {
        let post = self.post(ENROLMENTS, None).header(ENROLMENT_SIGNATURE, &request.signature);
        let reply = exchange(post, &request.body).and_then(|(response, _)| response.read());
        reply.inspect_err(|error| error.log("the enrolment"))
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn send_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, RequestError> {
        let post = self.post(BATCH, Some(token)).header(BATCH_SIGNATURE, &batch.signature);
        let compressed = if self.compression.is_on() { compressed(&batch.body) } else { None };
        let exchanged = match &compressed {
            Some(body) => exchange(post.header(header::CONTENT_ENCODING, GZIP), body),
            None => exchange(post, &batch.body),
        };
        let reply = match exchanged {
            Ok((response, headers)) => {
                let reply = response.read();
                self.compression.answered(&headers, reply.is_ok());
                reply
            }
            Err(error) => {
                self.compression.no_answer();
                Err(error)
            }
        };
        reply.inspect_err(|error| error.log("the batch")).map_err(|error| match error {
            RequestError::Status { status, .. } if compressed.is_some() && error.is_about_the_body() => {
                self.compression.refused();
                RequestError::CompressedBody { status }
            }
            error => error,
        })
    }

    /// The status of a case, for a visitor with its receipt.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn case_status(&self, token: &Secret, request: &StatusRequest) -> Result<CaseStatus, RequestError> {
        let body = Zeroizing::new(serde_json::to_vec(request).expect("wire forms are plain data"));
        let reply = exchange(self.post(CASE_STATUS, Some(token)), &body).and_then(|(mut response, _)| {
            let status = response.read();
            response.body.zeroize();
            status
        });
        reply.inspect_err(|error| error.log("a case lookup"))
    }

    /// The signed manifest of a publication.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn manifest(&self, token: &Secret, version: ContentVersion) -> Result<SignedManifest, RequestError> {
        let response = self.get(token, &format!("{CONTENT}{version}"), None, self.timeout)?;
        let body = response.into_body().into_with_config().limit(MAX_REPLY_BYTES).read_to_vec();
        let body = body.map_err(|cause| RequestError::InvalidReply(cause.to_string()))?;
        serde_json::from_slice(&body).map_err(|cause| RequestError::InvalidReply(cause.to_string()))
    }

    /// A content file from byte `from` on, if the server can resume there; returns where it really begins.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn file(
        &self,
        token: &Secret,
        hash: &FileHash,
        from: u64,
    ) -> Result<(u64, impl Read + use<>), RequestError> {
        let response = self.get(token, &format!("{CONTENT_FILES}{hash}"), Some(from), FILE_TIMEOUT)?;
        let from = if response.status() == StatusCode::PARTIAL_CONTENT { from } else { 0 };
        Ok((from, response.into_body().into_reader()))
    }

    fn get(
        &self,
        token: &Secret,
        path: &str,
        from: Option<u64>,
        timeout: Duration,
    ) -> Result<http::Response<ureq::Body>, RequestError> {
        let mut request = self.agent.get(self.server.at(path));
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.0));
        if let Some(from @ 1..) = from {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let request = request.config().timeout_global(Some(timeout)).build();
        let response =
            request.call().map_err(|cause| RequestError::Unreachable(one_line(&cause.to_string())))?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(response),
            status => Err(RequestError::Status { status: status.as_u16(), code: None, retry_after: None }),
        }
    }

    fn post(&self, path: &str, token: Option<&Secret>) -> RequestBuilder<WithBody> {
        let request = self.agent.post(self.server.at(path)).content_type("application/json");
        match token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {}", token.0)),
            None => request,
        }
    }
}

/// Whether batches are compressed at present.
#[derive(Debug, Default)]
struct Compression {
    /// The server's last reply announced support.
    is_supported: AtomicBool,
    /// A compressed body was refused.
    was_refused: AtomicBool,
}

impl Compression {
    fn is_on(&self) -> bool {
        self.is_supported.load(Ordering::Relaxed) && !self.was_refused.load(Ordering::Relaxed)
    }

    fn refused(&self) {
        self.was_refused.store(true, Ordering::Relaxed);
    }

    /// A device in the network path may drop connections with compressed bodies: the next body is not
    /// compressed.
    fn no_answer(&self) {
        self.is_supported.store(false, Ordering::Relaxed);
    }

    fn answered(&self, headers: &HeaderMap, is_reply: bool) {
        let codings = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let is_supported = codings.unwrap_or_default().split(',').any(|coding| coding.trim() == GZIP);
        self.is_supported.store(is_supported && is_reply, Ordering::Relaxed);
    }
}

/// The compressed body, if the body is long enough. Sealed items are base64, so this saves about a quarter.
fn compressed(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < MIN_COMPRESSED_BYTES {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len()), flate2::Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn exchange(request: RequestBuilder<WithBody>, body: &[u8]) -> Result<(Response, HeaderMap), RequestError> {
    let response = request.send(body).map_err(|cause| RequestError::Unreachable(cause.to_string()))?;
    let (head, body) = response.into_parts();
    let text = body
        .into_with_config()
        .limit(MAX_REPLY_BYTES)
        .read_to_vec()
        .map_err(|cause| RequestError::InvalidReply(cause.to_string()))?;
    let header = |name| head.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let response = Response {
        status: head.status.as_u16(),
        retry_after: header(header::RETRY_AFTER).map(str::to_owned),
        date: header(header::DATE).map(str::to_owned),
        body: text,
    };
    Ok((response, head.headers))
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
    use domain::kind::Kind;
    use domain::seal::KeyId;
    use domain::wire::{Batch, Bytes, SealedItem};
    use rand::{Rng as _, SeedableRng as _};

    use super::*;

    #[test]
    fn compression_saves_a_quarter_of_a_batch() {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
        let items = (0..50).map(|seq| {
            let mut sealed = vec![0; 700];
            random.fill_bytes(&mut sealed);
            let now = Timestamp::from_timestamp(1_795_226_400, 0).unwrap();
            SealedItem {
                id: SubmissionId::new(now, &mut random),
                kiosk: KioskNumber::new(3).unwrap(),
                epoch: Epoch(1),
                seq: Seq(seq),
                kind: Kind::Complaint,
                created_at: now,
                key_id: KeyId("0123456789abcdef".to_owned()),
                sha256: SealedItem::hash(&sealed),
                sealed: Bytes(sealed),
                age_ms: Some(seq),
            }
        });
        let batch = Batch { items: items.collect(), ..Batch::default() };
        let body = serde_json::to_vec(&batch).unwrap();
        let share = compressed(&body).unwrap().len() * 100 / body.len();
        assert!((50..75).contains(&share), "{share} %");
        assert_eq!(compressed(&body[..1000]), None, "it fits into one packet");
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello").unwrap();
        let error = Roots::from_file(file.path()).unwrap_err().to_string();
        assert!(error.contains(file.path().to_str().unwrap()), "{error}");
    }
}
