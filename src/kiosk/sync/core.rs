//! The sync core: decides what to do next and when. Every rule about sending, waiting and backoff is here.
//!
//! It is a pure state machine: it gets the outcome of each step with the time, and returns the next step. It
//! has no clock, thread or socket; callers pass in random numbers. Time is counted from the start of the loop
//! by a monotonic clock, because the kiosk's calendar clock may be wrong.
//!
//! Invariant: there is always a next attempt. After any outcome, [`Core::next`] names a moment, and it is
//! never further away than the longest wait in [`Timing`].

use std::time::Duration;

use domain::id::CryptoRng;
use domain::wire::Limits;

use super::status::LinkState;
use crate::outbox::{Fault, Waiting};

mod wait;

pub use wait::Timing;
use wait::{sane, up_to};

/// Time since the start of the loop.
pub type Moment = Duration;

/// The number of refusals of a lone item, each while the server accepts others, after which it is
/// quarantined.
pub const MAX_REFUSALS: u32 = 3;

/// What the kiosk can authenticate with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// No server, or neither a token nor a code.
    None,
    /// A one-time enrolment code.
    Code,
    Token {
        /// Whether there is also an unused enrolment code, in case the token is refused.
        spare_code: bool,
    },
}

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Wait until this moment, or until an item is queued.
    WaitUntil(Moment),
    /// Exchange the code for an identity.
    Enrol,
    /// Send a batch of fresh items within these limits. An empty batch shows the server that the kiosk is
    /// alive.
    Send(Limits),
    /// Send one suspect alone.
    SendSuspect(Limits),
    /// Send an empty batch, to find out whether the server accepts anything from this kiosk.
    Probe,
}

/// The outcome of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered for each item.
    Answered(BatchSummary),
    /// There was an answer, but not a valid reply.
    InvalidReply,
    Unreachable,
    /// The server is overloaded or fails.
    Busy {
        /// How long the server asks to wait, if it does.
        retry_after: Option<Duration>,
    },
    /// The server does not know this token (401).
    WrongToken {
        /// Whether the kiosk has another token to try.
        has_other: bool,
    },
    /// The server has revoked this kiosk (403).
    Revoked,
    /// The server rejects the request (400, 413, 422).
    Rejected,
    /// The server got other bytes than were signed, or knows another key.
    WrongSignature,
    /// The kiosk's own disk failed to read or write.
    DiskFailed,
    /// The server enrolled the kiosk.
    Enrolled,
    /// The server does not accept the enrolment code.
    CodeRefused,
}

/// What an answered batch changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchSummary {
    /// Items that left the queue: delivered or quarantined.
    pub settled: u64,
    /// The items that are waiting now.
    pub waiting: Waiting,
    /// The limits that the server accepts.
    pub limits: Limits,
    /// The time until the next request if nothing is waiting.
    pub next_poll: Duration,
}

/// Whether a newly queued item is sent before the scheduled moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WakePolicy {
    Immediate,
    Scheduled,
}

/// When the next suspect may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ItemRetry {
    at: Moment,
    /// Attempts in a row that settled nothing.
    failed: u32,
}

/// After this many consecutive failures the content of the request may be the reason, whatever the answer
/// was.
const SUSPICIOUS_FAILURES: u32 = 2;

/// After this many consecutive refusals of single items, the server is blamed instead of the items.
const MAX_BAD_ITEMS_IN_A_ROW: u32 = 8;

/// The state of the loop.
#[derive(Clone, Debug)]
pub struct Core {
    timing: Timing,
    credentials: Credentials,
    next: Next,
    due: Moment,
    wake: WakePolicy,
    /// Failures since the last success.
    failures: u32,
    link: LinkState,
    limits: Limits,
    /// The current number of items in a batch.
    batch_size: usize,
    /// What the next refusal of a single item is attributed to: the item, once the server has accepted
    /// anything since the last refusal was counted.
    fault: Fault,
    retry: ItemRetry,
    /// The number of suspects that waited at the last answer.
    suspects: u32,
    /// Whether the other token was tried since the server last accepted a token.
    tried_other_token: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Enrol,
    Send,
    SendSuspect,
    Probe,
}

