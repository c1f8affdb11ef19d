//! A client connection as of a kiosk or a browser, over TLS and kept open between requests: HTTP/1.1 for a
//! kiosk, HTTP/2 for a browser.

use std::net::SocketAddr;
use std::sync::Arc;

use domain::wire::{BATCH, BATCH_SIGNATURE};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::{http1, http2};
use hyper::{Request, StatusCode, header};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::sealed::Sealed;

/// The address to connect to, and the TLS settings.
#[derive(Clone)]
pub struct Target {
    address: SocketAddr,
    tls: Arc<ClientConfig>,
}

pub struct Reply {
    pub status: StatusCode,
    pub retry_after_s: Option<u64>,
    pub body: Bytes,
}

pub enum Line {
    Kiosk(http1::SendRequest<Full<Bytes>>),
    Browser(http2::SendRequest<Full<Bytes>>),
}

/// The connection broke.
pub struct Broken;

impl Target {
    pub fn new(address: SocketAddr, ca: &str) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config =
            ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let config = config.with_root_certificates(roots).with_no_client_auth();
        Self { address, tls: Arc::new(config) }
    }

    /// The same target without TLS session resumption from earlier connections.
    pub fn of_a_stranger(&self) -> Self {
        let mut tls = ClientConfig::clone(&self.tls);
        tls.resumption = rustls::client::Resumption::in_memory_sessions(4);
        Self { address: self.address, tls: Arc::new(tls) }
    }

    /// The same target for a browser, without TLS session resumption from earlier connections.
    pub fn of_a_browser(&self) -> Self {
        let mut browser = self.of_a_stranger();
        Arc::make_mut(&mut browser.tls).alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        browser
    }

    pub async fn connect(&self) -> Result<Line, Broken> {
        let stream = TcpStream::connect(self.address).await.map_err(|_| Broken)?;
        let _ = stream.set_nodelay(true);
        let name = ServerName::from(self.address.ip());
        let stream =
            TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await.map_err(|_| Broken)?;
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            let line = http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await;
            let (line, traffic) = line.map_err(|_| Broken)?;
            tokio::spawn(traffic);
            return Ok(Line::Browser(line));
        }
        let (line, traffic) = http1::handshake(TokioIo::new(stream)).await.map_err(|_| Broken)?;
        tokio::spawn(traffic);
        Ok(Line::Kiosk(line))
    }
}

impl Line {
    pub async fn post(&mut self, token: &str, sealed: &Sealed) -> Result<Reply, Broken> {
        let coding = if sealed.is_packed { "gzip" } else { "identity" };
        let request = Request::post(BATCH)
            .header(header::HOST, "localhost")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(BATCH_SIGNATURE, &sealed.signature)
            .header(header::CONTENT_ENCODING, coding)
            .body(Full::new(sealed.body.clone()));
        self.send(request.unwrap()).await
    }

    pub async fn get(&mut self, path: &str, cookie: &str) -> Result<Reply, Broken> {
        let request = match self {
            Self::Kiosk(_) => Request::get(path).header(header::HOST, "localhost"),
            Self::Browser(_) => Request::get(format!("https://localhost{path}")),
        };
        let request = request.header(header::COOKIE, cookie);
        self.send(request.body(Full::default()).unwrap()).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<Reply, Broken> {
        let reply = match self {
            Self::Kiosk(line) => {
                line.ready().await.map_err(|_| Broken)?;
                line.send_request(request).await
            }
            Self::Browser(line) => {
                line.ready().await.map_err(|_| Broken)?;
                line.send_request(request).await
            }
        };
        let reply = reply.map_err(|_| Broken)?;
        let retry_after_s =
            reply.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let status = reply.status();
        let body = reply.into_body().collect().await.map_err(|_| Broken)?.to_bytes();
        Ok(Reply { status, retry_after_s, body })
    }
}
