//! Quarantine: items that the server refuses. They delay no other item and are never deleted. An item is
//! released when the reason may be gone: staff ask for it, the server accepts larger items, or its retry time
//! has come.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::kind::Kind;
use domain::wire::{Limits, QuarantinedItem};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::rows::{millis, parsed};
use super::{Error, Outbox, ServerReport};

/// A quarantined item, without its sealed content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    pub id: SubmissionId,
    /// The kiosk's number when the item was queued.
    pub kiosk: KioskNumber,
    pub epoch: Epoch,
    /// The sequence number of the item.
    pub seq: Seq,
    /// The kind of the submission.
    pub kind: Kind,
    /// When the item was queued.
    pub created_at: Timestamp,
    /// The size of the sealed item in bytes.
    pub bytes: u64,
    /// Why the server refused it.
    pub reason: String,
    /// When the item was quarantined.
    pub since: Timestamp,
}

impl Outbox {
    /// The quarantined items, oldest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn quarantined(&self) -> Result<Vec<Quarantined>, Error> {
        let mut query = self.db.prepare_cached(
            "select id, kiosk, epoch, seq, kind, created_at, length(sealed), reason, since
             from quarantined order by epoch, seq",
        )?;
        let rows = query.query_map((), |row| {
            Ok(Quarantined {
                id: parsed(row, 0, |text| text.parse().ok())?,
                kiosk: parsed(row, 1, |text| text.parse().ok())?,
                epoch: Epoch(row.get(2)?),
                seq: Seq(row.get(3)?),
                kind: parsed(row, 4, |text| Kind::ALL.into_iter().find(|kind| kind.key() == text))?,
                created_at: millis(row, 5)?,
                bytes: row.get(6)?,
                reason: row.get(7)?,
                since: millis(row, 8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Quarantines an item that the server refused in a request of its own. It is retried after an hour, and
    /// after each further refusal after twice the time, up to a day: the reason may be gone without any
    /// action on this kiosk. Unknown ids are ignored.
    ///
    /// # Errors
    /// [`Error`].
    pub fn quarantine(
        &mut self,
        id: SubmissionId,
        why: &str,
        server_time: Timestamp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let limits = self.limits;
        let outcome = self.in_one_transaction(|db| {
            let quarantine_count: Option<u32> = db
                .query_row("select quarantine_count from waiting where id = ?1", [id.to_string()], |row| {
                    row.get(0)
                })
                .optional()?;
            let pause = TimeDelta::hours(1) * (1 << quarantine_count.unwrap_or_default().min(5));
            let reason = Reason {
                why: why.to_owned(),
                most_bytes: limits.map(|l| l.max_item_bytes),
                try_after: server_time.checked_add_signed(pause.min(TimeDelta::days(1))),
            };
            quarantine_row(db, &id.to_string(), &reason, now).map(|_| ())
        });
        self.note_disk_failure(outcome)
    }

    /// Releases an item whose reason is gone.
    ///
    /// # Errors
    /// [`Error`].
    pub fn release(&mut self, id: SubmissionId) -> Result<(), Error> {
        let outcome = self
            .in_one_transaction(|db| release_rows(db, ALONE, "id = ?1", params![id.to_string()]).map(|_| ()));
        self.note_disk_failure(outcome)
    }
}

/// Why an item is quarantined, and what may release it.
pub(super) struct Reason {
    pub(super) why: String,
    /// The largest item that the server accepted at that time: a higher limit releases this one.
    pub(super) most_bytes: Option<usize>,
    /// When it is retried, by the server's clock.
    pub(super) try_after: Option<Timestamp>,
}

/// Moves a row from `waiting` to `quarantined`; returns whether there was one.
pub(super) fn quarantine_row(
    db: &Transaction<'_>,
    id: &str,
    reason: &Reason,
    now: Timestamp,
) -> Result<bool, rusqlite::Error> {
    // The text appears in logs and on screens, so its length is limited.
    let why: String = reason.why.chars().filter(|c| !c.is_control()).take(200).collect();
    let moved = db.execute(
        "insert into quarantined (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, reason,
             since, most_bytes, try_after, quarantine_count)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, ?2, ?3, ?4, ?5, quarantine_count + 1
         from waiting where id = ?1",
        params![
            id,
            why,
            now.timestamp_millis(),
            reason.most_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
            reason.try_after.map(|at| at.timestamp_millis()),
        ],
    )?;
    db.execute("delete from waiting where id = ?1", [id])?;
    Ok(moved == 1)
}

/// Quarantines items that are larger than the server accepts, without sending them.
pub(super) fn quarantine_too_large(
    db: &Transaction<'_>,
    limits: Limits,
    now: Timestamp,
) -> Result<u64, rusqlite::Error> {
    let most = i64::try_from(limits.max_item_bytes).unwrap_or(i64::MAX);
    let too_large: Vec<String> = db
        .prepare_cached("select id from waiting where length(sealed) > ?1")?
        .query_map([most], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let reason = Reason {
        why: format!("larger than the server takes: {} bytes", limits.max_item_bytes),
        most_bytes: Some(limits.max_item_bytes),
        try_after: None,
    };
    for id in &too_large {
        quarantine_row(db, id, &reason, now)?;
    }
    Ok(u64::try_from(too_large.len()).unwrap_or(u64::MAX))
}

/// Releases items: staff have asked for it, the limit is higher, or their retry time has come.
pub(super) fn release_due(db: &Transaction<'_>, report: &ServerReport) -> Result<u64, rusqlite::Error> {
    // The number may also decrease, after the server was restored from a backup.
    let asked = i64::try_from(report.retries_requested).unwrap_or(i64::MAX);
    let changed = db
        .prepare_cached("update counter set retries_done = ?1 where retries_done <> ?1")?
        .execute([asked])?;
    if changed == 1 {
        return release_rows(db, ALONE, "true", params![]);
    }
    let mut released =
        release_rows(db, ALONE, "try_after <= ?1", params![report.server_time.timestamp_millis()])?;
    if let Some(limits) = report.limits {
        let most = i64::try_from(limits.max_item_bytes).unwrap_or(i64::MAX);
        let which = "most_bytes < ?1 and length(sealed) <= ?1";
        released += release_rows(db, UNLESS_TOO_LARGE_THEN, which, params![most])?;
    }
    Ok(released)
}

/// An item that was refused may be refused again, so it is released as a suspect.
const ALONE: &str = "1";
/// An item that was only too large is released as a fresh one.
const UNLESS_TOO_LARGE_THEN: &str = "length(sealed) <= most_bytes";

/// Moves rows back to `waiting`, as suspects or not.
fn release_rows(
    db: &Transaction<'_>,
    suspect: &str,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<u64, rusqlite::Error> {
    db.prepare_cached(&format!(
        "insert into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, suspect, quarantine_count)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, {suspect}, quarantine_count
         from quarantined where {which}"
    ))?
    .execute(values)?;
    let gone = db.prepare_cached(&format!("delete from quarantined where {which}"))?.execute(values)?;
    Ok(u64::try_from(gone).unwrap_or_default())
}

impl From<Quarantined> for QuarantinedItem {
    fn from(item: Quarantined) -> Self {
        let Quarantined { id, kiosk, epoch, seq, kind, created_at: _, bytes, reason, since } = item;
        Self { id, kiosk, epoch, seq, kind, bytes, reason, since }
    }
}
