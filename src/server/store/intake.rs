//! Taking in what kiosks send: written down as it came, before anybody looks into it, and never twice.
//!
//! The kiosk's id for a submission makes sending it again harmless. A second submission in the same place
//! of the count is the mark of a cloned disk: it is kept like any other, and counted, so that staff are
//! told. Different bytes under the same id are no submission of their own: they are kept aside.

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber};
use domain::seal::hex;
use domain::wire::{ItemResult, ItemStatus};
use rusqlite::{Connection, params};

use super::{StoreError, millis};
use crate::ingest::{Incoming, Odd};

/// What became of one arrival.
#[derive(Debug)]
pub struct Kept {
    /// The answer to the kiosk.
    pub result: ItemResult,
    /// Whether its place in the count is its own.
    pub place: Place,
}

/// Whether a place in the count is one submission's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// As it should be.
    Own,
    /// Another submission came to it before: two disks count under one epoch.
    Shared,
}

/// Keeps one arrival. Everything about it happens in the caller's transaction.
pub fn keep(
    db: &Connection,
    kiosk: KioskNumber,
    item: &Incoming,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Kept, StoreError> {
    let kept = |status, sha256: &str, place| Kept {
        result: ItemResult::new(item.envelope.id, status, sha256),
        place,
    };
    match known(db, kiosk, item)? {
        Known::Same { row, owner } => {
            let place = whose_place(db, owner, item, row)?;
            if owner != kiosk.get() {
                note_elsewhere(db, kiosk, item)?;
            }
            Ok(kept(ItemStatus::Duplicate, &item.sha256, place))
        }
        Known::Other { row, sha256 } => {
            set_beside(db, kiosk, item, row, now)?;
            Ok(kept(ItemStatus::Conflict, &sha256, Place::Own))
        }
        Known::No => {
            let place = insert(db, kiosk, item, started_at, now)?;
            Ok(kept(ItemStatus::Stored, &item.sha256, place))
        }
    }
}

/// Whether anything came before `row` to its place in the count.
fn whose_place(db: &Connection, owner: u32, item: &Incoming, row: i64) -> Result<Place, StoreError> {
    let shared = db
        .prepare_cached(
            "select 1 from submission
             where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq = ?4 and id < ?5",
        )?
        .exists(params![owner, item.envelope.kiosk.get(), item.envelope.epoch.0, seq(item), row])?;
    Ok(if shared { Place::Shared } else { Place::Own })
}

/// A place in this kiosk's count is not missing because it arrived under another number.
fn note_elsewhere(db: &Connection, kiosk: KioskNumber, item: &Incoming) -> Result<(), StoreError> {
    db.prepare_cached(
        "insert or ignore into seq_alias (kiosk, queued_as, epoch, seq) values (?1, ?2, ?3, ?4)",
    )?
    .execute(params![kiosk.get(), item.envelope.kiosk.get(), item.envelope.epoch.0, seq(item)])?;
    Ok(())
}

fn seq(item: &Incoming) -> i64 {
    i64::try_from(item.envelope.seq.0).unwrap_or(i64::MAX)
}

/// Keeps an item of which only id, bytes and hash could be read, whole.
pub fn keep_odd(
    db: &Connection,
    kiosk: KioskNumber,
    odd: &Odd,
    now: Timestamp,
) -> Result<ItemResult, StoreError> {
    let new = db
        .prepare_cached(
            "insert into unparsed_item (kiosk, uuid, received_at, sha256, raw) values (?1, ?2, ?3, unhex(?4), ?5)
             on conflict do nothing",
        )?
        .execute(params![kiosk.get(), odd.id.to_string(), millis(now), odd.sha256, odd.raw.as_bytes()])?;
    if new == 1 {
        tracing::warn!(%kiosk, id = %odd.id, "an item could not be read and was set aside");
    }
    let status = if new == 1 { ItemStatus::Stored } else { ItemStatus::Duplicate };
    Ok(ItemResult::new(odd.id, status, &odd.sha256))
}

/// What is kept under the id of an item.
enum Known {
    No,
    Same { row: i64, owner: u32 },
    Other { row: i64, sha256: String },
}

/// Asked over all kiosks: one that was enrolled anew under another number may send again what arrived
/// under its old one.
fn known(db: &Connection, kiosk: KioskNumber, item: &Incoming) -> Result<Known, StoreError> {
    let mut query = db.prepare_cached("select id, kiosk, sha256 from submission where uuid = ?1")?;
    let mut rows = query.query([item.envelope.id.to_string()])?;
    let mut known = Known::No;
    while let Some(row) = rows.next()? {
        let sha256 = hex(row.get_ref(2)?.as_blob().unwrap_or_default());
        if sha256 == item.sha256 {
            return Ok(Known::Same { row: row.get(0)?, owner: row.get(1)? });
        }
        if row.get::<_, u32>(1)? == kiosk.get() {
            known = Known::Other { row: row.get(0)?, sha256 };
        }
    }
    Ok(known)
}

fn insert(
    db: &Connection,
    kiosk: KioskNumber,
    item: &Incoming,
    started_at: Timestamp,
    now: Timestamp,
) -> Result<Place, StoreError> {
    let envelope = &item.envelope;
    let seq = seq(item);
    let taken = db
        .prepare_cached(
            "select 1 from submission where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq = ?4",
        )?
        .exists(params![kiosk.get(), envelope.kiosk.get(), envelope.epoch.0, seq])?;
    db.prepare_cached(
        "insert into submission (kiosk, uuid, queued_as, epoch, seq, kind, created_at, started_at,
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
    db.prepare_cached("insert into ingest_queue (submission) values (?1)")?
        .execute([db.last_insert_rowid()])?;
    if taken {
        tracing::warn!(%kiosk, id = %envelope.id, seq, "two submissions claim one place in the count");
    }
    add_up(db, kiosk, (envelope.kiosk, envelope.epoch, seq), taken, now)?;
    Ok(if taken { Place::Shared } else { Place::Own })
}

fn add_up(
    db: &Connection,
    kiosk: KioskNumber,
    (queued_as, epoch, seq): (KioskNumber, Epoch, i64),
    taken: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (places, twins, twin_at) = if taken { (0, 1, Some(millis(now))) } else { (1, 0, None) };
    db.prepare_cached(
        "insert into tally (kiosk, queued_as, epoch, highest, places, twins, twin_at)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         on conflict do update set highest = max(highest, excluded.highest), places = places + excluded.places,
         twins = twins + excluded.twins, twin_at = coalesce(excluded.twin_at, twin_at)",
    )?
    .execute(params![kiosk.get(), queued_as.get(), epoch.0, seq, places, twins, twin_at])?;
    Ok(())
}

/// Keeps other bytes under an id that is taken.
fn set_beside(
    db: &Connection,
    kiosk: KioskNumber,
    item: &Incoming,
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
