//! A kiosk in a network whose only way out is a proxy: all traffic goes through the proxy, which can read
//! none of it.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};

use kiosk::net::ProxyAddress;
use kiosk::sync::Settings;

use crate::stage::PATIENCE;
use crate::stage::kiosk::Kiosk;
use crate::stage::mall::Mall;

/// A proxy that requires a name and a password, and supports only `CONNECT`.
struct Proxy {
    address: SocketAddr,
    heard: Receiver<String>,
}

impl Proxy {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (hearing, heard) = channel();
        std::thread::spawn(move || {
            for kiosk in listener.incoming() {
                let hearing = hearing.clone();
                std::thread::spawn(move || kiosk.and_then(|kiosk| carry(&kiosk, &hearing)));
            }
        });
        Self { address, heard }
    }
}

/// Reads a `CONNECT` request, connects, and carries bytes in both directions.
fn carry(mut kiosk: &TcpStream, hearing: &Sender<String>) -> io::Result<()> {
    let mut request = String::new();
    let mut lines = BufReader::new(kiosk.take(16 * 1024));
    while lines.read_line(&mut request)? > 2 {}
    // A kiosk sends nothing more before the proxy replies.
    assert!(lines.buffer().is_empty());
    let wanted = request.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next());
    // "kiosk:secret" in the encoding of RFC 7617; lower-cased as the whole request is.
    let welcome = request.to_ascii_lowercase().contains("proxy-authorization: basic a2lvc2s6c2vjcmv0");
    let _ = hearing.send(request.clone());
    let Some(server) = wanted.filter(|_| welcome) else {
        return kiosk.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    };
    let server = TcpStream::connect(server)?;
    kiosk.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let _ = io::copy(&mut { kiosk }, &mut &server);
            let _ = server.shutdown(Shutdown::Write);
        });
        let _ = io::copy(&mut &server, &mut { kiosk });
        kiosk.shutdown(Shutdown::Both)
    })
}

/// A kiosk behind a proxy enrols and sends through the proxy only.
#[test]
fn everything_goes_through_the_proxy() {
    let mall = Mall::open();
    let proxy = Proxy::open();
    let (number, code) = mall.expect_kiosk();
    let mut kiosk = Kiosk::new();
    kiosk.tell();
    let address = format!("http://kiosk:secret@{}", proxy.address);
    let through: ProxyAddress = address.parse().unwrap();
    let settings = Settings { proxy: Some(through), ..kiosk.settings(mall.address(), &mall, Some(&code)) };
    kiosk.go_online(settings);
    kiosk.tell();
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
    let heard = proxy.heard.recv_timeout(PATIENCE).unwrap();
    assert!(heard.starts_with(&format!("CONNECT {} ", mall.socket())), "{heard}");
}

/// Only the settings name a proxy: what a shell left in the environment is for other programs.
#[test]
fn a_proxy_in_the_environment_is_ignored() {
    let mall = Mall::open();
    let proxy = Proxy::open();
    let (number, code) = mall.expect_kiosk();
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_journey-kiosk"));
    command.arg(folder.path()).args(["send", mall.address().as_str()]).arg(mall.ca()).arg(&code);
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        let address = format!("http://kiosk:secret@{}", proxy.address);
        command.env(name, &address).env(name.to_uppercase(), &address);
    }
    assert!(command.status().unwrap().success());
    assert_eq!((mall.count(number), proxy.heard.try_recv().ok()), (0, None));
}

/// A proxy that refuses the kiosk only delays its submissions.
#[test]
fn a_refusing_proxy_only_costs_time() {
    let mall = Mall::open();
    let (mut kiosk, number) = Kiosk::at_home(&mall);
    kiosk.go_offline();
    kiosk.tell();
    let proxy = Proxy::open();
    let through: ProxyAddress = format!("http://{}", proxy.address).parse().unwrap();
    let settings = kiosk.settings(mall.address(), &mall, None);
    kiosk.go_online(Settings { proxy: Some(through), ..settings.clone() });
    proxy.heard.recv_timeout(PATIENCE).unwrap();
    proxy.heard.recv_timeout(PATIENCE).unwrap();
    assert_eq!((mall.count(number), kiosk.outbox().waiting().unwrap()), (0, 1));
    kiosk.go_offline();
    kiosk.go_online(settings);
    kiosk.drained();
    mall.has_exactly(number, &kiosk.sent);
}
