//! Callers who connect and then say nothing, one byte, or half a request: the server ends their connections, and
//! others get their pages meanwhile.

use std::io::{ErrorKind, Read, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, IpAddr, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;

type Line = StreamOwned<ClientConnection, TcpStream>;

/// Longer than the server waits for the head of a request.
const PATIENCE: Duration = Duration::from_secs(40);

/// A connection whose handshake is done.
fn connect(mall: &Mall) -> Line {
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(mall.ca()).unwrap();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::IpAddress(IpAddr::from(mall.socket().ip()));
    let tls = ClientConnection::new(Arc::new(config), name).unwrap();
    let stream = TcpStream::connect(mall.socket()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut line = StreamOwned::new(tls, stream);
    line.conn.complete_io(&mut line.sock).unwrap();
    line
}

/// Whether the server ends this connection within [`PATIENCE`].
fn is_ended(line: &mut impl Read) -> bool {
    let mut rest = [0; 512];
    loop {
        match line.read(&mut rest) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }
}

#[test]
fn callers_who_say_nothing_are_not_kept() {
    let mall = Mall::open();
    let mut lines = Vec::new();
    for said in [&b""[..], b"P", b"GET /healthz HTT", b"GET /healthz HTTP/1.1\r\nhost: mall\r\n"] {
        for _ in 0..60 {
            let mut line = connect(&mall);
            line.write_all(said).unwrap();
            line.flush().unwrap();
            lines.push((said, line));
        }
    }
    let mut other = connect(&mall);
    other.write_all(b"GET /healthz HTTP/1.1\r\nhost: mall\r\nconnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    let _ = other.read_to_string(&mut page);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    for (said, line) in &mut lines {
        assert!(is_ended(line), "kept after {:?}", String::from_utf8_lossy(said));
    }
}

/// A form of which one byte comes now and then, for ever.
const FORM: &[u8] =
    b"POST /login HTTP/1.1\r\nhost: mall\r\ncontent-type: application/x-www-form-urlencoded\r\n\
    content-length: 60000\r\n\r\n";
/// The same to the API, by somebody without a token.
const BATCH: &[u8] = b"POST /api/v1/kiosk/submissions:batch HTTP/1.1\r\nhost: mall\r\n\
    content-type: application/json\r\ncontent-length: 60000\r\n\r\n";

/// Two thousand who connect and say nothing, and two hundred who never come to an end: others get their pages and
/// kiosks are served meanwhile, and then all of those are gone.
#[test]
fn a_crowd_of_slow_callers_keeps_nobody_out() {
    let mall = Mall::open();
    // As many files as this process may open: it holds both ends of every connection.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let silent: Vec<TcpStream> = (0..2000).map(|_| TcpStream::connect(mall.socket()).unwrap()).collect();
    let mut trickling = Vec::new();
    for n in 0..200 {
        let mut line = connect(&mall);
        line.write_all(if n % 2 == 0 { FORM } else { BATCH }).unwrap();
        line.flush().unwrap();
        trickling.push(line);
    }
    let mut pages = 0;
    // A byte of each, and a page, for as long as the server puts up with it.
    while !trickling.is_empty() {
        trickling.retain_mut(|line| line.write_all(b"a").and_then(|()| line.flush()).is_ok());
        let mut other = connect(&mall);
        other.write_all(b"GET /login HTTP/1.1\r\nhost: mall\r\nconnection: close\r\n\r\n").unwrap();
        let mut page = String::new();
        let _ = other.read_to_string(&mut page);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        if pages == 0 {
            let (mut kiosk, number) = Kiosk::at_home(&mall);
            kiosk.tell();
            kiosk.drained();
            mall.has_exactly(number, &kiosk.sent);
        }
        pages += 1;
    }
    for line in silent {
        line.set_read_timeout(Some(PATIENCE)).unwrap();
        assert!(is_ended(&mut &line), "kept although it says nothing");
    }
}
