//! Quarantine: what the server will not take as it is. It blocks nobody and is never deleted. It comes out
//! when the reason may have gone away: staff ask for it, the server takes larger ones, or time has passed.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::kind::Kind;
use domain::wire::{Limits, QuarantinedItem};
use rusqlite::{OptionalExtension as _, Transaction, params};

use super::queue::{millis, parsed};
use super::{Error, News, Outbox};

/// What may be told about an item in quarantine: nothing of what the visitor said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quarantined {
    /// Which submission.
    pub id: SubmissionId,
    /// The kiosk's number when it was queued.
    pub kiosk: KioskNumber,
    /// Which outbox.
    pub epoch: Epoch,
    /// Its place in the count.
    pub seq: Seq,
    /// What kind of thing it is.
    pub kind: Kind,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Bytes of its envelope.
    pub bytes: u64,
    /// Why it is here.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
}

impl Outbox {
    /// What is in quarantine, oldest first.
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

    /// Puts an item into quarantine that the server would not take in a request of its own. It is tried
    /// again by itself an hour later, and then less and less often, up to once a day: what stood in its
    /// way may have been put right without anybody thinking of this kiosk. Unknown ids are nothing to do.
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
            let rounds: Option<u32> = db
                .query_row("select rounds from waiting where id = ?1", [id.to_string()], |row| row.get(0))
                .optional()?;
            let pause = TimeDelta::hours(1) * (1 << rounds.unwrap_or_default().min(5));
            let reason = Reason {
                why: why.to_owned(),
                most_bytes: limits.map(|l| l.max_item_bytes),
                try_after: server_time.checked_add_signed(pause.min(TimeDelta::days(1))),
            };
            shut_away(db, &id.to_string(), &reason, now).map(|_| ())
        });
        self.noting(outcome)
    }

    /// Lets an item take its turn again, because whatever stood in its way was put right.
    ///
    /// # Errors
    /// [`Error`].
    pub fn release(&mut self, id: SubmissionId) -> Result<(), Error> {
        let outcome =
            self.in_one_transaction(|db| let_out(db, ALONE, "id = ?1", params![id.to_string()]).map(|_| ()));
        self.noting(outcome)
    }
}

/// Why something is in quarantine, and what may bring it out again.
pub(super) struct Reason {
    pub(super) why: String,
    /// The largest item that the server took then: a higher limit brings it out.
    pub(super) most_bytes: Option<usize>,
    /// When it is tried again by itself, by the server's clock.
    pub(super) try_after: Option<Timestamp>,
}

/// Moves a row from `waiting` to `quarantined`; answers whether there was one.
pub(super) fn shut_away(
    db: &Transaction<'_>,
    id: &str,
    reason: &Reason,
    now: Timestamp,
) -> Result<bool, rusqlite::Error> {
    // What a server writes here ends in a log and on a screen; an endless one must not.
    let why: String = reason.why.chars().filter(|c| !c.is_control()).take(200).collect();
    let moved = db.execute(
        "insert into quarantined (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, reason,
             since, most_bytes, try_after, rounds)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, ?2, ?3, ?4, ?5, rounds + 1
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

/// Puts into quarantine what is larger than the server takes: it need not be sent to know that.
pub(super) fn shut_away_too_large(
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
        shut_away(db, id, &reason, now)?;
    }
    Ok(u64::try_from(too_large.len()).unwrap_or(u64::MAX))
}

/// Lets out what may pass now: staff have asked for it, the limit is higher, or its time has come.
pub(super) fn release_what_may_pass(db: &Transaction<'_>, news: &News) -> Result<u64, rusqlite::Error> {
    // A server that was restored from a backup may have counted fewer.
    let asked = i64::try_from(news.retries_asked).unwrap_or(i64::MAX);
    let obeyed = db
        .prepare_cached("update counter set retries_obeyed = ?1 where retries_obeyed <> ?1")?
        .execute([asked])?;
    if obeyed == 1 {
        return let_out(db, ALONE, "true", params![]);
    }
    let mut released = let_out(db, ALONE, "try_after <= ?1", params![news.server_time.timestamp_millis()])?;
    if let Some(limits) = news.limits {
        let most = i64::try_from(limits.max_item_bytes).unwrap_or(i64::MAX);
        let which = "most_bytes < ?1 and length(sealed) <= ?1";
        released += let_out(db, UNLESS_TOO_LARGE_THEN, which, params![most])?;
    }
    Ok(released)
}

/// What was refused once may be refused again: it comes alone.
const ALONE: &str = "1";
/// Nothing but its size spoke against what was too large then: it travels with the others.
const UNLESS_TOO_LARGE_THEN: &str = "length(sealed) <= most_bytes";

/// Lets rows wait again, each of them as a suspect or not.
fn let_out(
    db: &Transaction<'_>,
    suspect: &str,
    which: &str,
    values: &[&dyn rusqlite::ToSql],
) -> Result<u64, rusqlite::Error> {
    db.prepare_cached(&format!(
        "insert into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, suspect, rounds)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, {suspect}, rounds
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
