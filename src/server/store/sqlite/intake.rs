//! Stores what kiosks send, as it arrives and before it is opened. Intake is idempotent.
//!
//! The kiosk chooses the id of a submission, so sending it again is harmless. A second submission with the
//! same seq is the mark of a cloned disk: it is stored like any other, and counted, so that staff see it.
//! Different bytes under a taken id are quarantined as a conflict.

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq};
use domain::seal::hex;
use domain::wire::{ItemResult, ItemStatus, SeqWatermark};
use rusqlite::{Connection, params};

use super::{content, kiosks, millis, tally};
use crate::store::error::StoreError;
use crate::store::model::fleet::TokenUse;
use crate::store::model::intake::{BatchItem, KeptBatch, ReceivedBatch, ReceivedItem, UnparsedItem};

/// The result of storing one item.
#[derive(Debug)]
pub struct Kept {
    /// The item result for the kiosk.
    pub result: ItemResult,
    /// Whether another submission has its seq.
    pub slot: SeqUse,
}

/// Whether a seq belongs to one submission only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeqUse {
    /// It does, as it should.
    Unique,
    /// Another submission came with it before: two disks count under one epoch.
    Collision,
}

/// The most watermarks that are compared for one batch.
const MAX_WATERMARKS: usize = 8;

/// Stores a batch, and compares the watermarks of the kiosk with what is stored.
pub fn keep_batch(db: &Connection, batch: ReceivedBatch, now: Timestamp) -> Result<KeptBatch, StoreError> {
    let ReceivedBatch { kiosk, token, token_use, next_token, oldest_token, call, content, .. } = &batch;
    let kiosk = *kiosk;
    if *token_use == TokenUse::First {
        kiosks::begin_token(db, *token, now)?;
    }
    kiosks::heard(db, kiosk, call, now)?;
    if let Some(report) = content {
        content::reported(db, kiosk, report)?;
    }
    let token_replaced = kiosks::renew_token(db, *token, *oldest_token, *next_token, now)?;
    let mut kept = KeptBatch {
        offer: content::offer(db)?,
        fleet: kiosks::fleet(db)?,
        retries_requested: kiosks::retries_requested(db, kiosk)?,
        token_replaced,
        results: Vec::with_capacity(batch.items.len()),
        ..KeptBatch::default()
    };
    for item in &batch.items {
        let result = keep_item(db, kiosk, item, now, &mut kept)?;
        kept.results.push(result);
    }
    compare(db, kiosk, &batch, &mut kept)?;
    if kept.shared_epoch.is_some() {
        tally::note_copy(db, kiosk, now)?;
    }
    Ok(kept)
}

fn keep_item(
    db: &Connection,
    kiosk: KioskNumber,
    item: &BatchItem,
    now: Timestamp,
    batch: &mut KeptBatch,
) -> Result<ItemResult, StoreError> {
    match item {
        BatchItem::Decided(result) => Ok(result.clone()),
        BatchItem::Unparsed(item) => keep_unparsed(db, kiosk, item, now),
        BatchItem::Received(item, started_at) => {
            let kept = keep(db, kiosk, item, *started_at, now)?;
            if kept.slot == SeqUse::Collision {
                batch.shared_epoch = Some(item.envelope.epoch);
            }
            Ok(kept.result)
        }
    }
}

/// Compares the watermarks of a kiosk with what is stored. The first is of its current epoch: if a higher seq
/// is stored there, another disk uses the epoch too.
fn compare(
    db: &Connection,
    kiosk: KioskNumber,
    batch: &ReceivedBatch,
    kept: &mut KeptBatch,
) -> Result<(), StoreError> {
    for (at, of) in batch.watermarks.iter().take(MAX_WATERMARKS).enumerate() {
        let tally = tally::compare(db, kiosk, *of)?;
        kept.missing.extend(tally.missing(*of));
        kept.contiguous.push(SeqWatermark { last: Seq(tally.contiguous), ..*of });
        if at == 0 && tally.highest > of.last.0 {
            kept.shared_epoch = Some(of.epoch);
        }
    }
    if let Some(newest) = batch.newest_stored {
        kept.newest_unknown = !tally::knows(db, newest)?;
    }
    Ok(())
}

/// Stores one item, in the caller's transaction.
pub fn keep(
    db: &Connection,
    kiosk: KioskNumber,
    item: &ReceivedItem,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let kept =
        |status, sha256: &str, slot| Kept { result: ItemResult::new(item.envelope.id, status, sha256), slot };
    match existing(db, kiosk, item)? {
        Existing::Same { row, owner } => {
            let place = seq_use(db, owner, item, row)?;
            if owner != kiosk.get() {
                note_alias(db, kiosk, item)?;
            }
            Ok(kept(ItemStatus::Duplicate, &item.sha256, place))
        }
        Existing::Other { row, sha256 } => {
            keep_conflict(db, kiosk, item, row, now)?;
            Ok(kept(ItemStatus::Conflict, &sha256, SeqUse::Unique))
        }
        Existing::No => {
            let place = insert(db, kiosk, item, started_at, now)?;
            Ok(kept(ItemStatus::Stored, &item.sha256, place))
        }
    }
}

/// Whether a row before `row` has the same seq.
fn seq_use(db: &Connection, owner: u32, item: &ReceivedItem, row: i64) -> Result<SeqUse, StoreError> {
    let shared = db
        .prepare_cached(
            "select 1 from sealed_item
             where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq = ?4 and id < ?5",
        )?
        .exists(params![owner, item.envelope.kiosk.get(), item.envelope.epoch.0, seq(item), row])?;
    Ok(if shared { SeqUse::Collision } else { SeqUse::Unique })
}

