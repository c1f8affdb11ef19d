//! Delivered items: sealed items that the server has, kept for a while in case the server loses them.
//!
//! A server restored from yesterday's backup has lost what it stored today. Its replies show that: they name
//! gaps in the sequence, or do not know the last delivered item. Every delivered item is then queued again,
//! because the server may lack more than it can name. The kiosk cannot open them. They expire by the server's
//! clock, because the kiosk's clock may be wrong.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{Seq, SubmissionId};
use domain::wire::MissingSeqs;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{Error, Outbox, rows};

/// How long delivered items are kept. Backups are daily, and a mall may notice on Monday what failed on
/// Friday.
const RETENTION: TimeDelta = TimeDelta::days(7);
/// The most items that are kept: about 20 megabytes.
const MAX_KEPT: i64 = 20_000;
/// The most items that are deleted at a time, so that settling a reply stays fast.
const PRUNE_BATCH: i64 = 500;

impl Outbox {
    /// The item whose delivery the server confirmed last.
    ///
    /// # Errors
    /// [`Error`].
    pub fn newest_delivered(&self) -> Result<Option<SubmissionId>, Error> {
        let mut query = self.db.prepare_cached("select id from delivered order by position desc limit 1")?;
        Ok(query.query_row((), |row| rows::parsed(row, 0, |text| text.parse().ok())).optional()?)
    }

    /// How many delivered submissions are still kept.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delivered(&self) -> Result<u64, Error> {
        Ok(self.db.query_row("select count(*) from delivered", (), |row| row.get(0))?)
    }
}

/// Moves a row from `waiting` to `delivered` if it has this hash; returns whether there was one.
pub(super) fn deliver(
    db: &Connection,
    id: &str,
    sha256: &str,
    stored_at: Timestamp,
) -> Result<bool, rusqlite::Error> {
    let moved = db
        .prepare_cached(
            "insert or replace into delivered
                 (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, stored_at)
             select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, ?3
             from waiting where id = ?1 and sha256 = ?2",
        )?
        .execute(params![id, sha256, stored_at.timestamp_millis()])?;
    if moved == 1 {
        db.prepare_cached("delete from waiting where id = ?1")?.execute([id])?;
    }
    Ok(moved == 1)
}

/// Queues the items in the server's gaps again; returns how many.
pub(super) fn revive_missing(db: &Transaction<'_>, missing: &[MissingSeqs]) -> Result<u64, rusqlite::Error> {
    let mut revived = 0;
    for outbox in missing {
        for (first, last) in &outbox.gaps {
            let range = params![outbox.kiosk.to_string(), outbox.epoch.0, sql_seq(*first), sql_seq(*last)];
            revived += revive(db, "kiosk = ?1 and epoch = ?2 and seq between ?3 and ?4", range)?;
        }
    }
    Ok(revived)
}

/// Queues every delivered item again; returns how many.
pub(super) fn revive_all(db: &Transaction<'_>) -> Result<u64, rusqlite::Error> {
    revive(db, "true", params![])
}

fn sql_seq(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

fn revive(
    db: &Transaction<'_>,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<u64, rusqlite::Error> {
    // An item that is already waiting is not inserted twice.
    db.prepare_cached(&format!(
        "insert or ignore into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed from delivered
         where {which}"
    ))?
    .execute(values)?;
    let gone = db
        .prepare_cached(&format!("delete from delivered where {which} and id in (select id from waiting)"))?
        .execute(values)?;
    Ok(u64::try_from(gone).unwrap_or_default())
}

/// Deletes items older than the retention time, and the oldest above the limit.
pub(super) fn prune(db: &Transaction<'_>, server_time: Timestamp) -> Result<(), rusqlite::Error> {
    let oldest = server_time.checked_sub_signed(RETENTION).unwrap_or_default().timestamp_millis();
    db.prepare_cached(
        "delete from delivered where position in (
           select position from delivered where stored_at < ?1 order by stored_at limit ?2)",
    )?
    .execute([oldest, PRUNE_BATCH])?;
    db.prepare_cached("delete from delivered where position <= (select max(position) from delivered) - ?1")?
        .execute([MAX_KEPT])?;
    Ok(())
}
