//! The simulated network, and its faults in requests and replies.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::atomic::Ordering;

use domain::id::SubmissionId;
use domain::wire::{BATCH, Batch, BatchReply, ENROLMENTS, Enrolment, SealedItem, Secret, Signed};
use kiosk::net::{RequestError, Response};
use kiosk::sync::engine::Transport;
use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::server::{Millis, Server};
use crate::stage::chance::Chance as _;

/// A word in every submission of a simulation, which only the server may ever read.
pub const CANARY: &str = "canary-彰莉枋";

/// The state that all connections of a fleet share.
pub struct Network {
    pub server: Server,
    pub millis: Millis,
    pub random: ChaCha20Rng,
    /// The percentage of requests that meet a fault.
    pub trouble: u32,
    /// Until this time the server is unreachable.
    pub down_until: u64,
    /// The last moment of a fault, or the end of a wait that the server demanded.
    pub last_fault: u64,
    pub mishaps: u64,
    /// Submissions that a gateway between kiosk and server refuses.
    pub poison: BTreeSet<SubmissionId>,
    /// The sealed items that were sent, each in its first form.
    pub seen: BTreeMap<SubmissionId, SealedItem>,
    /// Requests that are still under way after the kiosk has given up.
    limbo: Vec<(u64, Request)>,
    /// A reply that a broken proxy may deliver again, to another kiosk.
    stale: Option<Response>,
}

struct Request {
    path: &'static str,
    token: Option<String>,
    signature: String,
    body: Vec<u8>,
}

/// The time after which a kiosk gives up on a reply, in milliseconds.
const PATIENCE_MS: u64 = 60_000;

impl Network {
    pub fn new(server: Server, millis: &Millis, random: ChaCha20Rng, trouble: u32) -> Self {
        Self {
            server,
            millis: Millis::clone(millis),
            random,
            trouble,
            down_until: 0,
            last_fault: 0,
            mishaps: 0,
            poison: BTreeSet::new(),
            seen: BTreeMap::new(),
            limbo: Vec::new(),
            stale: None,
        }
    }

    pub fn now(&self) -> u64 {
        self.millis.load(Ordering::SeqCst)
    }

    /// The arrival time of the next abandoned request.
    pub fn next_late(&self) -> Option<u64> {
        self.limbo.iter().map(|(at, _)| *at).min()
    }

    /// Delivers the abandoned requests that are due.
    pub fn late(&mut self) {
        let now = self.now();
        while let Some(at) = self.limbo.iter().position(|(at, _)| *at <= now) {
            let (_, request) = self.limbo.swap_remove(at);
            self.execute(&request);
            // The kiosk may be without power for longer, so the effect counts as a fault.
            self.last_fault = self.last_fault.max(now);
        }
    }

    fn execute(&self, request: &Request) -> Response {
        let Request { path, token, signature, body } = request;
        let answered = self.server.in_process().post(path, token.as_deref(), Some(signature), body.clone());
        let (status, retry_after) = (answered.status, answered.retry_after);
        Response { status, retry_after, date: None, body: answered.body }
    }

