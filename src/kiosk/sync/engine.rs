//! The hands of [`Core`]: does one step, over whatever line there is, and reports what came of it.
//!
//! It has no thread, no clock and no socket: the loop in [`super::worker`] gives it the real ones, a
//! simulation its own. Outbox and identity are held only for the moments in which they are read or
//! written, never while the line is waited for.

use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use domain::Timestamp;
use domain::id::CryptoRng;
use domain::wire::{
    Batch, BatchReply, ContentOffer, ContentReport, Enrolment, Limits, SealedItem, Secret, Signed,
};

use super::core::{Another, Answer, Core, MOST_REFUSALS, Moment, Step, Taken};
use super::reply::{Sense, obeyable};
use super::status::{Board, LinkState};
use super::wishes;
use super::{MAINTENANCE, for_the_log, lock};
use crate::identity::Identity;
use crate::outbox::{self, News, Outbox, Turn, Waiting};

/// What carries the two requests to a server and brings back what came of them.
pub trait Line {
    /// The server's address, as an identity remembers it.
    fn server(&self) -> &str;

    /// Sends a batch.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what happened instead of a reply.
    fn send(&self, token: &Secret, batch: &Signed) -> Result<BatchReply, Answer>;

    /// Exchanges a code for an identity.
    ///
    /// # Errors
    /// The [`Answer`] that stands for what happened instead of an identity.
    fn enrol(&self, request: &Signed) -> Result<Enrolment, Answer>;

    /// What the kiosk shows, if anybody looks after that.
    fn content(&self) -> Option<ContentReport> {
        None
    }

    /// The server offers something to show.
    fn offered(&self, _offer: ContentOffer, _identity: &Identity) {}
}

/// What time it is, and whether anybody still wants to know.
pub trait Surroundings {
    /// Since the engine began, by a clock that nobody sets.
    fn moment(&self) -> Moment;
    /// By the kiosk's calendar.
    fn now(&self) -> Timestamp;
    /// Whether an answer may still be acted upon.
    fn goes_on(&self) -> bool;
}

/// Nobody needs the engine any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended;

/// Everything between the core and the line.
pub struct Engine<R> {
    /// Decides.
    pub core: Core,
    /// A one-time code, for a kiosk that is not enrolled or whose tokens are refused.
    pub code: Option<Secret>,
    /// Version of this program.
    pub software: String,
    /// Shows how it goes.
    pub(super) board: Arc<Board>,
    // Weak, so that a request without an answer does not hold the kiosk's folder after the end.
    outbox: Weak<Mutex<Outbox>>,
    identity: Weak<Mutex<Identity>>,
    random: R,
    last_success: Option<Timestamp>,
    /// The last that a server said of its clock.
    server_time: Option<Timestamp>,
}

