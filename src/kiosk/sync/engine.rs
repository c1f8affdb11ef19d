//! The engine: executes the steps of [`Core`] over a [`Transport`] and reports each outcome back.
//!
//! It has no thread, clock or socket: the loop in [`super::worker`] supplies the real ones, a simulation its
//! own. Outbox and identity are locked only while they are read or written, never during a request.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use domain::Timestamp;
use domain::id::CryptoRng;
use domain::wire::{
    Batch, BatchReply, ContentOffer, ContentReport, Enrolment, Limits, SealedItem, Secret, Signed,
};

use super::core::{BatchSummary, Core, MAX_REFUSALS, Moment, Outcome, Step};
use super::directives;
use super::failure::{of_batch, of_enrolment};
use super::results::{Coverage, usable};
use super::status::{LinkState, StatusCell};
use crate::identity::Identity;
use crate::lock::lock;
use crate::log::{MAINTENANCE, one_line};
use crate::net::{PublicUrl, RequestError};
use crate::outbox::{self, BatchKind, Fault, Outbox, ServerReport, Waiting};

/// Carries requests to the server and brings back the replies.
pub trait Transport {
    /// The server's address, as the identity records it.
    fn server(&self) -> &str;

    /// Sends a batch.
    ///
    /// # Errors
    /// [`RequestError`].
    fn send_batch(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, RequestError>;

    /// Exchanges a code for an identity.
    ///
    /// # Errors
    /// [`RequestError`].
    fn enrol(&self, request: &Signed) -> Result<Enrolment, RequestError>;

    /// The state of the kiosk's content, for the next batch.
    fn content_report(&self) -> Option<ContentReport> {
        None
    }

    /// Called when a reply offers new content.
    fn content_offered(&self, _offer: ContentOffer, _identity: &Identity) {}
}

/// The clocks, and whether the loop should continue.
pub trait Environment {
    /// Time since the engine began, by a monotonic clock.
    fn elapsed(&self) -> Moment;
    /// The kiosk's calendar clock.
    fn now(&self) -> Timestamp;
    /// Whether a reply may still be processed.
    fn is_running(&self) -> bool;
}

/// The engine was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stopped;

/// Connects the core with the outbox, the identity and the transport.
pub struct Engine<R> {
    /// Decides what to do.
    pub core: Core,
    /// A one-time code, for a kiosk that is not enrolled or whose tokens are refused.
    pub code: Option<Secret>,
    /// Version of this program.
    pub software: String,
    pub(super) status: Arc<StatusCell>,
    // Weak, so that a hanging request does not keep the kiosk's folder locked after the end.
    outbox: Weak<Mutex<Outbox>>,
    identity: Weak<Mutex<Identity>>,
    random: R,
    last_success: Option<Timestamp>,
    /// The server's time in its last reply.
    server_time: Option<Timestamp>,
    /// Why the last request failed, in words for the log.
    trouble: Option<String>,
    /// The trouble that is in the log: the same one is not repeated at every attempt.
    logged: Option<String>,
}

impl<R: CryptoRng> Engine<R> {
    /// An engine before its first step.
    pub fn new(
        core: Core,
        code: Option<Secret>,
        software: String,
        outbox: &Arc<Mutex<Outbox>>,
        identity: &Arc<Mutex<Identity>>,
        random: R,
    ) -> Self {
        Self {
            core,
            code,
            software,
            status: Arc::default(),
            outbox: Arc::downgrade(outbox),
            identity: Arc::downgrade(identity),
            random,
            last_success: None,
            server_time: None,
            trouble: None,
            logged: None,
        }
    }

    /// Executes the step that is due. If none is, returns the moment until which to wait.
    ///
    /// # Errors
    /// [`Stopped`].
    pub fn step(
        &mut self,
        transport: Option<&impl Transport>,
        env: &impl Environment,
    ) -> Result<Option<Moment>, Stopped> {
        match self.core.next(env.elapsed()) {
            Step::WaitUntil(then) => return Ok(Some(then)),
            Step::Enrol => self.enrol(transport, env)?,
            Step::Send(limits) => self.send(transport, Some((BatchKind::Fresh, limits)), env)?,
            Step::SendSuspect(limits) => self.send(transport, Some((BatchKind::Suspect, limits)), env)?,
            Step::Probe => self.send(transport, None, env)?,
        }
        Ok(None)
    }

