//! The requests of a kiosk, over HTTPS, and what their answers mean.
//!
//! Nothing here is trusted: a reply may come from a captive portal, a broken proxy or an attacker. It is
//! read up to a limit, parsed once, and turned into what was asked for or into an [`Answer`] that stands
//! for what came instead.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use domain::content::{ContentVersion, FileHash};
use domain::wire::{
    BATCH, Batch, BatchReply, CONTENT, CONTENT_FILES, ENROLMENTS, Enrolment, EnrolmentRequest, Problem,
    Secret, SignedManifest,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{HeaderMap, StatusCode};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, http};
use zeroize::Zeroizing;

use super::address::ServerAddress;
use super::core::Answer;
use super::{MAINTENANCE, for_the_log};

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

/// A file of content may take this long; what came by then is kept, and the rest fetched later.
const FILE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Speaks to one server.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    whole: Duration,
    server: ServerAddress,
}

impl Client {
    /// A client for `server`. Nothing is sent yet.
    pub fn new(server: ServerAddress, roots: &Roots, timeouts: Timeouts, software: &str) -> Self {
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
            .proxy(None)
            .user_agent(format!("galleria-kiosk/{software}"))
            .timeout_connect(Some(timeouts.connect))
            .timeout_resolve(Some(timeouts.connect))
            .timeout_global(Some(timeouts.whole))
            // Long enough for the batches of a backlog, too short to meet a connection that died meanwhile.
            .max_idle_age(Duration::from_secs(3))
            .build();
        Self { agent: Agent::new_with_config(config), whole: timeouts.whole, server }
    }

    /// The server.
    pub fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what happened instead of a reply.
    pub fn send(&self, token: &Secret, batch: &Batch) -> Result<BatchReply, Answer> {
        let sent = batch.items.len();
        self.post(BATCH, Some(token), batch).map_err(|failure| failure.of_batch(sent))
    }

    /// Exchanges a code for an identity.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what happened instead of an identity.
    pub fn enrol(&self, request: &EnrolmentRequest) -> Result<Enrolment, Answer> {
        self.post(ENROLMENTS, None, request).map_err(Failure::of_enrolment)
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
        request = request.header(http::header::AUTHORIZATION, format!("Bearer {}", token.0));
        if let Some(from @ 1..) = from {
            request = request.header(http::header::RANGE, format!("bytes={from}-"));
        }
        let request = request.config().timeout_global(Some(longest)).build();
        let response = request.call().map_err(|cause| for_the_log(&cause.to_string()))?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => Ok(response),
            status => Err(format!("the server answered {status}")),
        }
    }

    fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&Secret>,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        // An enrolment carries secrets.
        let body = Zeroizing::new(serde_json::to_vec(body).expect("wire forms are plain data"));
        let mut request = self.agent.post(self.server.at(path)).content_type("application/json");
        if let Some(token) = token {
            request = request.header(http::header::AUTHORIZATION, format!("Bearer {}", token.0));
        }
        let response = request.send(&body[..]).map_err(|cause| Failure::Unreachable(cause.to_string()))?;
        let (head, body) = response.into_parts();
        let text = body
            .into_with_config()
            .limit(MOST_REPLY_BYTES)
            .read_to_vec()
            .map_err(|cause| Failure::Nonsense(cause.to_string()))?;
        if head.status == StatusCode::OK || head.status == StatusCode::CREATED {
            return serde_json::from_slice(&text).map_err(|cause| {
                Failure::Nonsense(format!("no reply: line {} column {}", cause.line(), cause.column()))
            });
        }
        let code = serde_json::from_slice(&text).ok().map(|problem: Problem| for_the_log(&problem.code));
        Err(Failure::Status { status: head.status, code, retry_after: retry_after(&head.headers) })
    }
}

/// What came instead of a reply.
enum Failure {
    Unreachable(String),
    Nonsense(String),
    Status {
        status: StatusCode,
        /// The server's own word for it. Without one, something else may have answered.
        code: Option<String>,
        retry_after: Option<Duration>,
    },
}