impl<R: CryptoRng> Engine<R> {
    /// An engine that has not done anything yet.
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
            board: Arc::default(),
            outbox: Arc::downgrade(outbox),
            identity: Arc::downgrade(identity),
            random,
            last_success: None,
            server_time: None,
        }
    }

    /// Does what is to be done now. If that is nothing, answers until when.
    ///
    /// # Errors
    /// [`Ended`].
    pub fn turn(
        &mut self,
        line: Option<&impl Line>,
        around: &impl Surroundings,
    ) -> Result<Option<Moment>, Ended> {
        match self.core.next(around.moment()) {
            Step::RestUntil(then) => return Ok(Some(then)),
            Step::Enrol => self.enrol(line, around)?,
            Step::Send(limits) => self.send(line, Some((Turn::Fresh, limits)), around)?,
            Step::Try(limits) => self.send(line, Some((Turn::Suspect, limits)), around)?,
            Step::Knock => self.send(line, None, around)?,
        }
        Ok(None)
    }

    fn enrol(&mut self, line: Option<&impl Line>, around: &impl Surroundings) -> Result<(), Ended> {
        let (Some(line), Some(code)) = (line, &self.code) else {
            self.answered(Answer::CodeRefused, 0, around);
            return Ok(());
        };
        let request = lock(&*self.identity.upgrade().ok_or(Ended)?).enrolment(code, &self.software);
        let answer = match line.enrol(&request) {
            Ok(enrolment) => self.enrolled(line.server(), enrolment, around)?,
            Err(answer) => answer,
        };
        self.answered(answer, 0, around);
        self.report()
    }

    fn enrolled(
        &self,
        server: &str,
        enrolment: Enrolment,
        around: &impl Surroundings,
    ) -> Result<Answer, Ended> {
        let (identity, outbox) = (still(&self.identity, around)?, still(&self.outbox, around)?);
        let mut identity = lock(&*identity);
        let before = identity.kiosk();
        if let Err(error) = identity.enrol(server, enrolment) {
            tracing::error!(target: MAINTENANCE, %error, "the enrolment could not be recorded");
            return Ok(Answer::DiskTrouble);
        }
        tracing::info!(target: MAINTENANCE, kiosk = %identity.kiosk(), "enrolled");
        if identity.kiosk() != before
            && let Err(error) = lock(&*outbox).begin_count(&mut identity)
        {
            tracing::warn!(target: MAINTENANCE, %error, "the count could not be begun anew yet");
        }
        Ok(Answer::Enrolled)
    }

    /// Sends what fits; without limits, nothing but a sign of life.
    fn send(
        &mut self,
        line: Option<&impl Line>,
        what: Option<(Turn, Limits)>,
        around: &impl Surroundings,
    ) -> Result<(), Ended> {
        let identity = self.identity.upgrade().ok_or(Ended)?;
        let (own, token, key) = {
            let identity = lock(&*identity);
            (identity.kiosk(), identity.token().cloned(), identity.signing_key().clone())
        };
        drop(identity);
        let (Some(line), Some(token)) = (line, token) else {
            self.answered(Answer::WrongToken { another: Another::None }, 0, around);
            return Ok(());
        };
        let outbox = self.outbox.upgrade().ok_or(Ended)?;
        let read = read(&mut lock(&*outbox), line.content(), what, &self.software, around.now());
        drop(outbox);
        // The alarm goes out even if nothing else can be read.
        let (mut batch, trouble) = match read {
            Ok(batch) => (batch, false),
            Err((alarm, error)) => {
                note(&error);
                (*alarm, true)
            }
        };
        let signed = Signed::batch(&batch, own, &token, &key);
        let outcome = line.send(&token, &signed);
        let items = std::mem::take(&mut batch.items);
        match outcome {
            Ok(_) if trouble => self.answered(Answer::DiskTrouble, 0, around),
            // What was said to another kiosk proves nothing here and asks nothing of this one.
            Ok(reply) if reply.kiosk.is_some_and(|named| named != own) => {
                self.answered(Answer::Nonsense, items.len(), around)
            }
            Ok(reply) => return self.obey(&items, reply, line, around),
            Err(Answer::WrongToken { .. }) => {
                let another = lock(&*still(&self.identity, around)?).swap_tokens();
                let another = if another { Another::Token } else { Another::None };
                self.answered(Answer::WrongToken { another }, items.len(), around)
            }
            Err(answer) => {
                let outbox = still(&self.outbox, around)?;
                let count = self.answered(answer, items.len(), around);
                if let (Some(count), [item]) = (count, &items[..]) {
                    self.refused(&outbox, item, count, around);
                }
                count
            }
        };
        self.report()
    }

    fn obey(
        &mut self,
        items: &[SealedItem],
        mut reply: BatchReply,
        line: &impl Line,
        around: &impl Surroundings,
    ) -> Result<(), Ended> {
        let mut news = News::of(&reply);
        let (results, sense) = obeyable(items, std::mem::take(&mut reply.results));
        if sense == Sense::Partial {
            news.limits = None;
        }
        self.server_time = Some(news.server_time);
        let outbox = still(&self.outbox, around)?;
        let settled = {
            let mut outbox = lock(&*outbox);
            let settled = outbox.settle(&results, &news, around.now());
            settled.and_then(|s| outbox.tidy().map(|()| s)).and_then(|s| Ok((s, outbox.waiting_by_turn()?)))
        };
        let (settlement, waiting) = match settled {
            Ok(settled) => settled,
            Err(error) => {
                note(&error);
                self.answered(Answer::DiskTrouble, items.len(), around);
                return Ok(());
            }
        };
        tell(&settlement, waiting);
        let (limits, next_poll_s) = (reply.limits, reply.next_poll_s);
        if let Some(identity) = self.identity.upgrade() {
            let (mut identity, mut outbox) = (lock(&*identity), lock(&*outbox));
            let offer = wishes::obey(reply, sense, &mut identity, &mut outbox, &mut self.random);
            if let Some(offer) = offer {
                line.offered(offer, &identity);
            }
        }
        drop(outbox);
        let answer = match sense {
            Sense::Partial => Answer::Nonsense,
            Sense::Whole => Answer::Taken(Taken {
                settled: settlement.delivered + settlement.quarantined,
                waiting,
                limits,
                next_poll: Duration::from_secs(next_poll_s.into()),
            }),
        };
        self.answered(answer, items.len(), around);
        self.report()
    }

    /// The server would not take a request with nothing but `item` in it.
    fn refused(
        &self,
        outbox: &Mutex<Outbox>,
        item: &SealedItem,
        count: outbox::Count,
        around: &impl Surroundings,
    ) {
        let mut outbox = lock(outbox);
        let server_time = self.server_time.unwrap_or_else(|| around.now());
        let outcome = outbox.refused(item.id, count).and_then(|refusals| {
            if refusals < MOST_REFUSALS {
                return Ok(());
            }
            tracing::warn!(
                target: MAINTENANCE,
                id = %item.id,
                bytes = item.sealed.0.len(),
                "the server takes others but not this submission; it is in quarantine now"
            );
            outbox.quarantine(item.id, "refused by the server again and again", server_time, around.now())
        });
        if let Err(error) = outcome {
            tracing::error!(target: MAINTENANCE, %error, "a refusal could not be noted");
        }
    }

    /// Tells the core, and the log if something is new.
    fn answered(&mut self, answer: Answer, sent: usize, around: &impl Surroundings) -> Option<outbox::Count> {
        let before = self.core.link();
        let now = around.moment();
        let count = self.core.answered(answer, sent, now, &mut self.random);
        if matches!(answer, Answer::Taken(_) | Answer::Enrolled) {
            self.last_success = Some(around.now());
        }
        let after = self.core.link();
        if before != after {
            let next_in_s = match self.core.next(now) {
                Step::RestUntil(then) => then.saturating_sub(now).as_secs(),
                Step::Enrol | Step::Send(_) | Step::Try(_) | Step::Knock => 0,
            };
            let cause = for_the_log(&format!("{answer:?}"));
            if after == LinkState::Online {
                tracing::info!(target: MAINTENANCE, link = ?after, "the server answers");
            } else {
                let what = "submissions stay here for now";
                tracing::warn!(target: MAINTENANCE, link = ?after, cause, next_in_s, "{what}");
            }
        }
        count
    }

    /// Shows how it goes.
    pub(super) fn report(&self) -> Result<(), Ended> {
        let outbox = self.outbox.upgrade().ok_or(Ended)?;
        let mut status = self.board.get();
        if let Ok(waiting) = lock(&*outbox).waiting() {
            status.waiting = waiting;
        }
        drop(outbox);
        status.link = self.core.link();
        status.last_success = self.last_success;
        self.board.set(status);
        Ok(())
    }
}