    fn enrol(&mut self, transport: Option<&impl Transport>, env: &impl Environment) -> Result<(), Stopped> {
        let (Some(transport), Some(code)) = (transport, &self.code) else {
            self.record(Outcome::CodeRefused, 0, env);
            return Ok(());
        };
        let request = lock(&*self.identity.upgrade().ok_or(Stopped)?).enrolment(code, &self.software);
        let outcome = match transport.enrol(&request) {
            Ok(enrolment) => self.enrolled(transport.server(), enrolment, env)?,
            Err(_) if !env.is_running() => return Err(Stopped),
            Err(error) => {
                self.trouble = Some(one_line(&error.to_string()));
                of_enrolment(&error)
            }
        };
        self.record(outcome, 0, env);
        self.publish_status()
    }

    fn enrolled(
        &self,
        server: &str,
        enrolment: Enrolment,
        env: &impl Environment,
    ) -> Result<Outcome, Stopped> {
        let public_url: PublicUrl = match enrolment.public_url.parse() {
            Ok(url) => url,
            Err(error) => {
                let url = one_line(&enrolment.public_url);
                tracing::error!(target: MAINTENANCE, %error, url, "the server names an address that no receipt can bear");
                return Ok(Outcome::InvalidReply);
            }
        };
        let (identity, outbox) = (if_running(&self.identity, env)?, if_running(&self.outbox, env)?);
        let mut identity = lock(&*identity);
        let before = identity.kiosk();
        if let Err(error) = identity.enrol(server, enrolment, &public_url) {
            tracing::error!(target: MAINTENANCE, %error, "the enrolment could not be recorded");
            return Ok(Outcome::DiskFailed);
        }
        tracing::info!(target: MAINTENANCE, kiosk = %identity.kiosk(), "enrolled");
        if identity.kiosk() != before
            && let Err(error) = lock(&*outbox).begin_epoch(&mut identity)
        {
            tracing::warn!(target: MAINTENANCE, %error, "a new epoch could not be begun yet");
        }
        Ok(Outcome::Enrolled)
    }

    /// Sends a batch of the given kind; without one, an empty batch.
    fn send(
        &mut self,
        transport: Option<&impl Transport>,
        kind: Option<(BatchKind, Limits)>,
        env: &impl Environment,
    ) -> Result<(), Stopped> {
        let identity = self.identity.upgrade().ok_or(Stopped)?;
        let (own, token, key, public_url) = {
            let identity = lock(&*identity);
            let public_url = identity.public_url().map(str::to_owned);
            (identity.kiosk(), identity.token().cloned(), identity.signing_key().clone(), public_url)
        };
        drop(identity);
        let (Some(transport), Some(token)) = (transport, token) else {
            self.record(Outcome::WrongToken { has_other: false }, 0, env);
            return Ok(());
        };
        let outbox = self.outbox.upgrade().ok_or(Stopped)?;
        let content = transport.content_report();
        let built = build_batch(&mut lock(&*outbox), content, kind, &self.software, env.now());
        drop(outbox);
        // The alarm is sent even if nothing else can be read.
        let (mut batch, disk_failed) = match built {
            Ok(batch) => (batch, false),
            Err((alarm, error)) => {
                log_failure(&error);
                (*alarm, true)
            }
        };
        batch.public_url = public_url;
        let signed = Signed::batch(&batch, own, &token, &key);
        let reply = transport.send_batch(&token, &signed);
        let items = std::mem::take(&mut batch.items);
        match reply {
            Ok(_) if disk_failed => {
                self.record(Outcome::DiskFailed, 0, env);
            }
            // A reply to another kiosk proves nothing about these items. With a token for another kiosk, this one
            // would authenticate as that one for good.
            Ok(reply) if reply.kiosk != own => {
                self.record(Outcome::InvalidReply, items.len(), env);
            }
            Ok(reply) => return self.settle(&items, reply, transport, env),
            Err(_) if !env.is_running() => return Err(Stopped),
            Err(error) => {
                self.trouble = Some(one_line(&error.to_string()));
                self.batch_failed(of_batch(&error), &items, env)?;
            }
        }
        self.publish_status()
    }

