//! The opener: a background thread that opens received items and makes cases of them.
//!
//! Opening an envelope costs a tenth of a millisecond and making a case of it about as much, which no kiosk
//! should wait for. The items come from the ingest queue in the database, not from memory: a server that was
//! killed resumes where it stopped, and a flood waits on the disk. One piece is opened while the piece before
//! is being written; more than that is never in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use domain::form::{self, Answer, Answers, FormCatalog};
use domain::policy::SlaPolicy;
use domain::seal::{KeyId, PrivateKey};
use domain::submission::{Body, Submission};

use crate::intake::work_signal::WorkSignal;
use crate::publications::forms::FormStore;
use crate::secret::Digest;
use crate::store::intake::{
    Envelope, IngestQueue, OpenOutcome, OpenedItem, Pending, PendingItem, QuarantineReason, ReceiptDigests,
    SearchTerms,
};
use crate::store::{OpenError, Store, StoreError};
use crate::telephone::Telephones;
use crate::words;

/// Items in a piece: ten milliseconds of work for the writer.
const PIECE: usize = 64;
/// How long to wait after the store has failed.
const PAUSE: Duration = Duration::from_secs(5);

/// A handle to the thread, which ends when the handle is dropped.
#[derive(Debug)]
pub struct Opener {
    signal: Arc<WorkSignal>,
    thread: Option<JoinHandle<()>>,
}

struct Work {
    store: Arc<Store>,
    queue: IngestQueue,
    own: (KeyId, PrivateKey),
    policy: SlaPolicy,
    forms: Arc<FormStore>,
    telephones: Arc<Telephones>,
    signal: Arc<WorkSignal>,
}

impl Opener {
    /// Starts the thread. `signal` wakes it when there is work.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn start(
        store: Arc<Store>,
        key: PrivateKey,
        policy: SlaPolicy,
        forms: Arc<FormStore>,
        telephones: Arc<Telephones>,
        signal: Arc<WorkSignal>,
    ) -> Result<Self, OpenError> {
        let own = (key.public().id(), key);
        let queue = store.intake().queue()?;
        let work = Work { store, queue, own, policy, forms, telephones, signal: Arc::clone(&signal) };
        let thread = std::thread::Builder::new()
            .name("opener".to_owned())
            .spawn(move || work.run())
            .expect("the system lets a program start a thread");
        Ok(Self { signal, thread: Some(thread) })
    }
}

impl Drop for Opener {
    fn drop(&mut self) {
        self.signal.shutdown();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the thread that opens envelopes had died");
        }
    }
}

