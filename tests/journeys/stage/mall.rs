//! A mall: a real server on loopback with its own certificate, and a look into what it keeps.

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

/// What visitors said and were given for it.
pub type Told = Vec<(Receipt, Draft)>;

/// Of the administrator.
pub const PASSWORD: &str = "correct horse battery";

pub struct Mall {
    place: tempfile::TempDir,
    clock: Clock,
    random: Random,
    /// By how many seconds the server's clock is ahead; it moves on with every enrolment, because the
    /// server lets nobody try codes too quickly.
    ahead: Arc<AtomicI64>,
    running: Option<Running>,
    address: SocketAddr,
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
        Self { place, clock, random, ahead, running: None, address }
    }

    /// Opens the server, where it was before if it was open before.
    pub fn start(&mut self) {
        let mut settings = Settings::new(self.data());
        settings.listen = self.address;
        settings.next_poll_s = 1;
        let running = server::start(settings, self.clock.clone(), self.random.clone()).unwrap();
        self.address = running.address();
        self.running = Some(running);
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

    /// The certificate that kiosks trust.
    pub fn ca(&self) -> PathBuf {
        self.data().join("tls/ca.pem")
    }

    pub fn admin(&self) -> Admin {
        Admin::open(&self.data(), self.clock.clone(), self.random.clone()).unwrap()
    }

    /// Expects one more kiosk, and says by which code it will enrol.
    pub fn expect_kiosk(&self) -> (KioskNumber, String) {
        self.ahead.fetch_add(60, Ordering::SeqCst);
        let (number, code) = self.admin().add_kiosk("a kiosk").unwrap();
        (number, code.to_string())
    }

    /// A new code for a kiosk that is known.
    pub fn renew_code(&self, kiosk: KioskNumber) -> String {
        self.ahead.fetch_add(60, Ordering::SeqCst);
        self.admin().renew_code(kiosk).unwrap().to_string()
    }

    /// What the server keeps of one kiosk, opened. Fails if anything is kept twice, beside something else,
    /// or unopened, or if a case is missing.
    pub fn arrived(&self, kiosk: KioskNumber) -> Vec<Submission> {
        let db = Connection::open(self.data().join("galleria.db")).unwrap();
        until_all_is_opened(&db);
        let keys = keys(&self.data(), &db);
        let of_kiosk = kiosk.get();
        let conflicts: u64 = count(&db, "select count(*) from conflict where kiosk = ?1", of_kiosk);
        assert_eq!(conflicts, 0, "something was kept beside something else");
        let mut query = db
            .prepare(
                "select s.uuid, s.queued_as, s.epoch, s.seq, s.key_id, s.sealed, s.quarantine_reason, c.number
                 from submission s left join cases c on c.submission = s.id
                 where s.kiosk = ?1 order by s.queued_as, s.epoch, s.seq",
            )
            .unwrap();
        let mut rows = query.query([of_kiosk]).unwrap();
        let (mut opened, mut ids) = (Vec::new(), BTreeSet::new());
        while let Some(row) = rows.next().unwrap() {
            let id: SubmissionId = row.get::<_, String>(0).unwrap().parse().unwrap();
            assert!(ids.insert(id), "{id} was kept twice");
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

    /// Waits until everything that arrived is a case.
    pub fn opened(&self) {
        until_all_is_opened(&Connection::open(self.data().join("galleria.db")).unwrap());
    }

    /// How many submissions of one kiosk the server keeps.
    pub fn count(&self, kiosk: KioskNumber) -> u64 {
        let db = Connection::open(self.data().join("galleria.db")).unwrap();
        count(&db, "select count(*) from submission where kiosk = ?1", kiosk.get())
    }

    /// Every receipt is on the server exactly once, with what was said for it, and nothing else is.
    pub fn has_exactly(&self, kiosk: KioskNumber, told: &Told) {
        let arrived = self.arrived(kiosk);
        assert_eq!(arrived.len(), told.len());
        for (receipt, draft) in told {
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

/// The address of a port on this machine.
pub fn at(socket: SocketAddr) -> ServerAddress {
    format!("https://{socket}").parse().unwrap()
}

fn count(db: &Connection, sql: &str, kiosk: u32) -> u64 {
    u64::try_from(db.query_row(sql, [kiosk], |row| row.get::<_, i64>(0)).unwrap()).unwrap()
}

/// Every key that opens something, by its id.
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

/// The server acknowledges what it has written down, and opens it a little later.
fn until_all_is_opened(db: &Connection) {
    let began = std::time::Instant::now();
    while count(db, "select count(*) from ingest_queue where ?1 is not null", 0) > 0 {
        assert!(began.elapsed().as_secs() < 60, "the server does not open what has arrived");
        std::thread::yield_now();
    }
}
