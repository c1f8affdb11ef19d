//! Taking in: what a visitor said becomes sealed bytes in a row, and a receipt in their hand.

use std::fmt;
use std::io::Write;

use domain::Timestamp;
use domain::contact::Contact;
use domain::id::{CryptoRng, Epoch, KioskNumber, Seq, SubmissionId};
use domain::kind::Kind;
use domain::language::Language;
use domain::place::PlaceRef;
use domain::receipt::{CaseNumber, TrackingToken};
use domain::seal::{KeyId, hex};
use domain::submission::{Body, Submission};
use domain::wire::{Bytes, SealedItem};
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Row, TransactionBehavior, params};
use zeroize::{Zeroize, Zeroizing};

use super::{Error, Outbox, batch};
use crate::identity::Identity;

/// What a visitor said, complete, before it is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The language to answer in.
    pub language: Language,
    /// Where it happened.
    pub place: Option<PlaceRef>,
    /// What was said.
    pub body: Body,
    /// How to reach them, if they want to be reached.
    pub contact: Option<Contact>,
}

impl Zeroize for Said {
    /// Overwrites every word.
    fn zeroize(&mut self) {
        self.place = None;
        wipe(&mut self.body, &mut self.contact);
    }
}

fn wipe(body: &mut Body, contact: &mut Option<Contact>) {
    match body {
        Body::ServiceRequest => {}
        Body::Answers(answers) => answers.wipe(),
    }
    contact.zeroize();
}

/// What the visitor takes away.
#[derive(Clone, PartialEq, Eq)]
pub struct Receipt {
    /// To say aloud.
    pub case_number: CaseNumber,
    /// Opens the tracking page.
    pub token: TrackingToken,
    /// What the QR code holds; none before any server has said where its pages are.
    pub tracking_url: Option<String>,
    /// What kind of thing was said.
    pub kind: Kind,
    /// When, by the kiosk's clock.
    pub created_at: Timestamp,
    /// When somebody will have answered; none if nothing is promised.
    pub answer_due: Option<Timestamp>,
}

/// Whoever reads a log must not be able to open the case.
impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt({}, {}, token hidden)", self.case_number, self.kind.key())
    }
}

impl Outbox {
    /// Seals what was said and puts it on the disk. When this returns, it survives a power cut.
    ///
    /// # Errors
    /// [`Error`]: it is not safe, and the visitor has to be told another way to be heard.
    pub fn queue(
        &mut self,
        said: &Said,
        identity: &Identity,
        now: Timestamp,
        random: &mut impl CryptoRng,
    ) -> Result<Receipt, Error> {
        self.alarms.look_at(now);
        let outcome = self.try_queue(said, identity, now, random);
        wipe_stack();
        self.noting(outcome)
    }

    fn try_queue(
        &mut self,
        said: &Said,
        identity: &Identity,
        now: Timestamp,
        random: &mut impl CryptoRng,
    ) -> Result<Receipt, Error> {
        let (kiosk, epoch) = (identity.kiosk(), self.epoch);
        let (run, uptime_ms) = (self.run, batch::millis(self.uptime()));
        // The row keeps milliseconds; the sealed copy must not say anything else.
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
            language: said.language,
            created_at,
            place: said.place.clone(),
            body: said.body.clone(),
            contact: said.contact.clone(),
        };
        let facts = submission.facts();
        let plain = json(&submission);
        wipe(&mut submission.body, &mut submission.contact);
        let sealed = sealer.seal(&plain, &SealedItem::context(kiosk, epoch, seq, id));
        drop(plain);

        let kind = said.body.kind();
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
    /// Does beforehand what can be done before anybody says anything, so that the next visitor waits for
    /// little more than the disk.
    pub fn make_ready(&mut self, identity: &Identity, random: &mut impl CryptoRng) {
        let key = identity.sealing_key();
        if self.sealer.as_ref().is_none_or(|sealer| sealer.key() != key) {
            self.sealer = Some(key.sealer(random));
            wipe_stack();
        }
    }
}

/// Overwrites what the calls that have returned left on this thread's stack: a cipher works on pieces of the
/// plain text there, and a thread that waits for the next visitor would keep them.
#[inline(never)]
fn wipe_stack() {
    // Word by word: byte by byte, this alone would take a visitor a tenth of a millisecond.
    let mut left = [0_u64; 32 * 1024];
    left.zeroize();
    std::hint::black_box(&left);
}

/// Counts what would be written.
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

/// The submission as JSON, in one buffer that never moved and is overwritten when dropped.
fn json(submission: &Submission) -> Zeroizing<Vec<u8>> {
    let mut length = Length(0);
    serde_json::to_writer(&mut length, submission).expect("a submission is plain data");
    let mut buffer = Zeroizing::new(Vec::with_capacity(length.0));
    serde_json::to_writer(&mut *buffer, submission).expect("a submission is plain data");
    buffer
}

/// The first nine columns of `waiting` and of `quarantined`.
pub(super) fn item(row: &Row<'_>) -> Result<SealedItem, rusqlite::Error> {
    Ok(SealedItem {
        id: parsed(row, 0, |text| text.parse().ok())?,
        kiosk: parsed(row, 1, |text| text.parse().ok())?,
        epoch: Epoch(row.get(2)?),
        seq: Seq(row.get(3)?),
        kind: parsed(row, 4, |text| Kind::ALL.into_iter().find(|kind| kind.key() == text))?,
        created_at: millis(row, 5)?,
        key_id: KeyId(row.get(6)?),
        sha256: row.get(7)?,
        sealed: Bytes(row.get(8)?),
        age_ms: None,
    })
}

pub(super) fn parsed<T>(
    row: &Row<'_>,
    column: usize,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<T, rusqlite::Error> {
    let text = row.get_ref(column)?.as_str().map_err(|cause| conversion(column, Type::Text, cause))?;
    parse(text).ok_or_else(|| conversion(column, Type::Text, FromSqlError::InvalidType))
}

pub(super) fn millis(row: &Row<'_>, column: usize) -> Result<Timestamp, rusqlite::Error> {
    let millis = row.get(column)?;
    Timestamp::from_timestamp_millis(millis)
        .ok_or_else(|| conversion(column, Type::Integer, FromSqlError::OutOfRange(millis)))
}

fn conversion(column: usize, kind: Type, cause: FromSqlError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(cause))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_numbers_of_a_hundred_disks_in_a_row_do_not_meet() {
        let kiosk = KioskNumber::new(3).expect("a number");
        for first in [1, 64, 777_777_777, u32::MAX - 200] {
            let numbers: HashSet<CaseNumber> = (first..first + 100)
                .flat_map(|epoch| (1..=1000).map(move |seq| CaseNumber::new(kiosk, Epoch(epoch), Seq(seq))))
                .collect();
            assert_eq!(numbers.len(), 100_000);
        }
    }
}
