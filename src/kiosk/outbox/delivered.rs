//! Delivered: sealed bytes that the server has, kept for a while in case it loses them.
//!
//! A server that is restored from yesterday's backup does not know what it stored today. It shows by what
//! it misses of a count, or by not knowing what it said last that it stored; then those items wait again.
//! Nobody at the kiosk can open them. They go by the server's clock, because the kiosk's may be wrong.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{Seq, SubmissionId};
use domain::wire::MissingSeqs;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::{Error, Outbox, queue};

/// How long they stay. Backups are made daily, and a mall may notice on Monday what broke on Friday.
const KEPT: TimeDelta = TimeDelta::days(7);
/// How many stay at most: about 20 megabytes.
const MOST: i64 = 20_000;
/// How many go at a time, so that no contact takes long.
const AT_A_TIME: i64 = 500;

impl Outbox {
    /// What the server said last that it stored.
    ///
    /// # Errors
    /// [`Error`].
    pub fn newest_delivered(&self) -> Result<Option<SubmissionId>, Error> {
        let mut query = self.db.prepare_cached("select id from delivered order by turn desc limit 1")?;
        Ok(query.query_row((), |row| queue::parsed(row, 0, |text| text.parse().ok())).optional()?)
    }

    /// How many delivered submissions are still kept.
    ///
    /// # Errors
    /// [`Error`].
    pub fn delivered(&self) -> Result<u64, Error> {
        Ok(self.db.query_row("select count(*) from delivered", (), |row| row.get(0))?)
    }
}

/// Moves a row that the server has from `waiting` to `delivered`; answers whether there was one with these
/// bytes.
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

/// Lets what the server misses wait again; answers how many that are.
pub(super) fn revive_missing(db: &Transaction<'_>, missing: &[MissingSeqs]) -> Result<u64, rusqlite::Error> {
    let mut revived = 0;
    for count in missing {
        for (first, last) in &count.gaps {
            let place = params![count.kiosk.to_string(), count.epoch.0, place(*first), place(*last)];
            revived += revive(db, "kiosk = ?1 and epoch = ?2 and seq between ?3 and ?4", place)?;
        }
    }
    Ok(revived)
}

/// Lets everything wait again that the server ever said it stored.
pub(super) fn revive_all(db: &Transaction<'_>) -> Result<u64, rusqlite::Error> {
    revive(db, "true", params![])
}

fn place(seq: Seq) -> i64 {
    i64::try_from(seq.0).unwrap_or(i64::MAX)
}

fn revive(db: &Transaction<'_>, which: &str, place: &[&dyn rusqlite::ToSql]) -> Result<u64, rusqlite::Error> {
    // What is in quarantine meanwhile stays there, and what waits already waits once.
    db.prepare_cached(&format!(
        "insert or ignore into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed from delivered
         where {which}"
    ))?
    .execute(place)?;
    let gone = db
        .prepare_cached(&format!("delete from delivered where {which} and id in (select id from waiting)"))?
        .execute(place)?;
    Ok(u64::try_from(gone).unwrap_or_default())
}

/// Lets go of what has been kept for long enough.
pub(super) fn prune(db: &Transaction<'_>, server_time: Timestamp) -> Result<(), rusqlite::Error> {
    let oldest = server_time.checked_sub_signed(KEPT).unwrap_or_default().timestamp_millis();
    db.prepare_cached(
        "delete from delivered where turn in (
           select turn from delivered where stored_at < ?1 order by stored_at limit ?2)",
    )?
    .execute([oldest, AT_A_TIME])?;
    db.prepare_cached("delete from delivered where turn <= (select max(turn) from delivered) - ?1")?
        .execute([MOST])?;
    Ok(())
}
