//! A mall for tests: a real server over real TLS, kiosks that really seal and sign, and a clock that the test
//! sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::kind::Kind;
use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
use domain::seal::{PublicKey, hex};
use domain::signature::{SignedPurpose, SigningKey};
use domain::submission::Submission;
pub use domain::testing::{Sample, a_call, a_complaint, a_place, a_rating};
use domain::wire::{
    BATCH, BATCH_SIGNATURE, Batch, BatchReply, Bytes, ENROLMENT_SIGNATURE, ENROLMENTS, Enrolment,
    EnrolmentRequest, ItemStatus, Problem, SealedItem, Secret, Signed,
};
use reqwest::blocking::RequestBuilder;
use reqwest::header::HeaderMap;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use server::admin::Admin;
use server::secret::Password;
use server::store::accounts::Role;
use server::{Clock, Random, Running, Settings};

pub const PASSWORD: &str = "correct horse battery";

/// 21 November 2026, 10:00 in Shanghai.
const MORNING: i64 = 1_795_226_400;

pub struct Mall {
    pub running: Running,
    pub place: tempfile::TempDir,
    pub agent: reqwest::blocking::Client,
    clock: Arc<AtomicI64>,
    random: Random,
}

/// Runs `act` outside of the async runtime in which some tests run: server and `Admin` block on their own.
fn outside<T: Send>(act: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(act).join().unwrap())
}

impl Mall {
    pub fn open() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let (now, random) = (Arc::new(AtomicI64::new(MORNING)), Random::from_seed([7; 32]));
        let options = server::setup::InitOptions {
            data: data.clone(),
            hosts: Vec::new(),
            administrator: "admin".to_owned(),
            password: Some(Password::chosen(PASSWORD).unwrap()),
        };
        let clock = clock(&now);
        outside(|| server::setup::init(options, &clock, &random)).unwrap();
        let mut settings = Settings::new(data);
        settings.listen.set_port(0);
        settings.mall = "星汇广场".to_owned();
        change(&mut settings);
        let running = outside(|| server::start(settings, clock, random.clone())).unwrap();
        let agent = agent(&running.ca_pem().unwrap());
        Self { running, place, agent, clock: now, random }
    }

    pub fn admin(&self) -> Admin {
        Admin::open(&self.place.path().join("data"), clock(&self.clock), self.random.clone()).unwrap()
    }

    pub fn employ(&self, login: &str, name: &str) {
        let password = Password::chosen(PASSWORD).unwrap();
        outside(|| self.admin().add_staff(login, name, Role::Agent, &password)).unwrap();
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_timestamp(self.clock.load(Ordering::SeqCst), 0).unwrap()
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.running.address())
    }

    pub fn enrolment(&self, code: &str, receipt_key: u8) -> EnrolmentRequest {
        EnrolmentRequest {
            code: Secret(code.to_owned()),
            receipt_key: Bytes(vec![receipt_key; 32]),
            signing_key: Bytes(signing_key(receipt_key).verifying_key().to_bytes().to_vec()),
            provisional_keys: Vec::new(),
            software: "0.1.0".to_owned(),
        }
    }

    /// Enrols with a request that [`Self::enrolment`] made.
    pub fn enrol(&self, request: &EnrolmentRequest) -> Result<Enrolment, (u16, Problem)> {
        let Signed { body, signature } = Signed::enrolment(request, &signing_key(request.receipt_key.0[0]));
        let request = self.agent.post(self.url(ENROLMENTS)).header(ENROLMENT_SIGNATURE, signature);
        let reply = fetch(request.header("content-type", "application/json").body(body.to_vec()));
        match reply.status {
            200 => Ok(serde_json::from_str(&reply.text).unwrap()),
            status => Err((status, serde_json::from_str(&reply.text).unwrap())),
        }
    }

    pub fn kiosk(&self, name: &str) -> TestKiosk {
        let (number, code) = outside(|| self.admin().add_kiosk(name)).unwrap();
        let receipt_key = u8::try_from(number.get()).unwrap();
        let enrolment = self.enrol(&self.enrolment(&code.to_string(), receipt_key)).unwrap();
        TestKiosk {
            number,
            enrolled_as: number,
            token: enrolment.token.0,
            signing_key: signing_key(receipt_key),
            sealing_key: enrolment.sealing_key,
            receipt_key: ReceiptKey([receipt_key; 32]),
            next: 1,
            random: self.random.clone(),
        }
    }

    /// Sends a body as this kiosk signs it.
    pub fn post(&self, kiosk: &TestKiosk, body: &[u8]) -> (u16, String) {
        let bearer = format!("Bearer {}", kiosk.token);
        let request = self.agent.post(self.url(BATCH)).header("authorization", bearer);
        let request = request.header(BATCH_SIGNATURE, kiosk.sign(body));
        let reply = fetch(request.header("content-type", "application/json").body(body.to_owned()));
        (reply.status, reply.text)
    }

    pub fn send(&self, kiosk: &TestKiosk, items: &[SealedItem]) -> BatchReply {
        let batch = Batch { sent_at: self.now(), items: items.to_vec(), ..Batch::default() };
        let (status, body) = self.post(kiosk, &serde_json::to_vec(&batch).unwrap());
        assert_eq!(status, 200, "{body}");
        self.running.settled();
        serde_json::from_str(&body).unwrap()
    }

    /// Sends one submission and returns its tracking token.
    pub fn tell(&self, kiosk: &mut TestKiosk, sample: Sample) -> TrackingToken {
        let (item, token) = kiosk.seal(sample, self.now());
        let reply = self.send(kiosk, &[item]);
        assert_eq!(reply.results[0].status, ItemStatus::Stored);
        token
    }
}

