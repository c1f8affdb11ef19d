//! The client: every request of a kiosk, over HTTPS.
//!
//! A reply is read up to a size limit. A batch is compressed only if the server's last reply announced
//! support for it (RFC 7694). Once a compressed batch is refused, none is compressed until the program
//! restarts.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ::bytes::Bytes;
use domain::content::{ContentVersion, FileHash};
use domain::wire::{
    BATCH, BATCH_SIGNATURE, BatchReply, CASE_STATUS, CONTENT, CONTENT_FILES, CaseStatus, ENROLMENT_SIGNATURE,
    ENROLMENTS, Enrolment, GZIP, Secret, Signed, SignedManifest, StatusRequest,
};
use flate2::write::GzEncoder;
use reqwest::header::{self, HeaderMap, HeaderValue};
use reqwest::{RequestBuilder, StatusCode};
use tokio_util::sync::CancellationToken;
use zeroize::{Zeroize as _, Zeroizing};

use super::address::{ProxyAddress, ServerAddress};
use super::download::Download;
use super::network::Network;
use super::response::{RequestError, Response, causes};
use super::roots::Roots;

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
const MAX_REPLY_BYTES: usize = 2 * 1024 * 1024;

/// A shorter batch fits into one packet uncompressed.
const MIN_COMPRESSED_BYTES: usize = 1200;

/// The timeout for a content file. Bytes that arrived before it are kept, and the download resumes later.
const FILE_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// Long enough to reuse the connection between the batches of a backlog, short enough to avoid dead
/// connections.
const MAX_IDLE: Duration = Duration::from_secs(3);

/// Sends requests to one server. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    network: Network,
    stop: CancellationToken,
    timeout: Duration,
    server: ServerAddress,
    compression: Arc<Compression>,
}

impl Client {
    /// A client for `server`, directly or through a proxy. Nothing is sent yet.
    pub fn new(
        network: &Network,
        server: ServerAddress,
        proxy: Option<&ProxyAddress>,
        roots: &Roots,
        timeouts: Timeouts,
        software: &str,
    ) -> Self {
        let mut http = reqwest::Client::builder()
            .tls_backend_preconfigured(roots.tls())
            // The server takes whoever offers HTTP/2 for a person with a browser.
            .http1_only()
            // A redirect could send the token to another server.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // Sync decides when a request is sent again.
            .retry(reqwest::retry::never())
            // The environment names no proxy; only the settings do.
            .no_proxy()
            .user_agent(software)
            .connect_timeout(timeouts.connect)
            .pool_idle_timeout(MAX_IDLE)
            .pool_max_idle_per_host(1);
        if let Some(proxy) = proxy {
            http = http.proxy(proxy.proxy());
        }
        Self {
            http: http.build().expect("the TLS settings are of the library that the client is built with"),
            network: network.clone(),
            stop: CancellationToken::new(),
            timeout: timeouts.total,
            server,
            compression: Arc::default(),
        }
    }

    /// Cancelling this ends every running and later request of this client and its clones at once.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.stop.clone()
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
        let reply = self.exchange(post, request.body.clone()).and_then(|(response, _)| response.read());
        reply.inspect_err(|error| error.log("the enrolment"))
    }

    /// Sends a batch.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn send_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, RequestError> {
        let post = self.post(BATCH, Some(token)).header(BATCH_SIGNATURE, &batch.signature);
        let compressed = if self.compression.is_on() { compressed(&batch.body) } else { None };
        let is_compressed = compressed.is_some();
        let exchanged = match compressed {
            Some(body) => self.exchange(post.header(header::CONTENT_ENCODING, GZIP), body),
            None => self.exchange(post, batch.body.clone()),
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
            RequestError::Status { status, .. } if is_compressed && error.is_about_the_body() => {
                self.compression.refused();
                RequestError::CompressedBody { status }
            }
            error => error,
        })
    }

    /// The status of a case, for a visitor with its receipt. When the request is dropped, what it holds is
    /// overwritten.
    ///
    /// # Errors
    /// [`RequestError`].
    pub(crate) fn case_status(
        &self,
        token: &Secret,
        request: StatusRequest,
    ) -> impl Future<Output = Result<CaseStatus, RequestError>> + use<> {
        let body = Zeroizing::new(serde_json::to_vec(&request).expect("wire forms are plain data"));
        let mut request = request;
        request.zeroize();
        let post = self.post(CASE_STATUS, Some(token)).body(Bytes::from_owner(body));
        async move {
            let reply = exchange(post).await.and_then(|(mut response, _)| {
                let status = response.read();
                response.body.zeroize();
                status
            });
            reply.inspect_err(|error| error.log("a case lookup"))
        }
    }

    /// The signed manifest of a publication.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn manifest(&self, token: &Secret, version: ContentVersion) -> Result<SignedManifest, RequestError> {
        let get = self.get(token, &format!("{CONTENT}{version}"));
        let (response, _) = self.network.run(self.timeout, &self.stop, exchange(get))?;
        match response.status {
            200 => response.read(),
            status => Err(RequestError::Status { status, code: None, retry_after: None }),
        }
    }

    /// A content file from byte `from` on, if the server can resume there; returns where it really begins.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn file(&self, token: &Secret, hash: &FileHash, from: u64) -> Result<(u64, Download), RequestError> {
        let mut get = self.get(token, &format!("{CONTENT_FILES}{hash}"));
        if from > 0 {
            get = get.header(header::RANGE, format!("bytes={from}-"));
        }
        let response = self.network.run(self.timeout, &self.stop, send(get))?;
        let from = match response.status() {
            StatusCode::PARTIAL_CONTENT => from,
            StatusCode::OK => 0,
            status => {
                return Err(RequestError::Status { status: status.as_u16(), code: None, retry_after: None });
            }
        };
        let (network, stop) = (self.network.clone(), self.stop.clone());
        let deadline = network.deadline(FILE_TIMEOUT);
        Ok((from, Download { network, stop, deadline, response, arrived: Bytes::new() }))
    }

    fn get(&self, token: &Secret, path: &str) -> RequestBuilder {
        self.http.get(self.server.at(path)).bearer_auth(&token.0)
    }

    fn post(&self, path: &str, token: Option<&Secret>) -> RequestBuilder {
        let request = self.http.post(self.server.at(path)).header(header::CONTENT_TYPE, "application/json");
        match token {
            Some(token) => request.bearer_auth(&token.0),
            None => request,
        }
    }

    /// Sends a body, which is overwritten afterwards.
    fn exchange(
        &self,
        request: RequestBuilder,
        body: Zeroizing<Vec<u8>>,
    ) -> Result<(Response, HeaderMap), RequestError> {
        self.network.run(self.timeout, &self.stop, exchange(request.body(Bytes::from_owner(body))))
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
fn compressed(body: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    if body.len() < MIN_COMPRESSED_BYTES {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len()), flate2::Compression::default());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().map(Zeroizing::new)
}

