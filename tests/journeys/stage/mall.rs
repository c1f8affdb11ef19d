//! A mall: a real server on loopback with its own certificate, and access to its database.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::PrivateKey;
use domain::submission::Submission;
use domain::wire::SealedItem;
use kiosk::net::ServerAddress;
use kiosk::outbox::{Draft, Receipt};
use rusqlite::Connection;
use server::admin::Admin;
use server::data::DataFolder;
use server::secret::Password;
use server::{Clock, Random, Running, Settings};

/// The drafts of visitors and the receipts that they got.
pub type Sent = Vec<(Receipt, Draft)>;

/// The administrator's password.
pub const PASSWORD: &str = "correct horse battery";

pub struct Mall {
    place: tempfile::TempDir,
    clock: Clock,
    random: Random,
    /// How many seconds the server's clock is ahead. Each enrolment advances it, because the server limits
    /// the rate of attempts with enrolment codes.
    ahead: Arc<AtomicI64>,
    running: Option<Running>,
    address: SocketAddr,
    public_url: Option<String>,
}

impl Mall {
    /// A mall whose server runs in this process.
    pub fn open() -> Self {
        let mut mall = Self::closed();
        mall.start();
        mall
    }

    /// A mall whose server does not run yet.
    pub fn closed() -> Self {
        Self::on(Ipv4Addr::LOCALHOST)
    }

    /// A mall whose server does not run yet, on an address of this machine.
    pub fn on(host: Ipv4Addr) -> Self {
        let place = tempfile::tempdir().unwrap();
        let ahead = Arc::new(AtomicI64::new(0));
        let seconds = Arc::clone(&ahead);
        let clock = Clock::new(move || {
            chrono::Utc::now() + chrono::TimeDelta::seconds(seconds.load(Ordering::SeqCst))
        });
        let random = Random::from_seed(rand::random());
        let wishes = server::setup::InitOptions {
            data: place.path().join("data"),
            hosts: vec![host.to_string()],
            administrator: "admin".to_owned(),
            password: Some(Password::chosen(PASSWORD).unwrap()),
        };
        server::setup::init(wishes, &clock, &random).unwrap();
        let address = SocketAddr::from((host, 0));
        Self { place, clock, random, ahead, running: None, address, public_url: None }
    }

    /// Starts the server, on the same address as before if it ran before.
    pub fn start(&mut self) {
        let mut settings = Settings::new(self.data());
        settings.listen = self.address;
        settings.next_poll_s = 1;
        settings.public_url.clone_from(&self.public_url);
        let running = server::start(settings, self.clock.clone(), self.random.clone()).unwrap();
        self.address = running.address();
        self.running = Some(running);
    }

    /// Gives the server another address for people, and starts it again.
    pub fn moves_to(&mut self, public_url: &str) {
        self.stop();
        self.public_url = Some(public_url.to_owned());
        self.start();
    }

