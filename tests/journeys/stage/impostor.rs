//! An impostor: it answers in the server's place, with the server's own certificate, and sends nonsense.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use domain::kind::Kind;
use domain::wire::Batch;
use flate2::read::GzDecoder;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::PATIENCE;

/// The reply to a batch: the bytes of an HTTP response, or none for no reply.
pub type Answer = fn(&Batch) -> Option<Vec<u8>>;

/// A received request.
pub struct Asked {
    pub items: usize,
    pub kinds: Vec<Kind>,
    pub is_packed: bool,
}

pub struct Impostor {
    address: SocketAddr,
    asked: Receiver<Asked>,
    closing: Arc<AtomicBool>,
}

impl Impostor {
    /// Starts to answer, with the certificate from the server's data folder `data`.
    pub fn open(data: &Path, answer: Answer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let config = Arc::new(config(data));
        let closing = Arc::new(AtomicBool::new(false));
        let (asking, asked) = channel();
        let closed = Arc::clone(&closing);
        std::thread::spawn(move || {
            for kiosk in listener.incoming() {
                if closed.load(Ordering::SeqCst) {
                    break;
                }
                let (config, asking) = (Arc::clone(&config), asking.clone());
                std::thread::spawn(move || kiosk.map(|kiosk| talk(kiosk, config, answer, &asking)));
            }
        });
        Self { address, asked, closing }
    }

    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    /// Waits for a request; returns the number of its items.
    pub fn asked(&self) -> usize {
        self.request().items
    }

    /// Waits for a request.
    pub fn request(&self) -> Asked {
        self.asked.recv_timeout(PATIENCE).expect("the kiosk sends a request")
    }
}

impl Drop for Impostor {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

fn config(data: &Path) -> ServerConfig {
    let chain =
        CertificateDer::pem_file_iter(data.join("tls/cert.pem")).unwrap().map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_file(data.join("tls/key.pem")).unwrap();
    ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap()
}

fn talk(kiosk: TcpStream, config: Arc<ServerConfig>, answer: Answer, asking: &Sender<Asked>) -> Option<()> {
    let mut stream = BufReader::new(StreamOwned::new(ServerConnection::new(config).ok()?, kiosk));
    loop {
        let (batch, is_packed) = read_batch(&mut stream)?;
        let kinds = batch.items.iter().map(|item| item.kind).collect();
        let _ = asking.send(Asked { items: batch.items.len(), kinds, is_packed });
        match answer(&batch) {
            Some(response) => {
                stream.get_mut().write_all(&response).and_then(|()| stream.get_mut().flush()).ok()?
            }
            // Sends nothing until the kiosk gives up.
            None => return stream.read(&mut [0]).ok().map(|_| ()),
        }
    }
}

fn read_batch(stream: &mut BufReader<StreamOwned<ServerConnection, TcpStream>>) -> Option<(Batch, bool)> {
    let (mut length, mut is_packed) = (0, false);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).ok().filter(|n| *n > 0)?;
        let header = line.to_ascii_lowercase();
        if let Some((_, value)) = header.split_once("content-length:") {
            length = value.trim().parse().ok()?;
        }
        is_packed |= header.trim() == "content-encoding: gzip";
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    let batch = if is_packed {
        serde_json::from_reader(GzDecoder::new(&body[..]))
    } else {
        serde_json::from_slice(&body)
    };
    Some((batch.ok()?, is_packed))
}

/// A response with this status line and body.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut response =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n", body.len()).into_bytes();
    response.extend_from_slice(body);
    response
}
