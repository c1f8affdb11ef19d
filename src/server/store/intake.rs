//! Taking in what kiosks send: kept first, understood after, never twice.
//!
//! The kiosk's id for a submission makes sending it again harmless. A second, different submission under
//! the same id or the same place in the count is the mark of a cloned disk: it is kept beside the first
//! one, and staff are shown it.

use domain::Timestamp;
use domain::id::KioskNumber;
use domain::policy::Policy;
use domain::seal::hex;
use domain::wire::{Item, ItemResult, Status};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{StoreError, cases, millis};
use crate::ingest::{Arrival, Judged, SetAside};

/// Keeps one arrival. Everything about it happens in the caller's transaction.
pub fn keep(
    db: &Connection,
    kiosk: KioskNumber,
    arrival: &Arrival,
    policy: &Policy,
    now: Timestamp,
) -> Result<ItemResult, StoreError> {
    let item = &arrival.item;
    if same_bytes_are_kept(db, item)? {
        return Ok(result(item, Status::Duplicate, item.sha256.clone()));
    }
    let Some(row) = insert(db, kiosk, item, now)? else {
        let stored = set_beside(db, kiosk, item, now)?;
        return Ok(result(item, Status::Conflict, stored));
    };
    if let Err(reason) = make_case(db, kiosk, row, arrival, policy, now)? {
        tracing::warn!(%kiosk, id = %item.id, reason = reason.key(), "a submission was set aside");
        db.execute("update submission set set_aside = ?2 where id = ?1", params![row, reason.key()])?;
    }
    Ok(result(item, Status::Stored, item.sha256.clone()))
}

fn result(item: &Item, status: Status, sha256: String) -> ItemResult {
    ItemResult { id: item.id, status, sha256, reason: None }
}

/// Asked over all kiosks: one that was enrolled anew under another number may send again what arrived
/// under its old one.
fn same_bytes_are_kept(db: &Connection, item: &Item) -> Result<bool, StoreError> {
    let mut query = db.prepare_cached("select lower(hex(sha256)) from submission where uuid = ?1")?;
    let kept = query.query_map([item.id.to_string()], |row| row.get::<_, String>(0))?;
    for sha256 in kept {
        if sha256? == item.sha256 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn insert(
    db: &Connection,
    kiosk: KioskNumber,
    item: &Item,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let mut query = db.prepare_cached(
        "insert into submission (kiosk, uuid, queued_as, epoch, seq, kind, created_at, received_at, key_id,
         sha256, sealed) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, unhex(?10), ?11)
         on conflict do nothing returning id",
    )?;
    let row = query.query_row(
        params![
            kiosk.get(),
            item.id.to_string(),
            item.kiosk.get(),
            item.epoch.0,
            i64::try_from(item.seq.0).unwrap_or(i64::MAX),
            item.kind.key(),
            millis(item.created_at),
            millis(now),
            item.key_id.0,
            item.sha256,
            item.sealed.0,
        ],
        |row| row.get(0),
    );
    Ok(row.optional()?)
}

/// Keeps what collided, and says the hash of what it collided with.
fn set_beside(
    db: &Connection,
    kiosk: KioskNumber,
    item: &Item,
    now: Timestamp,
) -> Result<String, StoreError> {
    let seq = i64::try_from(item.seq.0).unwrap_or(i64::MAX);
    let (stored, sha256): (i64, Vec<u8>) = db
        .prepare_cached(
            "select id, sha256 from submission where kiosk = ?1 and
             (uuid = ?2 or (queued_as = ?3 and epoch = ?4 and seq = ?5)) order by uuid = ?2 desc limit 1",
        )?
        .query_row(params![kiosk.get(), item.id.to_string(), item.kiosk.get(), item.epoch.0, seq], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let new = db.execute(
        "insert into conflict (kiosk, uuid, queued_as, epoch, seq, kind, created_at, received_at, key_id,
         sha256, sealed, stored) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, unhex(?10), ?11, ?12)
         on conflict do nothing",
        params![
            kiosk.get(),
            item.id.to_string(),
            item.kiosk.get(),
            item.epoch.0,
            seq,
            item.kind.key(),
            millis(item.created_at),
            millis(now),
            item.key_id.0,
            item.sha256,
            item.sealed.0,
            stored,
        ],
    )?;
    if new == 1 {
        tracing::warn!(%kiosk, id = %item.id, seq = item.seq.0, "two submissions claim one place");
    }
    Ok(hex(&sha256))
}

fn make_case(
    db: &Connection,
    kiosk: KioskNumber,
    row: i64,
    arrival: &Arrival,
    policy: &Policy,
    now: Timestamp,
) -> Result<Result<(), SetAside>, StoreError> {
    match &arrival.judged {
        Judged::SetAside(reason) => Ok(Err(*reason)),
        Judged::Case(said, digest) => {
            let new = cases::NewCase {
                submission: row,
                kiosk,
                said,
                token_digest: *digest,
                started_at: arrival.started_at,
                received_at: now,
            };
            Ok(cases::open_case(db, &new, policy)?.map(|_| ()).ok_or(SetAside::TokenTaken))
        }
    }
}