impl Core {
    /// The state at the start.
    pub fn new(timing: Timing, credentials: Credentials, random: &mut impl CryptoRng) -> Self {
        let (next, due) = match credentials {
            // Somebody has just typed the code and is waiting for the result.
            Credentials::Code => (Next::Enrol, Moment::ZERO),
            Credentials::Token { .. } => (Next::Send, up_to(timing.first_contact, random)),
            Credentials::None => (Next::Send, Moment::ZERO),
        };
        let link =
            if credentials == Credentials::None { LinkState::NotConfigured } else { LinkState::Offline };
        let limits = Limits::default();
        Self {
            timing,
            credentials,
            next,
            due,
            wake: WakePolicy::Immediate,
            failures: 0,
            link,
            limits,
            batch_size: limits.max_items,
            fault: Fault::Server,
            retry: ItemRetry { at: Moment::ZERO, failed: 0 },
            suspects: 0,
            tried_other_token: false,
        }
    }

    /// The step at `now`.
    pub fn next(&self, now: Moment) -> Step {
        if self.credentials == Credentials::None {
            return Step::WaitUntil(now + self.timing.max_silence);
        }
        if now < self.due {
            return Step::WaitUntil(self.due);
        }
        match self.next {
            Next::Enrol => Step::Enrol,
            Next::Send => Step::Send(Limits { max_items: self.batch_size, ..self.limits }),
            Next::SendSuspect => Step::SendSuspect(Limits { max_items: 1, ..self.limits }),
            Next::Probe => Step::Probe,
        }
    }

    /// The state of the connection to the server.
    pub fn link(&self) -> LinkState {
        self.link
    }

    /// An item was queued.
    pub fn item_queued(&mut self, now: Moment) {
        if self.wake == WakePolicy::Immediate {
            if self.next == Next::SendSuspect && self.retry.at > now {
                self.next = Next::Send;
            }
            self.due = self.due.min(now);
        }
    }

    /// Records the outcome of the last step, a request with `sent` items. Returns what the refusal of a
    /// single item is attributed to, if it is to be counted.
    pub fn record(
        &mut self,
        outcome: Outcome,
        sent: usize,
        now: Moment,
        random: &mut impl CryptoRng,
    ) -> Option<Fault> {
        match outcome {
            Outcome::Answered(summary) => self.answered(summary, sent, now, random),
            Outcome::Rejected if sent > 0 => return self.rejected(sent, now, random),
            Outcome::Busy { retry_after: Some(wait) } => self.postponed(wait, now, random),
            Outcome::Rejected
            | Outcome::InvalidReply
            | Outcome::Unreachable
            | Outcome::Busy { retry_after: None } => return self.failed(sent, now, random),
            Outcome::DiskFailed => {
                self.failures = self.failures.saturating_add(1);
                self.wake = WakePolicy::Scheduled;
                self.due = now + self.timing.backoff(self.failures, random);
            }
            Outcome::WrongToken { has_other: true } if !self.tried_other_token => {
                self.tried_other_token = true;
                self.due = now;
            }
            Outcome::WrongSignature if self.failures + 1 < SUSPICIOUS_FAILURES => {
                return self.failed(0, now, random);
            }
            // It happened twice: staff have to act. The items in the request are not to blame.
            Outcome::WrongSignature | Outcome::WrongToken { .. } => {
                self.failures = self.failures.saturating_add(1);
                self.access_refused(Next::Send, now, random);
            }
            Outcome::Revoked => self.access_refused(Next::Probe, now, random),
            Outcome::Enrolled => self.enrolled(now),
            Outcome::CodeRefused => self.code_refused(now, random),
        }
        None
    }

    fn answered(&mut self, batch: BatchSummary, sent: usize, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Online;
        self.wake = WakePolicy::Immediate;
        self.limits = sane(batch.limits);
        self.batch_size = self.batch_size.saturating_mul(2).clamp(1, self.limits.max_items);
        self.fault = Fault::Item;
        self.tried_other_token = false;
        self.suspects = u32::try_from(batch.waiting.suspect).unwrap_or(u32::MAX);
        if std::mem::replace(&mut self.next, Next::Send) == Next::SendSuspect {
            self.retry = if batch.settled > 0 {
                ItemRetry { at: now, failed: 0 }
            } else {
                let failed = self.retry.failed.saturating_add(1);
                // One step further than after a rejection.
                ItemRetry { at: now + self.suspect_backoff(failed.saturating_add(1), random), failed }
            };
        } else if sent > 0 && batch.settled == 0 && batch.waiting.fresh > 0 {
            // The server deferred every item. An immediate retry would not help.
            self.failures = self.failures.saturating_add(1);
            self.due = now + self.timing.backoff(self.failures, random);
            return;
        }
        if self.suspects == 0 {
            // The next suspect does not inherit the backoff of earlier ones.
            self.retry = ItemRetry { at: now, failed: 0 };
        }
        self.failures = 0;
        self.due = now;
        if batch.waiting.suspect > 0 && self.retry.at <= now {
            self.next = Next::SendSuspect;
        } else if batch.waiting.fresh == 0 {
            let poll = batch.next_poll.clamp(self.timing.base, self.timing.max_silence);
            self.due = now + poll - up_to(poll / 4, random);
            if batch.waiting.suspect > 0 && self.retry.at < self.due {
                (self.next, self.due) = (Next::SendSuspect, self.retry.at);
            }
        }
    }