    fn batch_failed(
        &mut self,
        outcome: Outcome,
        items: &[SealedItem],
        env: &impl Environment,
    ) -> Result<(), Stopped> {
        if let Outcome::WrongToken { .. } = outcome {
            let has_other = lock(&*if_running(&self.identity, env)?).swap_tokens();
            self.record(Outcome::WrongToken { has_other }, items.len(), env);
            return Ok(());
        }
        let outbox = if_running(&self.outbox, env)?;
        let fault = self.record(outcome, items.len(), env);
        if let (Some(fault), [item]) = (fault, items) {
            self.count_refusal(&outbox, item, fault, env);
        }
        Ok(())
    }

    fn settle(
        &mut self,
        items: &[SealedItem],
        mut reply: BatchReply,
        transport: &impl Transport,
        env: &impl Environment,
    ) -> Result<(), Stopped> {
        let mut report = ServerReport::of(&reply);
        let (results, coverage) = usable(items, std::mem::take(&mut reply.results));
        if coverage == Coverage::Partial {
            report.limits = None;
        }
        self.server_time = Some(report.server_time);
        let outbox = if_running(&self.outbox, env)?;
        let settled = {
            let mut outbox = lock(&*outbox);
            let settled = outbox.settle(&results, &report, env.now());
            settled.and_then(|s| outbox.tidy().map(|()| s)).and_then(|s| Ok((s, outbox.waiting_by_kind()?)))
        };
        let (settlement, waiting) = match settled {
            Ok(settled) => settled,
            Err(error) => {
                log_failure(&error);
                self.record(Outcome::DiskFailed, items.len(), env);
                return Ok(());
            }
        };
        log_settlement(&settlement, waiting);
        let (limits, next_poll_s) = (reply.limits, reply.next_poll_s);
        if let Some(identity) = self.identity.upgrade() {
            let (mut identity, mut outbox) = (lock(&*identity), lock(&*outbox));
            let offer = directives::apply(reply, coverage, &mut identity, &mut outbox, &mut self.random);
            if let Some(offer) = offer {
                transport.content_offered(offer, &identity);
            }
        }
        drop(outbox);
        let outcome = match coverage {
            Coverage::Partial => Outcome::InvalidReply,
            Coverage::Complete => Outcome::Answered(BatchSummary {
                settled: settlement.delivered + settlement.quarantined,
                waiting,
                limits,
                next_poll: Duration::from_secs(next_poll_s.into()),
            }),
        };
        self.record(outcome, items.len(), env);
        self.publish_status()
    }

    /// Counts that the server refused a request with only `item`.
    fn count_refusal(&self, outbox: &Mutex<Outbox>, item: &SealedItem, fault: Fault, env: &impl Environment) {
        let mut outbox = lock(outbox);
        let server_time = self.server_time.unwrap_or_else(|| env.now());
        let counted = outbox.count_refusal(item.id, fault).and_then(|refusals| {
            if refusals < MAX_REFUSALS {
                return Ok(());
            }
            tracing::warn!(
                target: MAINTENANCE,
                id = %item.id,
                bytes = item.sealed.0.len(),
                "the server accepts other submissions but not this one; it is quarantined"
            );
            outbox.quarantine(item.id, "refused by the server again and again", server_time, env.now())
        });
        if let Err(error) = counted {
            tracing::error!(target: MAINTENANCE, %error, "a refusal could not be recorded");
        }
    }