/// Puts a request together. When the disk does not let it, what is left is a sign of life with the alarm.
fn read(
    outbox: &mut Outbox,
    content: Option<ContentReport>,
    what: Option<(Turn, Limits)>,
    software: &str,
    now: Timestamp,
) -> Result<Batch, (Box<Batch>, outbox::Error)> {
    let mut batch = Batch { sent_at: now, content, ..Batch::default() };
    match fill(outbox, &mut batch, what, software) {
        Ok(()) => Ok(batch),
        Err(error) => {
            outbox.raise_alarm(&error, now);
            let report = Some(outbox.report(software));
            Err((Box::new(Batch { sent_at: now, report, ..Batch::default() }), error))
        }
    }
}

fn fill(
    outbox: &Outbox,
    batch: &mut Batch,
    what: Option<(Turn, Limits)>,
    software: &str,
) -> Result<(), outbox::Error> {
    let waiting = outbox.waiting_by_turn()?;
    batch.newest_stored = outbox.newest_delivered()?;
    batch.report = Some(outbox.report(software));
    batch.counts = outbox.counts()?;
    if let Some((turn, limits)) = what {
        let frame = serde_json::to_vec(&batch).map_or(0, |bytes| bytes.len());
        let max_bytes = limits.max_bytes.saturating_sub(frame);
        batch.items = outbox.next_batch(turn, &Limits { max_bytes, ..limits })?;
        // What the server misses shows only when it has been sent everything that waits.
        if turn == Turn::Fresh && u64::try_from(batch.items.len()).unwrap_or_default() < waiting.fresh {
            batch.counts.clear();
        }
    }
    batch.waiting = waiting.all().saturating_sub(u64::try_from(batch.items.len()).unwrap_or_default());
    Ok(())
}

fn note(error: &outbox::Error) {
    tracing::error!(target: MAINTENANCE, %error, "the outbox cannot be used; trying again later");
}

fn tell(settlement: &outbox::Settlement, waiting: Waiting) {
    let outbox::Settlement { delivered, quarantined, kept: _, revived, released } = *settlement;
    if revived > 0 {
        tracing::warn!(target: MAINTENANCE, revived, "the server has lost what it had; it is sent again");
    }
    if delivered + quarantined + released > 0 {
        let waiting = waiting.all();
        tracing::info!(target: MAINTENANCE, delivered, quarantined, released, waiting, "the server answered");
    }
}

/// What an answer is about, unless the engine was told to end while it waited for it: whoever told it so may
/// have begun to use the folder again.
fn still<T>(shared: &Weak<Mutex<T>>, around: &impl Surroundings) -> Result<Arc<Mutex<T>>, Ended> {
    if around.goes_on() { shared.upgrade().ok_or(Ended) } else { Err(Ended) }
}