    /// A server that asks to wait gives each kiosk its own time. The jitter is for a server that gives all
    /// the same.
    fn postponed(&mut self, wait: Duration, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Offline;
        self.wake = WakePolicy::Scheduled;
        self.failures = self.failures.saturating_add(1);
        self.due = now + wait.min(self.timing.max_silence) + up_to(self.timing.base, random);
    }

    fn failed(&mut self, sent: usize, now: Moment, random: &mut impl CryptoRng) -> Option<Fault> {
        self.link = LinkState::Offline;
        self.wake = WakePolicy::Scheduled;
        self.failures = self.failures.saturating_add(1);
        self.due = now + self.timing.backoff(self.failures, random);
        let step = std::mem::replace(&mut self.next, Next::Send);
        if step == Next::SendSuspect {
            self.retry = ItemRetry { at: self.due, failed: self.retry.failed.saturating_add(1) };
        }
        if self.failures < SUSPICIOUS_FAILURES || sent == 0 {
            if matches!(step, Next::Probe | Next::Enrol) {
                self.next = step;
            }
            return None;
        }
        // A middlebox may fail on the content and answer in its own way. If a smaller or empty batch gets
        // through, an item is the reason. A suspect sent alone says nothing about the others.
        if step != Next::SendSuspect {
            self.batch_size = (sent / 2).max(1);
        }
        if sent > 1 {
            return None;
        }
        if self.fault == Fault::Server {
            self.next = Next::Probe;
            return None;
        }
        self.fault = Fault::Server;
        Some(Fault::Server)
    }

    fn rejected(&mut self, sent: usize, now: Moment, random: &mut impl CryptoRng) -> Option<Fault> {
        self.link = LinkState::Online;
        self.wake = WakePolicy::Immediate;
        if sent > 1 {
            // One of the items is the reason: bisect at once. This takes at most ten requests.
            self.batch_size = sent / 2;
            self.due = now;
            return None;
        }
        // The batch size stays: the refusal says nothing about the other items.
        self.failures = self.failures.saturating_add(1);
        self.next = Next::Send;
        let failed = self.retry.failed.saturating_add(1);
        self.retry = ItemRetry { at: now + self.suspect_backoff(failed, random), failed };
        let fault = std::mem::replace(&mut self.fault, Fault::Server);
        self.due = match fault {
            Fault::Item => now,
            Fault::Server if self.failures <= MAX_BAD_ITEMS_IN_A_ROW => now,
            Fault::Server => now + self.timing.backoff(self.failures - MAX_BAD_ITEMS_IN_A_ROW, random),
        };
        Some(fault)
    }

    /// The wait after the `failed`th failed attempt in a row: none until each suspect had its turn, then
    /// exponential in the number of rounds.
    fn suspect_backoff(&self, failed: u32, random: &mut impl CryptoRng) -> Duration {
        let all = self.suspects.max(1);
        if failed.is_multiple_of(all) { self.timing.backoff(failed / all, random) } else { Duration::ZERO }
    }

    fn access_refused(&mut self, next: Next, now: Moment, random: &mut impl CryptoRng) {
        self.link = LinkState::Refused;
        self.wake = WakePolicy::Scheduled;
        self.next = next;
        if self.credentials == (Credentials::Token { spare_code: true }) {
            self.next = Next::Enrol;
            self.due = now;
        } else {
            self.due = now + self.timing.when_refused - up_to(self.timing.when_refused / 2, random);
        }
    }

    fn enrolled(&mut self, now: Moment) {
        self.credentials = Credentials::Token { spare_code: false };
        self.link = LinkState::Online;
        self.wake = WakePolicy::Immediate;
        self.next = Next::Send;
        self.failures = 0;
        self.due = now;
    }

    fn code_refused(&mut self, now: Moment, random: &mut impl CryptoRng) {
        if let Credentials::Token { spare_code } = &mut self.credentials {
            *spare_code = false;
        }
        let next = if self.credentials == Credentials::Code { Next::Enrol } else { Next::Send };
        self.access_refused(next, now, random);
    }
}

#[cfg(test)]
mod tests;