    /// Reports an outcome to the core, and logs it if the link has changed or there is other trouble.
    fn record(&mut self, outcome: Outcome, sent: usize, env: &impl Environment) -> Option<Fault> {
        let before = self.core.link();
        let now = env.elapsed();
        let fault = self.core.record(outcome, sent, now, &mut self.random);
        if matches!(outcome, Outcome::Answered(_) | Outcome::Enrolled) {
            self.last_success = Some(env.now());
        }
        let after = self.core.link();
        let trouble = self.trouble.take();
        let is_new = trouble.is_some() && trouble != self.logged;
        if before != after || (is_new && after != LinkState::Online) {
            let next_in_s = match self.core.next(now) {
                Step::WaitUntil(then) => then.saturating_sub(now).as_secs(),
                Step::Enrol | Step::Send(_) | Step::SendSuspect(_) | Step::Probe => 0,
            };
            let cause = trouble.clone().unwrap_or_else(|| one_line(&format!("{outcome:?}")));
            self.logged = trouble;
            if after == LinkState::Online {
                tracing::info!(target: MAINTENANCE, link = ?after, "the server answers");
            } else {
                let what = "submissions stay here for now";
                tracing::warn!(target: MAINTENANCE, link = ?after, cause, next_in_s, "{what}");
            }
        }
        fault
    }

    /// Publishes the status for the window and the log.
    pub(super) fn publish_status(&self) -> Result<(), Stopped> {
        let outbox = self.outbox.upgrade().ok_or(Stopped)?;
        let mut status = self.status.get();
        if let Ok(waiting) = lock(&*outbox).waiting() {
            status.waiting = waiting;
        }
        drop(outbox);
        status.link = self.core.link();
        status.last_success = self.last_success;
        self.status.set(status);
        Ok(())
    }
}

/// Builds a batch. If the disk fails, returns an empty batch with the alarm.
fn build_batch(
    outbox: &mut Outbox,
    content: Option<ContentReport>,
    kind: Option<(BatchKind, Limits)>,
    software: &str,
    now: Timestamp,
) -> Result<Batch, (Box<Batch>, outbox::Error)> {
    let mut batch = Batch { sent_at: now, content, ..Batch::default() };
    match fill_batch(outbox, &mut batch, kind, software) {
        Ok(()) => Ok(batch),
        Err(error) => {
            outbox.raise_alarm(&error, now);
            let report = Some(outbox.report(software));
            Err((Box::new(Batch { sent_at: now, report, ..Batch::default() }), error))
        }
    }
}

fn fill_batch(
    outbox: &Outbox,
    batch: &mut Batch,
    kind: Option<(BatchKind, Limits)>,
    software: &str,
) -> Result<(), outbox::Error> {
    let waiting = outbox.waiting_by_kind()?;
    batch.newest_stored = outbox.newest_delivered()?;
    batch.report = Some(outbox.report(software));
    batch.watermarks = outbox.watermarks()?;
    if let Some((kind, limits)) = kind {
        let frame = serde_json::to_vec(&batch).map_or(0, |bytes| bytes.len());
        let max_bytes = limits.max_bytes.saturating_sub(frame);
        batch.items = outbox.next_batch(kind, &Limits { max_bytes, ..limits })?;
        // The server can name missing seqs only after it has been sent everything that is waiting.
        if kind == BatchKind::Fresh && u64::try_from(batch.items.len()).unwrap_or_default() < waiting.fresh {
            batch.watermarks.clear();
        }
    }
    batch.waiting = waiting.all().saturating_sub(u64::try_from(batch.items.len()).unwrap_or_default());
    Ok(())
}

fn log_failure(error: &outbox::Error) {
    tracing::error!(target: MAINTENANCE, %error, "the outbox cannot be used; trying again later");
}

fn log_settlement(settlement: &outbox::Settlement, waiting: Waiting) {
    let outbox::Settlement { delivered, quarantined, kept: _, revived, released } = *settlement;
    if revived > 0 {
        tracing::warn!(target: MAINTENANCE, revived, "the server has lost what it had; it is sent again");
    }
    if delivered + quarantined + released > 0 {
        let waiting = waiting.all();
        tracing::info!(target: MAINTENANCE, delivered, quarantined, released, waiting, "the server answered");
    }
}

/// Upgrades a shared value that a reply concerns, unless the engine was stopped during the request: another
/// program may use the folder by then.
fn if_running<T>(shared: &Weak<Mutex<T>>, env: &impl Environment) -> Result<Arc<Mutex<T>>, Stopped> {
    if env.is_running() { shared.upgrade().ok_or(Stopped) } else { Err(Stopped) }
}
