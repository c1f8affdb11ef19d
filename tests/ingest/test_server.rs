//! A server to measure: a fresh data folder, enrolled kiosks, a signed-in member of staff, and the program on
//! its own port.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::id::KioskNumber;
use domain::seal::PublicKey;
use rusqlite::Connection;
use server::data::DataFolder;
use server::secret::{KioskToken, Password, SessionToken};
use server::setup::{InitOptions, init};
use server::{Clock, Random};

use crate::sealed::signing_key;

pub struct TestServer {
    folder: tempfile::TempDir,
    server: Child,
    pub address: SocketAddr,
    pub sealing_key: PublicKey,
    pub ca: String,
    pub cookie: String,
    /// Each simulated kiosk: its number and its token.
    pub kiosks: Vec<(KioskNumber, String)>,
}

impl TestServer {
    /// Starts a server with this many enrolled kiosks, each with its own number.
    pub fn open(many: usize, seed: u8) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (clock, random) = (Clock::new(chrono::Utc::now), Random::from_seed([seed; 32]));
        let password = Some(Password::chosen("correct horse battery").unwrap());
        let wishes = InitOptions {
            data: data.clone(),
            hosts: Vec::new(),
            administrator: "admin".to_owned(),
            password,
        };
        init(wishes, &clock, &random).unwrap();
        let files = DataFolder::open(&data).unwrap();
        let (kiosks, session) = prepare(&files.database(), many, &clock, &random);
        let key = std::fs::read_to_string(files.sealing_key()).unwrap();
        let sealing_key = domain::seal::PrivateKey::from_base64(key.trim()).unwrap().public();
        let (server, address) = start(&data);
        Self {
            ca: std::fs::read_to_string(files.ca()).unwrap(),
            cookie: format!("__Host-galleria={}", session.reveal()),
            folder,
            server,
            address,
            sealing_key,
            kiosks,
        }
    }

    pub fn database(&self) -> Connection {
        Connection::open(self.folder.path().join("data/galleria.db")).unwrap()
    }

    /// The number that a `select count(*)` query returns.
    pub fn count(&self, sql: &str) -> usize {
        self.database().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Waits until the ingest queue is empty; returns how long that took.
    pub fn opened(&self) -> Duration {
        let began = Instant::now();
        while self.count("select count(*) from ingest_queue") > 0 {
            std::thread::sleep(Duration::from_millis(50));
        }
        began.elapsed()
    }

    /// The processor time of the server, in seconds.
    pub fn cpu(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.server.id())).unwrap();
        let fields: Vec<f64> =
            stat.rsplit_once(") ").unwrap().1.split(' ').map(|f| f.parse().unwrap_or_default()).collect();
        (fields[11] + fields[12]) / 100.0
    }

    /// Asserts that every submission is stored once and is a case.
    pub fn has_exactly(&self, many: usize) {
        assert_eq!(self.count("select count(*) from sealed_item"), many, "lost or doubled");
        assert_eq!(self.count("select count(*) from cases"), many);
        assert_eq!(
            self.count("select count(*) from tally where highest <> distinct_seqs or collisions > 0"),
            0
        );
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn start(data: &PathBuf) -> (Child, SocketAddr) {
    let mut server = Command::new(env!("CARGO_BIN_EXE_galleria-server"))
        .args(["run", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("RUST_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().rsplit("https://").next().unwrap().parse().unwrap();
    (server, address)
}

/// Adds enrolled kiosks and an administrator's session directly in the database: through the server this is
/// slow on purpose.
fn prepare(
    path: &std::path::Path,
    many: usize,
    clock: &Clock,
    random: &Random,
) -> (Vec<(KioskNumber, String)>, SessionToken) {
    let mut db = Connection::open(path).unwrap();
    let db = db.transaction().unwrap();
    let (mut kiosks, now) = (Vec::new(), clock.now().timestamp_millis());
    for n in 1..=u32::try_from(many).unwrap() {
        let (token, number) = (KioskToken::new(random), KioskNumber::new(n).unwrap());
        db.execute(
            "insert into kiosk (number, name, added_at, enrolled_at, last_seen_at, software)
             values (?1, 'a kiosk', ?2, ?2, ?2, '0.1.0')",
            (n, now),
        )
        .unwrap();
        db.execute(
            "insert into receipt_key (key, kiosk, since) values (?1, ?2, ?3)",
            (random.bytes::<32>(), n, now),
        )
        .unwrap();
        db.execute(
            "insert into kiosk_token (hash, kiosk, issued_at, first_used_at, signing_key)
             values (?1, ?2, ?3, ?3, ?4)",
            (token.digest().0, n, now, signing_key(number).verifying_key().to_bytes()),
        )
        .unwrap();
        kiosks.push((number, token.reveal()));
    }
    let session = SessionToken::new(random);
    db.execute(
        "insert into session (hash, staff, begun_at, seen_at)
         select ?1, id, ?2, ?2 from staff where login = 'admin'",
        (session.digest().0, now),
    )
    .unwrap();
    db.commit().unwrap();
    (kiosks, session)
}
