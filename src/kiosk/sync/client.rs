//! The requests of a kiosk, over HTTPS.
//!
//! A reply is read up to a limit; what it means is for [`super::response`] to say. A batch is compressed only
//! for a server that said in its last reply that it takes that (RFC 7694). If something on the way refuses a
//! compressed one, no other is compressed before the next start, and the refusal says nothing of what was in it.

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
use flate2::Compression;
use flate2::write::GzEncoder;
use ureq::http::{HeaderMap, HeaderValue, StatusCode, header};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};
use ureq::typestate::WithBody;
use ureq::{Agent, RequestBuilder, http};
use zeroize::{Zeroize as _, Zeroizing};

use super::address::{ProxyAddress, ServerAddress};
use super::core::Answer;
use super::engine::Line;
use super::for_the_log;
use super::response::{Failure, Response};

/// Whose certificates are believed.
#[derive(Clone, Debug)]
pub enum Roots {
    /// Those of Mozilla's list.
    WebPki,
    /// Only these.
    Own(Vec<Certificate<'static>>),
}

/// Why a file of root certificates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RootsError {
    /// It cannot be read.
    #[error("{} cannot be read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is no PEM file, or no certificate is in it.
    #[error("{} holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
}

impl Roots {
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
        Ok(Self::Own(certificates))
    }
}

/// How long each part of a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Finding and reaching the server, with the TLS handshake.
    pub connect: Duration,
    /// Everything.
    pub whole: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(15), whole: Duration::from_secs(60) }
    }
}

/// A reply longer than this is none.
const MOST_REPLY_BYTES: u64 = 2 * 1024 * 1024;

/// A batch shorter than this fits into one packet as it is.
const WORTH_PACKING: usize = 1200;

/// A file of content may take this long; what came by then is kept, and the rest fetched later.
const FILE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Speaks to one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    whole: Duration,
    server: ServerAddress,
    packing: Arc<Packing>,
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
        let roots = match roots {
            Roots::WebPki => RootCerts::WebPki,
            Roots::Own(certificates) => RootCerts::from(certificates.iter().cloned()),
        };
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .root_certs(roots)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // A redirect could carry the token to somebody else.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(proxy.map(|proxy| proxy.0.clone()))
            .user_agent(format!("galleria-kiosk/{software}"))
            .timeout_connect(Some(timeouts.connect))
            .timeout_resolve(Some(timeouts.connect))
            .timeout_global(Some(timeouts.whole))
            // Long enough for the batches of a backlog, too short to meet a connection that died meanwhile.
            .max_idle_age(Duration::from_secs(3))
            .build();
        let packing = Arc::default();
        Self { agent: Agent::new_with_config(config), whole: timeouts.whole, server, packing }
    }

    /// The manifest of a publication.
    ///
    /// # Errors
    /// What happened instead, for the log.
    pub fn manifest(&self, token: &Secret, version: ContentVersion) -> Result<SignedManifest, String> {
        let response = self.get(token, &format!("{CONTENT}{version}"), None, self.whole)?;
        let body = response.into_body().into_with_config().limit(MOST_REPLY_BYTES).read_to_vec();
        serde_json::from_slice(&body.map_err(|cause| cause.to_string())?).map_err(|cause| cause.to_string())
    }

    /// A file of content from a byte of it on, and which byte that really is.
    ///
    /// # Errors
    /// What happened instead, for the log.
    pub fn file(&self, token: &Secret, hash: &FileHash, from: u64) -> Result<(u64, impl Read), String> {
        let response = self.get(token, &format!("{CONTENT_FILES}{hash}"), Some(from), FILE_TIMEOUT)?;
        let from = if response.status() == StatusCode::PARTIAL_CONTENT { from } else { 0 };
        Ok((from, response.into_body().into_reader()))
    }

    fn get(
        &self,
        token: &Secret,
        path: &str,
        from: Option<u64>,
        longest: Duration,
    ) -> Result<http::Response<ureq::Body>, String> {
        let mut request = self.agent.get(self.server.at(path));
        request = request.header(header::AUTHORIZATION, format!("Bearer {}", token.0));
        if let Some(from @ 1..) = from {
            request = request.header(header::RANGE, format!("bytes={from}-"));
        }
        let request = request.config().timeout_global(Some(longest)).build();
        let response = request.call().map_err(|cause| for_the_log(&cause.to_string()))?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(response),
            status => Err(format!("the server answered {status}")),
        }
    }

    /// What became of a case, for a visitor who holds its receipt.
    pub(super) fn case_status(&self, token: &Secret, request: &StatusRequest) -> Result<CaseStatus, Failure> {
        let body = Zeroizing::new(serde_json::to_vec(request).expect("wire forms are plain data"));
        let (mut response, _) = exchange(self.request(CASE_STATUS, Some(token)), &body)?;
        let told = response.read();
        response.body.zeroize();
        told
    }

    fn post_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, Answer> {
        let request = self.request(BATCH, Some(token)).header(BATCH_SIGNATURE, &batch.signature);
        let packed = self.packing.is_due().then(|| packed(&batch.body)).flatten();
        let outcome = match &packed {
            Some(packed) => exchange(request.header(header::CONTENT_ENCODING, GZIP), packed),
            None => exchange(request, &batch.body),
        };
        let (response, headers) = outcome.map_err(|failure| {
            self.packing.heard_nothing();
            failure.of_batch()
        })?;
        let outcome = response.batch_reply();
        self.packing.heard(&headers, outcome.is_ok());
        if packed.is_some() && is_about_the_body(response.status, &outcome) {
            self.packing.was_refused.store(true, Ordering::Relaxed);
            return Err(Answer::Nonsense);
        }
        outcome
    }

    fn request(&self, path: &str, token: Option<&Secret>) -> RequestBuilder<WithBody> {
        let request = self.agent.post(self.server.at(path)).content_type("application/json");
        match token {
            Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {}", token.0)),
            None => request,
        }
    }
}

