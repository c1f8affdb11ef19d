//! A mall for tests: a real server over real TLS, kiosks that really seal, a clock turned by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use domain::contact::{Contact, Phone};
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::language::{Labels, Language};
use domain::receipt::{CaseNumber, ReceiptKey, TrackingToken};
use domain::seal::{PublicKey, hex};
use domain::submission::{
    Body, Category, Complaint, Csat, Feedback, Kind, Nps, PlaceRef, Remedy, Story, Submission, Tag,
};
use domain::wire::{
    BATCH, Batch, BatchReply, Bytes, ENROLMENTS, Enrolment, EnrolmentRequest, Item, Problem, Secret, Status,
};
use server::admin::Admin;
use server::secret::Password;
use server::store::staff::Role;
use server::{Clock, Random, Running, Settings};

pub const PASSWORD: &str = "correct horse battery";

/// 21 November 2026, 10:00 in Shanghai.
const MORNING: i64 = 1_795_226_400;

pub struct Mall {
    pub running: Running,
    pub place: tempfile::TempDir,
    pub agent: ureq::Agent,
    clock: Arc<AtomicI64>,
    random: Random,
}

impl Mall {
    pub fn open() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let (now, random) = (Arc::new(AtomicI64::new(MORNING)), Random::from_seed([7; 32]));
        let wishes = server::setup::Wishes {
            data: data.clone(),
            hosts: Vec::new(),
            administrator: "admin".to_owned(),
            password: Some(Password::chosen(PASSWORD).unwrap()),
        };
        let clock = clock(&now);
        server::setup::init(wishes, &clock, &random).unwrap();
        let mut settings = Settings::new(data);
        settings.listen.set_port(0);
        settings.mall = "星汇广场".to_owned();
        change(&mut settings);
        let running = server::start(settings, clock, random.clone()).unwrap();
        let agent = agent(&running.ca_pem().unwrap());
        Self { running, place, agent, clock: now, random }
    }

    pub fn admin(&self) -> Admin {
        Admin::open(&self.place.path().join("data"), clock(&self.clock), self.random.clone()).unwrap()
    }

    pub fn employ(&self, login: &str, name: &str) {
        let password = Password::chosen(PASSWORD).unwrap();
        self.admin().add_staff(login, name, Role::Agent, &password).unwrap();
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
            signing_key: None,
            provisional_keys: Vec::new(),
            software: "0.1.0".to_owned(),
        }
    }

    pub fn enrol(&self, request: &EnrolmentRequest) -> Result<Enrolment, (u16, Problem)> {
        let mut reply = self.agent.post(self.url(ENROLMENTS)).send_json(request).unwrap();
        match reply.status().as_u16() {
            200 => Ok(reply.body_mut().read_json().unwrap()),
            status => Err((status, reply.body_mut().read_json().unwrap())),
        }
    }

    pub fn kiosk(&self, name: &str) -> TestKiosk {
        let (number, code) = self.admin().add_kiosk(name).unwrap();
        let receipt_key = u8::try_from(number.get()).unwrap();
        let enrolment = self.enrol(&self.enrolment(&code.to_string(), receipt_key)).unwrap();
        TestKiosk {
            number,
            token: enrolment.token.0,
            sealing_key: enrolment.sealing_key,
            receipt_key: ReceiptKey([receipt_key; 32]),
            next: 1,
            random: self.random.clone(),
        }
    }

    pub fn post(&self, token: &str, body: &[u8]) -> (u16, String) {
        let request = self.agent.post(self.url(BATCH)).header("authorization", format!("Bearer {token}"));
        let mut reply = request.content_type("application/json").send(body).unwrap();
        (reply.status().as_u16(), reply.body_mut().read_to_string().unwrap())
    }

    pub fn send(&self, kiosk: &TestKiosk, items: &[Item]) -> BatchReply {
        let batch = Batch { sent_at: self.now(), items: items.to_vec(), ..Batch::default() };
        let (status, body) = self.post(&kiosk.token, &serde_json::to_vec(&batch).unwrap());
        assert_eq!(status, 200, "{body}");
        self.running.settled();
        serde_json::from_str(&body).unwrap()
    }

    /// Sends one submission and says under which token its page is found.
    pub fn tell(&self, kiosk: &mut TestKiosk, said: Said) -> TrackingToken {
        let (item, token) = kiosk.seal(said, self.now());
        let reply = self.send(kiosk, &[item]);
        assert_eq!(reply.results[0].status, Status::Stored);
        token
    }
}