impl Failure {
    fn of_batch(self, sent: usize) -> Answer {
        self.note("a batch");
        match self {
            Self::Unreachable(_) => Answer::Unreachable,
            Self::Nonsense(_) => Answer::Nonsense,
            Self::Status { status, code, retry_after } => match (status.as_u16(), code) {
                (400 | 413 | 422, _) => Answer::Unacceptable { sent },
                (401, Some(_)) => Answer::WrongToken,
                (403, Some(_)) => Answer::Revoked,
                (408 | 429 | 500.., _) => Answer::Busy { retry_after },
                _ => Answer::Nonsense,
            },
        }
    }

    fn of_enrolment(self) -> Answer {
        self.note("an enrolment");
        match self {
            Self::Unreachable(_) => Answer::Unreachable,
            Self::Nonsense(_) => Answer::Nonsense,
            Self::Status { status, code, retry_after } => match (status.as_u16(), code) {
                (408 | 429 | 500.., _) => Answer::Busy { retry_after },
                (400..=499, Some(_)) => Answer::CodeRefused,
                _ => Answer::Nonsense,
            },
        }
    }

    fn note(&self, what: &str) {
        match self {
            Self::Unreachable(cause) => {
                tracing::debug!(target: MAINTENANCE, cause = for_the_log(cause), "{what} got no answer");
            }
            Self::Nonsense(cause) => {
                let cause = for_the_log(cause);
                tracing::debug!(target: MAINTENANCE, cause, "{what} got an answer that makes no sense");
            }
            Self::Status { status, code, .. } => {
                let code = code.as_deref().unwrap_or("none");
                tracing::debug!(target: MAINTENANCE, status = status.as_u16(), code, "{what} was not taken");
            }
        }
    }
}

/// `Retry-After` in seconds, or as a date beside the server's own: the kiosk's calendar may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let wanted = text(http::header::RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| chrono::DateTime::parse_from_rfc2822(text).ok();
    (date(wanted)? - date(text(http::header::DATE)?)?).to_std().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (http::HeaderName::from_static(name), http::HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_server_may_ask_for_patience_in_seconds_or_by_its_own_calendar() {
        assert_eq!(retry_after(&headers(&[("retry-after", "120")])), Some(Duration::from_secs(120)));
        let by_date = headers(&[
            ("date", "Sat, 21 Nov 2026 10:00:00 GMT"),
            ("retry-after", "Sat, 21 Nov 2026 10:02:00 GMT"),
        ]);
        assert_eq!(retry_after(&by_date), Some(Duration::from_secs(120)));
    }

    #[test]
    fn patience_that_makes_no_sense_is_not_asked_for() {
        for wrong in ["", "soon", "-5", "Sat, 21 Nov 2026 10:02:00 GMT"] {
            assert_eq!(retry_after(&headers(&[("retry-after", wrong)])), None, "{wrong}");
        }
        let in_the_past = headers(&[
            ("date", "Sat, 21 Nov 2026 10:02:00 GMT"),
            ("retry-after", "Sat, 21 Nov 2026 10:00:00 GMT"),
        ]);
        assert_eq!(retry_after(&in_the_past), None);
    }

    #[test]
    fn a_gate_in_between_that_says_403_in_html_has_not_revoked_this_kiosk() {
        let status = StatusCode::FORBIDDEN;
        let by_a_gate = Failure::Status { status, code: None, retry_after: None };
        assert_eq!(by_a_gate.of_batch(3), Answer::Nonsense);
        let by_the_server = Failure::Status { status, code: Some("revoked".to_owned()), retry_after: None };
        assert_eq!(by_the_server.of_batch(3), Answer::Revoked);
    }

    #[test]
    fn a_file_without_a_certificate_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hello").unwrap();
        let error = Roots::from_file(file.path()).unwrap_err().to_string();
        assert!(error.contains(file.path().to_str().unwrap()), "{error}");
    }
}