/// Whether batches are compressed at present.
#[derive(Debug, Default)]
struct Packing {
    /// The server said that it takes them so.
    is_taken: AtomicBool,
    /// One was refused.
    was_refused: AtomicBool,
}

impl Packing {
    fn is_due(&self) -> bool {
        self.is_taken.load(Ordering::Relaxed) && !self.was_refused.load(Ordering::Relaxed)
    }

    /// Something on the way may hang up on a compressed one; the next one is not.
    fn heard_nothing(&self) {
        self.is_taken.store(false, Ordering::Relaxed);
    }

    fn heard(&self, headers: &HeaderMap, is_reply: bool) {
        let codings = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
        let is_taken = codings.unwrap_or_default().split(',').any(|coding| coding.trim() == GZIP);
        self.is_taken.store(is_taken && is_reply, Ordering::Relaxed);
    }
}

/// Whether a refusal may be due to how the body was sent, and not to whom or when.
fn is_about_the_body(status: u16, outcome: &Result<BatchReply, Answer>) -> bool {
    match outcome {
        Err(Answer::Unacceptable | Answer::WrongSignature) => true,
        Err(Answer::Nonsense) => (400..500).contains(&status),
        _ => false,
    }
}

/// The same in fewer bytes, if that is worth it. The sealed parts travel as base64, of which a quarter goes.
fn packed(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < WORTH_PACKING {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len()), Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

fn exchange(request: RequestBuilder<WithBody>, body: &[u8]) -> Result<(Response, HeaderMap), Failure> {
    let response = request.send(body).map_err(|cause| Failure::Unreachable(cause.to_string()))?;
    let (head, body) = response.into_parts();
    let text = body
        .into_with_config()
        .limit(MOST_REPLY_BYTES)
        .read_to_vec()
        .map_err(|cause| Failure::Nonsense(cause.to_string()))?;
    let header = |name| head.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let response = Response {
        status: head.status.as_u16(),
        retry_after: header(header::RETRY_AFTER).map(str::to_owned),
        date: header(header::DATE).map(str::to_owned),
        body: text,
    };
    Ok((response, head.headers))
}

impl Line for Client {
    fn server(&self) -> &str {
        self.server.as_str()
    }

    fn send(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, Answer> {
        self.post_batch(token, batch)
    }

    fn enrol(&self, request: &Signed) -> Result<Enrolment, Answer> {
        let line = self.request(ENROLMENTS, None).header(ENROLMENT_SIGNATURE, &request.signature);
        match exchange(line, &request.body) {
            Ok((response, _)) => response.enrolment(),
            Err(failure) => Err(failure.of_enrolment()),
        }
    }
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
    fn what_is_sealed_takes_a_quarter_less_when_it_is_packed() {
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
        let share = packed(&body).unwrap().len() * 100 / body.len();
        assert!((50..75).contains(&share), "{share} %");
        assert_eq!(packed(&body[..1000]), None, "it is in one packet as it is");
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello").unwrap();
        let error = Roots::from_file(file.path()).unwrap_err().to_string();
        assert!(error.contains(file.path().to_str().unwrap()), "{error}");
    }
}