    pub fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop();
        }
    }

    pub fn data(&self) -> PathBuf {
        self.place.path().join("data")
    }

    pub fn socket(&self) -> SocketAddr {
        self.address
    }

    pub fn address(&self) -> ServerAddress {
        at(self.address)
    }

    /// The certificate authority that kiosks trust.
    pub fn ca(&self) -> PathBuf {
        self.data().join("tls/ca.pem")
    }

    pub fn admin(&self) -> Admin {
        Admin::open(&self.data(), self.clock.clone(), self.random.clone()).unwrap()
    }

    /// Adds a kiosk to the server; returns its number and its enrolment code.
    pub fn expect_kiosk(&self) -> (KioskNumber, String) {
        self.ahead.fetch_add(60, Ordering::SeqCst);
        let (number, code) = self.admin().add_kiosk("a kiosk").unwrap();
        (number, code.to_string())
    }

    /// A new enrolment code for a known kiosk.
    pub fn renew_code(&self, kiosk: KioskNumber) -> String {
        self.ahead.fetch_add(60, Ordering::SeqCst);
        self.admin().renew_code(kiosk).unwrap().to_string()
    }

    /// The submissions of one kiosk on the server, decrypted. Panics if a submission is stored twice, in
    /// conflict with another, or not opened, or if a case is missing.
    pub fn arrived(&self, kiosk: KioskNumber) -> Vec<Submission> {
        let db = Connection::open(self.data().join("galleria.db")).unwrap();
        until_all_is_opened(&db);
        let keys = keys(&self.data(), &db);
        let of_kiosk = kiosk.get();
        let conflicts: u64 = count(&db, "select count(*) from conflict where kiosk = ?1", of_kiosk);
        assert_eq!(conflicts, 0, "the server has a conflict");
        let mut query = db
            .prepare(
                "select s.uuid, s.queued_as, s.epoch, s.seq, s.key_id, s.sealed, s.quarantine_reason, c.number
                 from sealed_item s left join cases c on c.sealed_item = s.id
                 where s.kiosk = ?1 order by s.queued_as, s.epoch, s.seq",
            )
            .unwrap();
        let mut rows = query.query([of_kiosk]).unwrap();
        let (mut opened, mut ids) = (Vec::new(), BTreeSet::new());
        while let Some(row) = rows.next().unwrap() {
            let id: SubmissionId = row.get::<_, String>(0).unwrap().parse().unwrap();
            assert!(ids.insert(id), "{id} is stored twice");
            let quarantine_reason: Option<String> = row.get(6).unwrap();
            assert_eq!(quarantine_reason, None);
            let queued_as = KioskNumber::new(row.get(1).unwrap()).unwrap();
            let seq = Seq(u64::try_from(row.get::<_, i64>(3).unwrap()).unwrap());
            let context = SealedItem::context(queued_as, Epoch(row.get(2).unwrap()), seq, id);
            let plain = keys[&row.get::<_, String>(4).unwrap()]
                .open(&row.get::<_, Vec<u8>>(5).unwrap(), &context)
                .unwrap();
            let submission: Submission = serde_json::from_slice(&plain).unwrap();
            assert_eq!(row.get::<_, String>(7).unwrap(), submission.case_number.to_string());
            opened.push(submission);
        }
        opened
    }

    /// Waits until every submission that arrived is a case.
    pub fn opened(&self) {
        until_all_is_opened(&Connection::open(self.data().join("galleria.db")).unwrap());
    }

    /// The number of one kiosk's submissions on the server.
    pub fn count(&self, kiosk: KioskNumber) -> u64 {
        let db = Connection::open(self.data().join("galleria.db")).unwrap();
        count(&db, "select count(*) from sealed_item where kiosk = ?1", kiosk.get())
    }

    /// Asserts that the server has exactly one submission for each receipt, with the same content, and no
    /// others.
    pub fn has_exactly(&self, kiosk: KioskNumber, sent: &Sent) {
        let arrived = self.arrived(kiosk);
        assert_eq!(arrived.len(), sent.len());
        for (receipt, draft) in sent {
            let mut same = arrived.iter().filter(|a| a.case_number == receipt.case_number);
            let submission = same.next().expect("a receipt was given for it");
            assert!(same.next().is_none(), "{} arrived twice", receipt.case_number);
            assert_eq!(submission.token_digest, domain::seal::hex(&receipt.token.digest().0));
            assert_eq!(submission.created_at, receipt.created_at);
            let content = (&submission.language, &submission.place, &submission.body, &submission.contact);
            assert_eq!(content, (&draft.language, &draft.place, &draft.body, &draft.contact));
        }
    }
}

/// The URL of a server at this socket.
pub fn at(socket: SocketAddr) -> ServerAddress {
    format!("https://{socket}").parse().unwrap()
}

fn count(db: &Connection, sql: &str, kiosk: u32) -> u64 {
    u64::try_from(db.query_row(sql, [kiosk], |row| row.get::<_, i64>(0)).unwrap()).unwrap()
}

/// Every private key that decrypts submissions, by its id.
pub fn keys(data: &Path, db: &Connection) -> BTreeMap<String, PrivateKey> {
    let own = std::fs::read_to_string(DataFolder::open(data).unwrap().sealing_key()).unwrap();
    let mut query = db.prepare("select private from opening_key").unwrap();
    let provisional = query.query_map((), |row| row.get::<_, String>(0)).unwrap();
    provisional
        .map(Result::unwrap)
        .chain([own])
        .map(|text| PrivateKey::from_base64(&text).unwrap())
        .map(|key| (key.public().id().0, key))
        .collect()
}

/// Waits until the ingest queue is empty: the server acknowledges items once they are stored, and opens them
/// a little later.
fn until_all_is_opened(db: &Connection) {
    let began = std::time::Instant::now();
    while count(db, "select count(*) from ingest_queue where ?1 is not null", 0) > 0 {
        assert!(began.elapsed().as_secs() < 60, "the server does not open what has arrived");
        std::thread::yield_now();
    }
}