pub fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Clock::new(move || Timestamp::from_timestamp(now.load(Ordering::SeqCst), 0).unwrap())
}

fn agent(ca: &str) -> ureq::Agent {
    let ca = ureq::tls::Certificate::from_pem(ca.as_bytes()).unwrap();
    let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::new_with_certs(&[ca]));
    ureq::Agent::config_builder()
        .tls_config(tls.build())
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into()
}

/// A kiosk that keeps no queue: it seals and counts.
pub struct TestKiosk {
    pub number: KioskNumber,
    pub token: String,
    pub sealing_key: PublicKey,
    pub receipt_key: ReceiptKey,
    pub next: u64,
    pub random: Random,
}

pub struct Said {
    pub language: Language,
    pub body: Body,
    pub place: Option<PlaceRef>,
    pub contact: Option<Contact>,
}

impl TestKiosk {
    pub fn seal(&mut self, said: Said, now: Timestamp) -> (Item, TrackingToken) {
        let (epoch, seq) = (Epoch(1), Seq(self.next));
        self.next += 1;
        let token = self.random.with(|r| TrackingToken::new(self.number, &self.receipt_key, r));
        let case_number = CaseNumber::new(self.number, epoch, seq);
        let submission = Submission {
            case_number,
            token_digest: hex(&token.digest().0),
            code_digest: Some(hex(&token.code().digest(case_number, &token.digest()).0)),
            language: said.language,
            created_at: now,
            place: said.place,
            contact: said.contact,
            body: said.body,
        };
        let id = self.random.with(|r| SubmissionId::new(now, r));
        (self.item(id, seq, submission.body.kind(), now, &serde_json::to_vec(&submission).unwrap()), token)
    }

    pub fn item(&self, id: SubmissionId, seq: Seq, kind: Kind, now: Timestamp, plain: &[u8]) -> Item {
        let context = Item::context(self.number, Epoch(1), seq, id);
        let sealed = self.random.with(|r| self.sealing_key.seal(plain, &context, r));
        Item {
            id,
            kiosk: self.number,
            epoch: Epoch(1),
            seq,
            kind,
            created_at: now,
            key_id: self.sealing_key.id(),
            sha256: Item::hash(&sealed),
            sealed: Bytes(sealed),
            age_ms: None,
        }
    }
}

pub fn a_complaint(story: &str) -> Said {
    Said {
        language: Language::En,
        body: Body::Complaint(Complaint {
            category: Category::Facilities,
            story: Story::parse(story).unwrap(),
            remedy: Some(Remedy::Fix),
        }),
        place: Some(a_place()),
        contact: Some(Contact { name: None, phone: Phone::parse("13800001234").ok(), email: None }),
    }
}

pub fn a_rating(csat: u8, words: Option<&str>) -> Said {
    Said {
        language: Language::ZhHans,
        body: Body::Feedback(Feedback {
            csat: Csat::try_from(csat).unwrap(),
            tags: vec![Tag::Service, Tag::Cleanliness],
            words: words.map(|w| Story::parse(w).unwrap()),
            nps: Nps::try_from(9).ok(),
        }),
        place: None,
        contact: None,
    }
}

pub fn a_call() -> Said {
    Said { language: Language::ZhHans, body: Body::ServiceRequest, place: None, contact: None }
}

pub fn a_place() -> PlaceRef {
    PlaceRef {
        feature: "11111111-1111-4111-8111-111111111111".to_owned(),
        name: Labels::new([("zh-Hans", "自动扶梯 E5"), ("en", "Escalator E5")]),
        level: "L2".to_owned(),
        number: None,
        at: None,
    }
}