async fn send(request: RequestBuilder) -> Result<reqwest::Response, RequestError> {
    request.send().await.map_err(|error| RequestError::Unreachable(causes(error)))
}

/// Sends a request and reads the whole reply, up to [`MAX_REPLY_BYTES`].
async fn exchange(request: RequestBuilder) -> Result<(Response, HeaderMap), RequestError> {
    let mut response = send(request).await?;
    let mut body = Vec::new();
    let broken = |error| RequestError::InvalidReply(causes(error));
    while let Some(chunk) = response.chunk().await.map_err(broken)? {
        if body.len() + chunk.len() > MAX_REPLY_BYTES {
            return Err(RequestError::InvalidReply(format!("it is longer than {MAX_REPLY_BYTES} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    let header = |name| response.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let reply = Response {
        status: response.status().as_u16(),
        retry_after: header(header::RETRY_AFTER).map(str::to_owned),
        date: header(header::DATE).map(str::to_owned),
        body,
    };
    Ok((reply, std::mem::take(response.headers_mut())))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;
    use std::net::TcpListener;

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

    /// A server without TLS, as only this machine can have one. It answers each request with `answer`, and then
    /// with one byte after another until nobody listens.
    fn trickling(answer: &'static str) -> Client {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                while stream.write_all(b" ").is_ok() {
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        });
        client(address)
    }

    fn client(server: ServerAddress) -> Client {
        let timeouts = Timeouts { connect: Duration::from_secs(10), total: Duration::from_millis(300) };
        Client::new(&Network::start().unwrap(), server, None, &Roots::web_pki(), timeouts, "test")
    }

    fn token() -> Secret {
        Secret("a-token-that-nobody-may-read".to_owned())
    }

    #[test]
    fn an_endless_reply_ends_at_the_deadline() {
        for answer in ["HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Slow:"] {
            let read = trickling(answer).manifest(&token(), ContentVersion(1));
            assert!(matches!(read, Err(RequestError::Unreachable(_))), "{read:?}");
        }
    }

    #[test]
    fn a_reply_beyond_the_limit_is_refused() {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n{}", " ".repeat(2_500_000));
        let read = trickling(answer.leak()).manifest(&token(), ContentVersion(1));
        let Err(RequestError::InvalidReply(why)) = read else { panic!("{read:?}") };
        assert!(why.contains("longer"), "{why}");
    }

    #[test]
    fn no_error_names_token_or_url() {
        let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let version = ContentVersion(1);
        let clients = [
            client(format!("http://{nobody}/secret-path").parse().unwrap()),
            client(format!("https://{nobody}/secret-path").parse().unwrap()),
            client("https://no-such-host.invalid/secret-path".parse().unwrap()),
            trickling("this is not HTTP\r\n\r\n"),
        ];
        for client in clients {
            let error = client.manifest(&token(), version).unwrap_err();
            let texts = format!("{error} {error:?} {client:?}");
            assert!(!texts.contains("nobody-may-read"), "{texts}");
            assert!(!error.to_string().contains("://") && !error.to_string().contains("secret"), "{error}");
            assert!(error.to_string().len() > 10, "{error}");
        }
    }
}