    /// Carries a request; returns the reply and how long it took.
    fn carry(&mut self, request: Request) -> (Option<Response>, u64) {
        let now = self.now();
        let quick = 20 + self.random.below(1500);
        if now < self.down_until {
            self.wrong(now);
            return (None, self.random.below(PATIENCE_MS));
        }
        if self.is_poisoned(&request) {
            let status = [400, 413, 422][self.random.index(3)];
            return (Some(page(status, "<h1>blocked</h1>")), quick);
        }
        if self.random.below(100) >= u64::from(self.trouble) {
            let response = self.execute(&request);
            if self.random.one_in(8) {
                self.stale = Some(response.clone());
            }
            return (Some(response), quick);
        }
        self.wrong(now);
        match self.random.index(15) {
            0 => (None, self.random.below(PATIENCE_MS)),
            1 => {
                self.execute(&request);
                (None, self.random.below(PATIENCE_MS))
            }
            2 | 3 => {
                let delay = PATIENCE_MS + self.random.below(600_000);
                self.limbo.push((now + delay, request));
                (None, PATIENCE_MS)
            }
            4 => {
                self.execute(&request);
                (Some(self.execute(&request)), quick)
            }
            5 | 6 => {
                let mut response = self.execute(&request);
                let length = self.random.index(response.body.len().max(1));
                response.body.truncate(length);
                (Some(response), quick)
            }
            7 => {
                self.execute(&request);
                (Some(page(200, "<h1>Welcome to Mall WiFi</h1>")), quick)
            }
            8 => {
                let status = [500, 502, 503, 504, 408][self.random.index(5)];
                if self.random.one_in(2) {
                    self.execute(&request);
                }
                (Some(page(status, "<h1>oops</h1>")), quick)
            }
            9 => {
                let wait = self.random.below(90);
                self.last_fault = self.last_fault.max(now + wait * 1000 + 5000);
                (Some(Response { retry_after: Some(wait.to_string()), ..problem(429, "busy") }), quick)
            }
            10 => (Some(problem(401, "wrong-token")), quick),
            11 => (Some(page([413, 400][self.random.index(2)], "<h1>nginx</h1>")), quick),
            12 => {
                let mut changed = request;
                let at = self.random.index(changed.body.len());
                changed.body[at] ^= 1 << self.random.index(7);
                (Some(self.execute(&changed)), quick)
            }
            13 => (Some(self.stale.clone().unwrap_or_else(|| page(404, ""))), quick),
            _ => (Some(page([301, 403, 404, 418][self.random.index(4)], "<h1>gate</h1>")), quick),
        }
    }

    fn wrong(&mut self, now: u64) {
        self.mishaps += 1;
        self.last_fault = self.last_fault.max(now + PATIENCE_MS);
    }

    fn is_poisoned(&self, request: &Request) -> bool {
        if self.poison.is_empty() {
            return false;
        }
        let Ok(batch) = serde_json::from_slice::<Batch>(&request.body) else { return false };
        batch.items.iter().any(|item| self.poison.contains(&item.id))
    }

    fn look_at(&mut self, batch: &Batch) {
        for item in &batch.items {
            let first = self.seen.entry(item.id).or_insert_with(|| item.clone());
            let frozen = |item: &SealedItem| SealedItem { age_ms: None, ..item.clone() };
            assert_eq!(frozen(first), frozen(item), "what is queued is frozen");
            assert_eq!(SealedItem::hash(&item.sealed.0), item.sha256);
        }
    }
}

fn page(status: u16, body: &str) -> Response {
    Response { status, retry_after: None, date: None, body: body.as_bytes().to_vec() }
}

fn problem(status: u16, code: &str) -> Response {
    page(status, &format!(r#"{{"code":"{code}","message":"no"}}"#))
}

/// The transport of one kiosk.
pub struct KioskTransport {
    pub network: Rc<RefCell<Network>>,
    /// How long the last reply took, in milliseconds.
    pub took: Rc<Cell<u64>>,
}

impl KioskTransport {
    fn carry(
        &self,
        path: &'static str,
        token: Option<&Secret>,
        signed: &Signed,
    ) -> Result<Response, RequestError> {
        let body = signed.body.to_vec();
        assert!(!String::from_utf8_lossy(&body).contains(CANARY), "a word of a visitor is on the line");
        let (token, signature) = (token.map(|t| t.0.clone()), signed.signature.clone());
        let request = Request { path, token, signature, body };
        let (response, took) = self.network.borrow_mut().carry(request);
        self.took.set(self.took.get() + took);
        response.ok_or_else(|| RequestError::Unreachable("simulated".to_owned()))
    }
}

impl Transport for KioskTransport {
    fn server(&self) -> &str {
        "https://mall.example"
    }

    fn send_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, RequestError> {
        self.network.borrow_mut().look_at(&serde_json::from_slice(&batch.body).unwrap());
        self.carry(BATCH, Some(token), batch)?.read()
    }

    fn enrol(&self, request: &Signed) -> Result<Enrolment, RequestError> {
        self.carry(ENROLMENTS, None, request)?.read()
    }
}

/// A separate random generator for one part of a simulation.
pub fn part(random: &mut ChaCha20Rng) -> ChaCha20Rng {
    ChaCha20Rng::from_rng(random)
}
