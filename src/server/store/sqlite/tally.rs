//! Compares the counts of a kiosk with what is stored: what is missing, and whose disk was copied.
//!
//! A kiosk that has nothing more to send names its watermarks. What is missing below them was lost on the
//! server, by a restored backup, and is requested again. If the server has stored a higher seq than the kiosk
//! has used, a second disk uses the epoch: it was copied or restored.

use domain::Timestamp;
use domain::id::{KioskNumber, Seq, SubmissionId};
use domain::wire::{MissingSeqs, SeqWatermark};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{count, millis};
use crate::store::error::StoreError;

/// The most gaps that are named at a time. The others follow when these are filled.
const GAPS: usize = 32;
/// The most rows that are read after the part without a gap.
const ROWS: i64 = 5_000;

/// What has arrived of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Every seq up to this one has arrived.
    pub contiguous: u64,
    /// The highest seq that has arrived.
    pub highest: u64,
    /// The missing seqs up to the watermark of the kiosk.
    pub gaps: Vec<(Seq, Seq)>,
}

impl Tally {
    /// The request for the missing seqs, if there are any.
    pub fn missing(&self, of: SeqWatermark) -> Option<MissingSeqs> {
        let gaps = self.gaps.clone();
        (!gaps.is_empty()).then_some(MissingSeqs { kiosk: of.kiosk, epoch: of.epoch, gaps })
    }
}

/// Compares a watermark with what is stored.
pub fn compare(db: &Connection, kiosk: KioskNumber, of: SeqWatermark) -> Result<Tally, StoreError> {
    let known: Option<(i64, i64, i64)> = db
        .prepare_cached(
            "select contiguous, highest, distinct_seqs from tally where kiosk = ?1 and queued_as = ?2 and epoch = ?3",
        )?
        .query_row(params![kiosk.get(), of.kiosk.get(), of.epoch.0], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (known, highest, distinct_seqs) = known.unwrap_or_default();
    if highest == distinct_seqs && count(highest) >= of.last.0 {
        // There are as many different seqs as the highest one, so there is no gap.
        return Ok(Tally { contiguous: count(highest), highest: count(highest), gaps: Vec::new() });
    }
    let (mut contiguous, mut reached, mut gaps) = (count(known), count(known), Vec::new());
    let mut query = db.prepare_cached(
        "select seq from sealed_item where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq > ?4
         union select seq from seq_alias where kiosk = ?1 and queued_as = ?2 and epoch = ?3 and seq > ?4
         order by seq limit ?5",
    )?;
    let mut rows = query.query(params![kiosk.get(), of.kiosk.get(), of.epoch.0, known, ROWS])?;
    let mut seen = 0;
    while let Some(row) = rows.next()? {
        seen += 1;
        let seq = count(row.get(0)?);
        if seq == contiguous + 1 {
            contiguous = seq;
        } else if seq > reached + 1 && reached < of.last.0 && gaps.len() < GAPS {
            gaps.push((Seq(reached + 1), Seq((seq - 1).min(of.last.0))));
        }
        reached = seq;
    }
    if reached < of.last.0 && seen < ROWS && gaps.len() < GAPS {
        gaps.push((Seq(reached + 1), of.last));
    }
    if contiguous > count(known) {
        db.prepare_cached(
            "update tally set contiguous = ?4 where kiosk = ?1 and queued_as = ?2 and epoch = ?3",
        )?
        .execute(params![
            kiosk.get(),
            of.kiosk.get(),
            of.epoch.0,
            i64::try_from(contiguous).unwrap_or(i64::MAX)
        ])?;
    }
    Ok(Tally { contiguous, highest: count(highest), gaps })
}

/// Whether a submission is stored, from any kiosk.
pub fn knows(db: &Connection, id: SubmissionId) -> Result<bool, StoreError> {
    let found = db
        .prepare_cached("select 1 from sealed_item where uuid = ?1")?
        .query_row([id.to_string()], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

/// Notes that a disk of this kiosk was copied.
pub fn note_copy(db: &Connection, kiosk: KioskNumber, now: Timestamp) -> Result<(), StoreError> {
    tracing::warn!(%kiosk, "two disks count under one epoch; one of them is told to begin another");
    db.execute("update kiosk set copied_at = ?2 where number = ?1", params![kiosk.get(), millis(now)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::in_memory;
    use domain::id::Epoch;

    fn a_kiosk() -> (Connection, KioskNumber) {
        let db = in_memory();
        db.execute("insert into kiosk (number, name, added_at) values (3, 'K', 0)", []).unwrap();
        (db, KioskNumber::new(3).unwrap())
    }

    fn arrive(db: &Connection, seqs: impl IntoIterator<Item = u64>) {
        for seq in seqs {
            db.execute(
                "insert into sealed_item (kiosk, uuid, queued_as, epoch, seq, kind, created_at, started_at,
                 received_at, key_id, sha256, sealed) values (3, ?1, 3, 1, ?1, 'feedback', 0, 0, 0, '', x'', x'')",
                [seq],
            )
            .unwrap();
            db.execute(
                "insert into tally (kiosk, queued_as, epoch, highest, distinct_seqs, collisions) values (3, 3, 1, ?1, 1, 0)
                 on conflict do update set highest = max(highest, ?1), distinct_seqs = distinct_seqs + 1",
                [seq],
            )
            .unwrap();
        }
    }

    fn counted(kiosk: KioskNumber, last: u64) -> SeqWatermark {
        SeqWatermark { kiosk, epoch: Epoch(1), last: Seq(last) }
    }

    #[test]
    fn missing_seqs_are_named_as_gaps() {
        let (db, kiosk) = a_kiosk();
        let none = compare(&db, kiosk, counted(kiosk, 3)).unwrap();
        assert_eq!((none.contiguous, none.gaps), (0, vec![(Seq(1), Seq(3))]));
        arrive(&db, [1, 2, 5, 6, 9]);
        let tally = compare(&db, kiosk, counted(kiosk, 12)).unwrap();
        assert_eq!((tally.contiguous, tally.highest), (2, 9));
        assert_eq!(tally.gaps, [(Seq(3), Seq(4)), (Seq(7), Seq(8)), (Seq(10), Seq(12))]);
        arrive(&db, [3, 4, 7, 8]);
        let tally = compare(&db, kiosk, counted(kiosk, 9)).unwrap();
        assert_eq!((tally.contiguous, tally.gaps), (9, Vec::new()));
    }

    /// A stored seq above the watermark raises `highest` and makes no gap.
    #[test]
    fn a_higher_seq_here_is_no_gap() {
        let (db, kiosk) = a_kiosk();
        arrive(&db, [1, 2, 3, 7]);
        let tally = compare(&db, kiosk, counted(kiosk, 3)).unwrap();
        assert_eq!((tally.highest, tally.missing(counted(kiosk, 3))), (7, None));
    }

    /// A seq that arrived under another kiosk number is not missing.
    #[test]
    fn a_seq_alias_is_not_missing() {
        let (db, kiosk) = a_kiosk();
        arrive(&db, [1, 3]);
        db.execute("insert into seq_alias (kiosk, queued_as, epoch, seq) values (3, 3, 1, 2)", []).unwrap();
        assert_eq!(compare(&db, kiosk, counted(kiosk, 3)).unwrap().contiguous, 3);
    }
}
