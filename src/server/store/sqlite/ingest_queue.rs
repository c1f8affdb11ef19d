//! The ingest queue: items that are stored and not opened yet, oldest first.
//!
//! A row enters with its submission, and leaves in the transaction that makes a case of it or quarantines it.
//! A quarantined item enters again when its key arrives or the server restarts.

use domain::id::{Epoch, KioskNumber, Seq};
use domain::policy::SlaPolicy;
use domain::seal::KeyId;
use domain::submission::Body;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{cases, moment};
use crate::store::error::StoreError;
use crate::store::model::cases::CaseId;
use crate::store::model::intake::{Envelope, OpenOutcome, OpenedItem, PendingItem, QuarantineReason};

/// The first items after `row`.
pub fn after(db: &Connection, row: i64, limit: usize) -> Result<Vec<PendingItem>, StoreError> {
    let mut query = db.prepare_cached(
        "select s.id, s.kiosk, s.started_at, s.received_at, s.uuid, s.queued_as, s.epoch, s.seq, s.key_id,
         s.sealed from ingest_queue u join sealed_item s on s.id = u.sealed_item
         where u.sealed_item > ?1 order by u.sealed_item limit ?2",
    )?;
    let mut rows = query.query((row, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kiosk = KioskNumber::new(row.get(1)?).ok_or(StoreError::Unreadable { what: "kiosk number" })?;
        found.push(PendingItem {
            row: row.get(0)?,
            kiosk,
            started_at: moment(row.get(2)?),
            received_at: moment(row.get(3)?),
            envelope: envelope(row, 4)?,
        });
    }
    Ok(found)
}

/// The envelope in the six columns from `first` on: uuid, queued_as, epoch, seq, key_id, sealed.
fn envelope(row: &Row<'_>, first: usize) -> Result<Envelope, StoreError> {
    let unreadable = |what| StoreError::Unreadable { what };
    let id: String = row.get(first)?;
    Ok(Envelope {
        id: id.parse().map_err(|_| unreadable("submission id"))?,
        kiosk: KioskNumber::new(row.get(first + 1)?).ok_or(unreadable("kiosk number"))?,
        epoch: Epoch(row.get(first + 2)?),
        seq: Seq(u64::try_from(row.get::<_, i64>(first + 3)?).map_err(|_| unreadable("place in the count"))?),
        key_id: KeyId(row.get(first + 4)?),
        sealed: row.get(first + 5)?,
    })
}

/// The envelope that a case was made of.
pub fn behind(db: &Connection, case: CaseId) -> Result<Option<Envelope>, StoreError> {
    let mut query = db.prepare_cached(
        "select s.uuid, s.queued_as, s.epoch, s.seq, s.key_id, s.sealed
         from sealed_item s join cases c on c.sealed_item = s.id where c.id = ?1",
    )?;
    let found = query.query_row([case.0], |row| Ok(envelope(row, 0))).optional()?;
    found.transpose()
}

/// Makes a case of an opened item, closes the call that it takes back, or quarantines it. Does nothing if the item
/// has left the queue already.
pub fn settle(db: &Connection, opened: &OpenedItem, policy: &SlaPolicy) -> Result<(), StoreError> {
    let of = &opened.of;
    let waits = db.prepare_cached("select 1 from ingest_queue where sealed_item = ?1")?.exists([of.row])?;
    if !waits {
        return Ok(());
    }
    let reason = match &opened.outcome {
        OpenOutcome::Quarantined(reason) => Some(*reason),
        OpenOutcome::Case(submission, digests, terms) => {
            if let Body::CallTakenBack { calls } = &submission.body {
                for call in calls {
                    cases::change::take_back(db, of.kiosk, *call, of.received_at, policy)?;
                }
                return quarantine(db, of.row, None);
            }
            let new = cases::NewCase {
                row: of.row,
                kiosk: of.kiosk,
                submission,
                digests: *digests,
                terms,
                started_at: of.started_at,
                received_at: of.received_at,
            };
            let opened = cases::open_case(db, &new, policy)?;
            if opened.is_some() {
                cases::change::end_if_taken_back(
                    db,
                    of.kiosk,
                    submission.case_number,
                    of.received_at,
                    policy,
                )?;
            }
            opened.is_none().then_some(QuarantineReason::TokenTaken)
        }
    };
    if let Some(reason) = reason {
        let (kiosk, id) = (of.kiosk, of.envelope.id);
        tracing::warn!(%kiosk, %id, reason = reason.key(), "a submission went into quarantine");
    }
    quarantine(db, of.row, reason)
}

/// Takes an item out of the queue, and stores why it is in quarantine; without a reason it became a case, or ended
/// one.
pub fn quarantine(db: &Connection, row: i64, reason: Option<QuarantineReason>) -> Result<(), StoreError> {
    db.prepare_cached("delete from ingest_queue where sealed_item = ?1")?.execute([row])?;
    db.prepare_cached(
        "update sealed_item set quarantine_reason = ?2 where id = ?1 and quarantine_reason is not ?2",
    )?
    .execute(params![row, reason.map(QuarantineReason::key)])?;
    Ok(())
}

/// Queues the quarantined items again that are sealed to this key, because the key has arrived.
pub fn try_again_with(db: &Connection, key_id: &str) -> Result<(), StoreError> {
    db.execute(
        "insert or ignore into ingest_queue
         select id from sealed_item where quarantine_reason = 'unknown-key' and key_id = ?1",
        [key_id],
    )?;
    Ok(())
}

/// Queues the quarantined items again that a newer program or a restored key may open. Returns how many.
pub fn try_again(db: &Connection) -> Result<usize, StoreError> {
    Ok(db.execute(
        "insert or ignore into ingest_queue
         select id from sealed_item where quarantine_reason in ('unknown-key', 'unreadable', 'failed')",
        [],
    )?)
}
