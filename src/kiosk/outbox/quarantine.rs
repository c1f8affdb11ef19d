//! Quarantine: what the server will never take as it is. It blocks nobody and is never deleted; a person
//! looks at the reason and decides.

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::submission::Kind;
use rusqlite::Transaction;

use super::queue::{millis, parsed};
use super::{Error, Outbox};

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

    /// Puts an item into quarantine. Unknown ids are nothing to do.
    ///
    /// # Errors
    /// [`Error`].
    pub fn quarantine(&mut self, id: SubmissionId, reason: &str, now: Timestamp) -> Result<(), Error> {
        let outcome = self.in_one_transaction(|db| shut_away(db, &id.to_string(), reason, now).map(|_| ()));
        self.noting(outcome)
    }

    /// Lets an item take its turn again, because whatever stood in its way was put right.
    ///
    /// # Errors
    /// [`Error`].
    pub fn release(&mut self, id: SubmissionId) -> Result<(), Error> {
        let outcome = self.in_one_transaction(|db| {
            db.execute(
                "insert into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed)
                 select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed
                 from quarantined where id = ?1",
                [id.to_string()],
            )?;
            db.execute("delete from quarantined where id = ?1", [id.to_string()]).map(|_| ())
        });
        self.noting(outcome)
    }
}

/// Moves a row from `waiting` to `quarantined`; answers whether there was one.
pub(super) fn shut_away(
    db: &Transaction<'_>,
    id: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool, rusqlite::Error> {
    // What a server writes here ends in a log and on a screen; an endless one must not.
    let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
    let moved = db.execute(
        "insert into quarantined
             (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, reason, since)
         select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, ?2, ?3
         from waiting where id = ?1",
        (id, reason, now.timestamp_millis()),
    )?;
    db.execute("delete from waiting where id = ?1", [id])?;
    Ok(moved == 1)
}