/// Notes that a seq of this kiosk arrived under another kiosk number, so that it does not count as missing.
fn note_alias(db: &Connection, kiosk: KioskNumber, item: &ReceivedItem) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into seq_alias (kiosk, queued_as, epoch, seq) values (?1, ?2, ?3, ?4)",
    )?
    .execute(params![kiosk.get(), item.envelope.kiosk.get(), item.envelope.epoch.0, seq(item)])?;
    Ok(())
}

fn seq(item: &ReceivedItem) -> i64 {
    i64::try_from(item.envelope.seq.0).unwrap_or(i64::MAX)
}

/// Stores an item whole, of which only id, bytes and hash could be read.
pub fn keep_unparsed(
    db: &Connection,
    kiosk: KioskNumber,
    item: &UnparsedItem,
    now: Timestamp,
) -> Result<ItemResult, StoreError> {
    let new = db
        .prepare_cached(
            "insert into unparsed_item (kiosk, uuid, received_at, sha256, raw) values (?1, ?2, ?3, unhex(?4), ?5)
             on conflict do nothing",
        )?
        .execute(params![kiosk.get(), item.id.to_string(), millis(now), item.sha256, item.raw.as_bytes()])?;
    if new == 1 {
        tracing::warn!(%kiosk, id = %item.id, "an item could not be read and went into quarantine");
    }
    let status = if new == 1 { ItemStatus::Stored } else { ItemStatus::Duplicate };
    Ok(ItemResult::new(item.id, status, &item.sha256))
}

/// What is stored under the id of an item.
enum Existing {
    No,
    Same { row: i64, owner: u32 },
    Other { row: i64, sha256: String },
}

/// Looks for the id among all kiosks: a kiosk that enrolled again under another number may resend what
/// arrived under its old one.
fn existing(db: &Connection, kiosk: KioskNumber, item: &ReceivedItem) -> Result<Existing, StoreError> {
    let mut query = db.prepare_cached("select id, kiosk, sha256 from sealed_item where uuid = ?1")?;
    let mut rows = query.query([item.envelope.id.to_string()])?;
    let mut known = Existing::No;
    while let Some(row) = rows.next()? {
        let sha256 = hex(row.get_ref(2)?.as_blob().unwrap_or_default());
        if sha256 == item.sha256 {
            return Ok(Existing::Same { row: row.get(0)?, owner: row.get(1)? });
        }
        if row.get::<_, u32>(1)? == kiosk.get() {
            known = Existing::Other { row: row.get(0)?, sha256 };
        }
    }
    Ok(known)
}

fn insert(
    db: &Connection,
    kiosk: KioskNumber,
    item: &ReceivedItem,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<SeqUse, StoreError> {
    let envelope = &item.envelope;
    let seq = seq(item);
    let taken = db
        .prepare_cached(
            "select 1 from sealed_item where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq = ?4",
        )?
        .exists(params![kiosk.get(), envelope.kiosk.get(), envelope.epoch.0, seq])?;
    db.prepare_cached(
        "insert into sealed_item (kiosk, uuid, queued_as, epoch, seq, kind, created_at, started_at,
         received_at, key_id, sha256, sealed)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, unhex(?11), ?12)",
    )?
    .execute(params![
        kiosk.get(),
        envelope.id.to_string(),
        envelope.kiosk.get(),
        envelope.epoch.0,
        seq,
        item.kind,
        millis(item.created_at),
        millis(started_at),
        millis(now),
        envelope.key_id.0,
        item.sha256,
        envelope.sealed,
    ])?;
    db.prepare_cached("insert into ingest_queue (sealed_item) values (?1)")?
        .execute([db.last_insert_rowid()])?;
    if taken {
        tracing::warn!(%kiosk, id = %envelope.id, seq, "two submissions claim one place in the count");
    }
    add_up(db, kiosk, (envelope.kiosk, envelope.epoch, seq), taken, now)?;
    Ok(if taken { SeqUse::Collision } else { SeqUse::Unique })
}

fn add_up(
    db: &Connection,
    kiosk: KioskNumber,
    (queued_as, epoch, seq): (KioskNumber, Epoch, i64),
    taken: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (distinct_seqs, collisions, collision_at) =
        if taken { (0, 1, Some(millis(now))) } else { (1, 0, None) };
    db.prepare_cached(
        "insert into tally (kiosk, queued_as, epoch, highest, distinct_seqs, collisions, collision_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict do update set highest = max(highest, excluded.highest), distinct_seqs = distinct_seqs + excluded.distinct_seqs,
         collisions = collisions + excluded.collisions, collision_at = coalesce(excluded.collision_at, collision_at)",
    )?
    .execute(params![kiosk.get(), queued_as.get(), epoch.0, seq, distinct_seqs, collisions, collision_at])?;
    Ok(())
}

/// Stores different bytes that came under a taken id.
fn keep_conflict(
    db: &Connection,
    kiosk: KioskNumber,
    item: &ReceivedItem,
    stored: i64,
    now: Timestamp,
) -> Result<(), StoreError> {
    let envelope = &item.envelope;
    let new = db
        .prepare_cached(
            "insert into conflict (kiosk, uuid, queued_as, epoch, seq, kind, created_at, received_at, key_id,
             sha256, sealed, stored)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, unhex(?10), ?11, ?12) on conflict do nothing",
        )?
        .execute(params![
            kiosk.get(),
            envelope.id.to_string(),
            envelope.kiosk.get(),
            envelope.epoch.0,
            seq(item),
            item.kind,
            millis(item.created_at),
            millis(now),
            envelope.key_id.0,
            item.sha256,
            envelope.sealed,
            stored,
        ])?;
    if new == 1 {
        tracing::warn!(%kiosk, id = %envelope.id, "different bytes came under an id that is taken");
    }
    Ok(())
}
