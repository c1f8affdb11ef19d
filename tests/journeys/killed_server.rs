//! The server is killed at each step while a kiosk sends to it, and started again as if nothing had happened.
//!
//! The real program `galleria-server` runs here, on the same port each time. The kiosk gets no notice of a
//! restart.

use std::io::BufReader;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, ChildStdout, Command};
use std::sync::atomic::{AtomicU8, Ordering};

use crate::stage::kiosk::Kiosk;
use crate::stage::mall::{Mall, at};
use crate::stage::strace::{self, Calls, HEAR, SAY, SYNC, WRITE};

/// More steps than any of these tests has.
const MOST_STEPS: u32 = 400;

/// The program, built from the same source as part of these tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_journey-server");

/// A running `galleria-server`. It is killed when this is dropped.
struct Server {
    child: Child,
    _out: Option<BufReader<ChildStdout>>,
}

impl Server {
    /// Starts the server and waits until it listens or has been killed.
    fn start(mut command: Command, mall: &Mall, socket: SocketAddr) -> Self {
        command.arg("run").arg("--data").arg(mall.data()).arg("--listen").arg(socket.to_string());
        let (child, ready) = strace::start(&mut command);
        let mut server = Self { child, _out: None };
        if let Some((line, out)) = ready {
            assert!(line.contains("listens on"), "{line}");
            server._out = Some(out);
        }
        server
    }

    fn was_killed(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some_and(strace::was_killed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A socket address that no other process takes while the server is dead: these tests own every port of this
/// host address.
fn a_socket() -> SocketAddr {
    static HOSTS: AtomicU8 = AtomicU8::new(1);
    let host = Ipv4Addr::new(127, 0, 77, HOSTS.fetch_add(1, Ordering::SeqCst));
    TcpListener::bind((host, 0)).unwrap().local_addr().unwrap()
}

/// Kills the server at each of its `calls` while a kiosk enrols and sends; returns the number of kills.
///
/// Most of the time is spent waiting for servers to start, so the steps are divided among several malls.
fn kill_while_receiving(calls: Calls) -> u32 {
    const MALLS: u32 = 4;
    let deaths = std::thread::scope(|scope| {
        let malls = [1, 2, 3, 4].map(|first| {
            let steps = (first..MOST_STEPS).step_by(usize::try_from(MALLS).unwrap());
            scope.spawn(move || kill_at_these(calls, steps))
        });
        malls.map(|mall| mall.join().unwrap())
    });
    let deaths = deaths.iter().sum();
    println!("killed at {deaths} calls of {}", calls.0);
    deaths
}

fn kill_at_these(calls: Calls, steps: impl Iterator<Item = u32>) -> u32 {
    let socket = a_socket();
    let IpAddr::V4(host) = socket.ip() else { panic!("not an IPv4 address") };
    let mall = Mall::on(host);
    for (deaths, nth) in (0..).zip(steps) {
        let (number, code) = mall.expect_kiosk();
        let mut kiosk = Kiosk::new();
        for _ in 0..2 {
            kiosk.tell();
        }
        let mut dying = Server::start(strace::kill_at(calls, nth, Path::new(PROGRAM)), &mall, socket);
        kiosk.go_online(kiosk.settings(at(socket), &mall, Some(&code)));
        // Either everything arrives before the server dies, or the server dies and is started again.
        let mut survived = kiosk.drained_unless(|| dying.was_killed());
        if survived {
            kiosk.tell();
            survived = kiosk.drained_unless(|| dying.was_killed());
        }
        drop(dying);
        let _server = Server::start(Command::new(PROGRAM), &mall, socket);
        kiosk.tell();
        kiosk.drained();
        mall.has_exactly(number, &kiosk.sent);
        if survived {
            return deaths;
        }
    }
    panic!("{calls:?}: still disturbed after {MOST_STEPS} steps");
}

/// A server that is killed before any sync has acknowledged nothing that it does not keep.
#[test]
fn a_server_killed_before_a_sync_keeps_promises() {
    assert!(kill_while_receiving(SYNC) >= 3);
}

/// A server that is killed before any write keeps everything that it acknowledged, and nothing partially.
#[test]
fn a_server_killed_before_a_write_keeps_promises() {
    assert!(kill_while_receiving(WRITE) >= 6);
}

/// A server that is killed before any network call duplicates nothing.
#[test]
fn a_server_killed_while_talking_doubles_nothing() {
    // strace counts the calls per thread, and any thread may serve a connection.
    assert!(kill_while_receiving(SAY) >= 1);
    assert!(kill_while_receiving(HEAR) >= 1);
}

/// A command that opens the database beside the server must not take it for its own: at its end it would put the log
/// away under the server, and what the server writes from then on would be lost with its death.
#[test]
fn a_command_leaves_the_log_to_a_running_server() {
    let mall = Mall::closed();
    let _server = Server::start(Command::new(PROGRAM), &mall, a_socket());
    let log = mall.data().join("galleria.db-wal");
    assert!(log.exists());
    for command in ["check", "kiosk", "backup"] {
        let mut program = Command::new(PROGRAM);
        program.arg(command);
        match command {
            "kiosk" => program.arg("list"),
            "backup" => program.arg("--output").arg(mall.data().join("copy.db")),
            _ => &mut program,
        };
        assert!(program.arg("--data").arg(mall.data()).output().unwrap().status.success(), "{command}");
        assert!(log.exists(), "{command} has put the log away");
    }
}
