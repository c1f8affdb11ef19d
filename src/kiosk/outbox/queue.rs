//! Queueing: seals a draft, stores it in a row, and makes the visitor's receipt.
//!
//! A draft enters when the visitor sends it. When [`Outbox::queue`] returns a receipt, the item is on the
//! disk. Sending it is not here.

use std::fmt;
use std::io::Write;

use domain::Timestamp;
use domain::contact::Contact;
use domain::id::{CryptoRng, KioskNumber, Seq, SubmissionId};
use domain::kind::Kind;
use domain::language::Language;
use domain::place::PlaceRef;
use domain::receipt::{CaseNumber, TrackingToken};
use domain::seal::hex;
use domain::submission::{Body, Submission};
use domain::wire::SealedItem;
use rusqlite::{TransactionBehavior, params};
use zeroize::{Zeroize, Zeroizing};

use super::{Error, Outbox, rows};
use crate::identity::Identity;

/// What a visitor has filled in, before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The language in which staff should answer.
    pub language: Language,
    /// The place that the submission is about.
    pub place: Option<PlaceRef>,
    pub body: Body,
    /// How to reach the visitor, if they consented.
    pub contact: Option<Contact>,
}

impl Zeroize for Draft {
    /// Overwrites every text in it.
    fn zeroize(&mut self) {
        self.place = None;
        wipe(&mut self.body, &mut self.contact);
    }
}

fn wipe(body: &mut Body, contact: &mut Option<Contact>) {
    match body {
        Body::ServiceRequest | Body::CallTakenBack { .. } => {}
        Body::Answers(answers) => answers.wipe(),
    }
    contact.zeroize();
}

/// What the visitor gets after sending.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The case number.
    pub case_number: CaseNumber,
    /// The tracking token in the QR code.
    pub token: TrackingToken,
    /// The content of the QR code; none before enrolment.
    pub tracking_url: Option<String>,
    /// The kind of the submission.
    pub kind: Kind,
    /// When the submission was queued, by the kiosk's clock.
    pub created_at: Timestamp,
    /// When an answer is promised, if it is.
    pub answer_due: Option<Timestamp>,
}

/// A secret: the token opens the case and must not reach a log.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({}, {}, token hidden)", self.case_number, self.kind.key())
    }
}

impl Outbox {
    /// Seals a draft and stores it. When this returns, the submission survives a power cut.
    ///
    /// # Errors
    /// [`Error`]: it is not stored, and the page must show another way to reach the mall.
    pub fn queue(
        &mut self,
        draft: &Draft,
        identity: &Identity,
        now: Timestamp,
        random: &mut impl CryptoRng,
    ) -> Result<Receipt, Error> {
        self.alarms.set_time(now);
        let outcome = self.try_queue(draft, identity, now, random);
        wipe_stack();
        self.note_disk_failure(outcome)
    }

    fn try_queue(
        &mut self,
        draft: &Draft,
        identity: &Identity,
        now: Timestamp,
        random: &mut impl CryptoRng,
    ) -> Result<Receipt, Error> {
        let (kiosk, epoch) = (identity.kiosk(), self.epoch);
        let (run, uptime_ms) = (self.run, rows::whole_millis(self.uptime()));
        // The row keeps milliseconds; the sealed copy must match.
        let created_at = Timestamp::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now);
        let id = SubmissionId::new(now, random);
        let token = TrackingToken::new(kiosk, identity.receipt_key(), random);

        let key = identity.sealing_key();
        let sealer = self.sealer.take().filter(|sealer| sealer.key() == key);
        let sealer = sealer.unwrap_or_else(|| key.sealer(random));

        let transaction = self.writer()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let seq = Seq(transaction
            .prepare_cached("update counter set next_seq = next_seq + 1 returning next_seq - 1")?
            .query_row((), |row| row.get(0))?);
        let case_number = if kiosk == KioskNumber::NOT_ENROLLED {
            CaseNumber::random(random)
        } else {
            CaseNumber::new(kiosk, epoch, seq)
        };
        let mut submission = Submission {
            case_number,
            token_digest: hex(&token.digest().0),
            code_digest: hex(&token.code().digest(case_number, &token.digest()).0),
            language: draft.language,
            created_at,
            place: draft.place.clone(),
            body: draft.body.clone(),
            contact: draft.contact.clone(),
        };
        let facts = submission.facts();
        let plain = json(&submission);
        wipe(&mut submission.body, &mut submission.contact);
        let sealed = sealer.seal(&plain, &SealedItem::context(kiosk, epoch, seq, id));
        drop(plain);

        let kind = draft.body.kind();
        transaction
            .prepare_cached(
                "insert into waiting
                     (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, run, uptime_ms)
                 values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                id.to_string(),
                kiosk.to_string(),
                epoch.0,
                seq.0,
                kind.key(),
                created_at.timestamp_millis(),
                key.id().0,
                SealedItem::hash(&sealed),
                &sealed,
                run,
                uptime_ms,
            ])?;
        transaction.commit()?;
        Ok(Receipt {
            case_number,
            tracking_url: identity.tracking_url().map(|prefix| format!("{prefix}{token}")),
            token,
            kind,
            created_at,
            answer_due: identity.policy().answer_due(facts, created_at),
        })
    }
}

impl Outbox {
    /// Prepares the key exchange for the next submission, so that its visitor waits only for the disk.
    pub fn make_ready(&mut self, identity: &Identity, random: &mut impl CryptoRng) {
        let key = identity.sealing_key();
        if self.sealer.as_ref().is_none_or(|sealer| sealer.key() != key) {
            self.sealer = Some(key.sealer(random));
            wipe_stack();
        }
    }
}

/// Overwrites this thread's stack below the caller. The cipher leaves parts of the plain text there, and an
/// idle thread would keep them.
#[inline(never)]
fn wipe_stack() {
    // In words: byte by byte, this alone would take a tenth of a millisecond.
    let mut left = [0_u64; 32 * 1024];
    left.zeroize();
    std::hint::black_box(&left);
}

/// Counts bytes instead of writing them.
struct Length(usize);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The submission as JSON, in one buffer that is never reallocated and is overwritten when dropped.
fn json(submission: &Submission) -> Zeroizing<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, submission).expect("a submission is plain data");
    let mut buffer = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *buffer, submission).expect("a submission is plain data");
    buffer
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use domain::id::Epoch;

    use super::*;

    #[test]
    fn case_numbers_of_neighbouring_epochs_never_collide() {
        let kiosk = KioskNumber::new(3).expect("a number");
        for first in [1, 64, 777_777_777, u32::MAX - 200] {
            let numbers: HashSet<CaseNumber> = (first..first + 100)
                .flat_map(|epoch| (1..=1000).map(move |seq| CaseNumber::new(kiosk, Epoch(epoch), Seq(seq))))
                .collect();
            assert_eq!(numbers.len(), 100_000);
        }
    }
}