pub fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Clock::new(move || Timestamp::from_timestamp(now.load(Ordering::SeqCst), 0).unwrap())
}

/// A client that trusts only this root, and follows no redirect.
fn agent(ca: &str) -> reqwest::blocking::Client {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = reqwest::blocking::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20));
    outside(|| client.build()).unwrap()
}

/// A reply, read to its end.
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// Sends a request and reads the reply.
pub fn fetch(request: RequestBuilder) -> Reply {
    outside(|| {
        let response = request.send().unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Reply { status, headers, text: response.text().unwrap() }
    })
}

/// The signing key of the kiosk with this receipt key.
pub fn signing_key(receipt_key: u8) -> SigningKey {
    Random::from_seed([receipt_key; 32]).with(SigningKey::new)
}

/// A kiosk without an outbox: it seals, counts and signs.
#[derive(Clone)]
pub struct TestKiosk {
    /// The number under which it seals.
    pub number: KioskNumber,
    /// The number that its token belongs to.
    pub enrolled_as: KioskNumber,
    pub token: String,
    pub signing_key: SigningKey,
    pub sealing_key: PublicKey,
    pub receipt_key: ReceiptKey,
    pub next: u64,
    pub random: Random,
}

impl TestKiosk {
    pub fn sign(&self, body: &[u8]) -> String {
        self.signing_key.sign(SignedPurpose::batch(self.enrolled_as, &self.token), body)
    }

    /// The same with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub fn seal(&mut self, sample: Sample, now: Timestamp) -> (SealedItem, TrackingToken) {
        let (epoch, seq) = (Epoch(1), Seq(self.next));
        self.next += 1;
        let token = self.random.with(|r| TrackingToken::new(self.number, &self.receipt_key, r));
        let case_number = CaseNumber::new(self.number, epoch, seq);
        let submission = Submission {
            case_number,
            token_digest: hex(&token.digest().0),
            code_digest: hex(&token.code().digest(case_number, &token.digest()).0),
            language: sample.language,
            created_at: now,
            place: sample.place,
            contact: sample.contact,
            body: sample.body,
        };
        let id = self.random.with(|r| SubmissionId::new(now, r));
        (self.item(id, seq, submission.body.kind(), now, &serde_json::to_vec(&submission).unwrap()), token)
    }

    pub fn item(&self, id: SubmissionId, seq: Seq, kind: Kind, now: Timestamp, plain: &[u8]) -> SealedItem {
        let context = SealedItem::context(self.number, Epoch(1), seq, id);
        let sealed = self.random.with(|r| self.sealing_key.seal(plain, &context, r));
        SealedItem {
            id,
            kiosk: self.number,
            epoch: Epoch(1),
            seq,
            kind,
            created_at: now,
            key_id: self.sealing_key.id(),
            sha256: SealedItem::hash(&sealed),
            sealed: Bytes(sealed),
            age_ms: None,
        }
    }
}