impl Work {
    fn run(&self) {
        give_way();
        // Items may be left from the last run, and a newer program or a restored key may open quarantined
        // ones.
        match self.store.intake().retry_quarantined().and_then(Pending::wait) {
            Ok(_) => self.signal.notify(),
            Err(StoreError::Closed) => return,
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "nothing was tried again")
            }
        }
        while let Some(notice) = self.signal.wait() {
            match self.all() {
                Ok(()) => self.signal.done(notice),
                Err(StoreError::Closed) => return,
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "what arrived could not be opened yet");
                    self.signal.pause(PAUSE);
                }
            }
        }
    }

    /// Works until the queue is empty.
    fn all(&self) -> Result<(), StoreError> {
        let mut last = 0;
        let mut writing: Option<Writing> = None;
        while !self.signal.is_shut_down() {
            let piece = self.queue.after(last, PIECE)?;
            let Some(end) = piece.last().map(|u| u.row) else { break };
            last = end;
            let opened = Arc::new(self.open(piece)?);
            self.finish(writing.take())?;
            writing = Some(self.begin(opened)?);
        }
        self.finish(writing)
    }

    fn open(&self, piece: Vec<PendingItem>) -> Result<Vec<OpenedItem>, StoreError> {
        let mut keys: HashMap<KeyId, Option<PrivateKey>> = HashMap::new();
        keys.insert(self.own.0.clone(), Some(self.own.1.clone()));
        let opened = piece.into_iter().map(|of| {
            let id = &of.envelope.key_id;
            if !keys.contains_key(id) {
                keys.insert(id.clone(), self.queue.opening_key(id)?);
            }
            let outcome = open(&of.envelope, keys.get(id).and_then(Option::as_ref));
            Ok(OpenedItem { of, outcome })
        });
        let mut opened: Vec<OpenedItem> = opened.collect::<Result<_, StoreError>>()?;
        let answers = opened.iter().filter_map(|one| one.outcome.answers());
        self.forms.learn(answers, || self.queue.forms())?;
        let catalog = self.forms.catalog();
        for one in &mut opened {
            if let OpenOutcome::Case(submission, _, terms) = &mut one.outcome {
                *terms = self.terms(submission, &catalog);
            }
        }
        Ok(opened)
    }

    fn terms(&self, submission: &Submission, catalog: &FormCatalog) -> SearchTerms {
        let phone = submission.contact.as_ref().and_then(|contact| contact.phone.as_ref());
        let choices = match &submission.body {
            Body::Answers(answers) => choices(answers, catalog),
            Body::ServiceRequest | Body::CallTakenBack { .. } => String::new(),
        };
        SearchTerms { telephone: phone.map(|phone| self.telephones.digest(phone)), choices }
    }

    fn begin(&self, opened: Arc<Vec<OpenedItem>>) -> Result<Writing, StoreError> {
        let pending = self.store.intake().settle(Arc::clone(&opened), self.policy.clone())?;
        Ok(Writing { opened, pending })
    }

    /// Waits for the write of a piece. If the store cannot write the piece, its items are written one by one,
    /// and an item that fails is quarantined: the others must not wait behind it for ever.
    fn finish(&self, writing: Option<Writing>) -> Result<(), StoreError> {
        let Some(Writing { opened, pending }) = writing else { return Ok(()) };
        match pending.wait() {
            Err(StoreError::Database(_) | StoreError::Unreadable { .. }) => {}
            other => return other,
        }
        opened.iter().enumerate().try_for_each(|(at, _)| self.write_alone(&opened, at))
    }

    fn write_alone(&self, opened: &Arc<Vec<OpenedItem>>, at: usize) -> Result<(), StoreError> {
        let intake = self.store.intake();
        let error = match intake.settle_one(Arc::clone(opened), at, self.policy.clone())?.wait() {
            Err(error @ (StoreError::Database(_) | StoreError::Unreadable { .. })) => error,
            other => return other,
        };
        let (of, error): (_, &dyn std::error::Error) = (&opened[at].of, &error);
        tracing::error!(id = %of.envelope.id, error, "no case could be made of a submission");
        intake.give_up(of.row)?.wait()
    }
}

/// A piece that is being written.
struct Writing {
    opened: Arc<Vec<OpenedItem>>,
    pending: Pending<()>,
}

/// Lowers the priority of this thread, so that threads that answer requests get the CPU first.
fn give_way() {
    const NICE: i32 = 10;
    if let Err(cause) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICE) {
        tracing::debug!(%cause, "the opener works at the priority of the others");
    }
}

/// What was chosen from lists, as staff read it.
fn choices(answers: &Answers, catalog: &FormCatalog) -> String {
    let form = catalog.get(&answers.form, answers.version);
    let chosen = answers.answers.iter().filter(|(_, answer)| matches!(answer, Answer::Chosen(_)));
    let said = chosen.flat_map(|(id, answer)| {
        let ask = form.and_then(|form| form.field(id)).map(|field| &field.ask);
        words::console_languages().iter().map(move |language| form::value(ask, answer, *language))
    });
    said.collect::<Vec<_>>().join(" ")
}

/// Opens an envelope and parses its submission. If either fails, the item is to be quarantined.
fn open(envelope: &Envelope, key: Option<&PrivateKey>) -> OpenOutcome {
    let Some(key) = key else { return OpenOutcome::Quarantined(QuarantineReason::UnknownKey) };
    match envelope.open(key) {
        Ok(submission) => match (digest(&submission.token_digest), digest(&submission.code_digest)) {
            (Some(token), Some(code)) => {
                let digests = ReceiptDigests { token, code };
                OpenOutcome::Case(Box::new(submission), digests, SearchTerms::default())
            }
            _ => OpenOutcome::Quarantined(QuarantineReason::Unreadable),
        },
        Err(reason) => OpenOutcome::Quarantined(reason),
    }
}

/// Parses a digest of 64 hexadecimal digits; none for anything else.
fn digest(hex: &str) -> Option<Digest> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    (digits.len() == 64).then_some(())?;
    bytes.try_into().ok().map(Digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_of_another_shape_is_none() {
        assert!(digest(&"ab".repeat(32)).is_some());
        for wrong in ["", "ab", &"ab".repeat(33), &"xy".repeat(32), &"a".repeat(63)] {
            assert!(digest(wrong).is_none(), "{wrong}");
        }
    }
}
