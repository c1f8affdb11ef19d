//! What arrived from each kiosk's count: 1 to n, and what is missing of it. And what could not become a
//! case: set aside, or in conflict with something that was there.

use domain::Timestamp;
use domain::id::KioskNumber;
use rusqlite::Connection;

use super::{StoreError, count, moment};

/// Gaps shown of one count; more than that is told by the number alone.
const GAPS: usize = 5;

/// One count of one kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Whose.
    pub kiosk: KioskNumber,
    /// Under which number it counted; `K0` before enrolment.
    pub queued_as: KioskNumber,
    /// Which of its outboxes.
    pub epoch: u32,
    /// The highest place that arrived.
    pub highest: u64,
    /// How many places below it did not.
    pub missing: u64,
    /// The first of them, as ranges.
    pub gaps: Vec<(u64, u64)>,
}

/// Something that staff should look at.
#[derive(Clone, Debug)]
pub struct Aside {
    /// Whose.
    pub kiosk: KioskNumber,
    /// Its id.
    pub uuid: String,
    /// Its place in the count.
    pub seq: u64,
    /// What kind of thing it says it is.
    pub kind: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Why: a key of words.
    pub reason: String,
}

/// Every count of every kiosk.
pub fn received(db: &Connection) -> Result<Vec<Received>, StoreError> {
    let mut query = db.prepare_cached(
        "select kiosk, queued_as, epoch, max(seq), max(seq) - count(*) from submission
         group by kiosk, queued_as, epoch order by kiosk, epoch, queued_as",
    )?;
    let mut rows = query.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let (kiosk, queued_as, epoch): (u16, u16, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let missing = count(row.get(4)?);
        let gaps = if missing == 0 { Vec::new() } else { gaps(db, kiosk, queued_as, epoch)? };
        let number = |n| KioskNumber::new(n).ok_or(StoreError::Unreadable { what: "kiosk number" });
        counts.push(Received {
            kiosk: number(kiosk)?,
            queued_as: number(queued_as)?,
            epoch,
            highest: count(row.get(3)?),
            missing,
            gaps,
        });
    }
    Ok(counts)
}

fn gaps(db: &Connection, kiosk: u16, queued_as: u16, epoch: u32) -> Result<Vec<(u64, u64)>, StoreError> {
    let mut query = db.prepare_cached(
        "select before + 1, seq - 1 from (
           select seq, lag(seq, 1, 0) over (order by seq) as before from submission
           where kiosk = ?1 and queued_as = ?2 and epoch = ?3)
         where seq > before + 1 limit ?4",
    )?;
    let limit = u32::try_from(GAPS).unwrap_or(u32::MAX);
    let rows = query
        .query_map((kiosk, queued_as, epoch, limit), |row| Ok((count(row.get(0)?), count(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many things staff should look at.
pub fn asides(db: &Connection) -> Result<u64, StoreError> {
    Ok(count(db.prepare_cached(
        "select (select count(*) from submission where set_aside is not null) + (select count(*) from conflict)",
    )?
    .query_row([], |row| row.get(0))?))
}

/// The newest of them.
pub fn list_asides(db: &Connection, limit: usize) -> Result<Vec<Aside>, StoreError> {
    let mut query = db.prepare_cached(
        "select kiosk, uuid, seq, kind, received_at, set_aside from submission where set_aside is not null
         union all select kiosk, uuid, seq, kind, received_at, 'conflict' from conflict
         order by received_at desc limit ?1",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = query.query_map([limit], |row| {
        Ok(Aside {
            kiosk: KioskNumber::new(row.get(0)?).unwrap_or(KioskNumber::NOT_ENROLLED),
            uuid: row.get(1)?,
            seq: count(row.get(2)?),
            kind: row.get(3)?,
            received_at: moment(row.get(4)?),
            reason: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open::in_memory;

    #[test]
    fn a_gap_in_the_count_is_named() {
        let db = in_memory();
        db.execute("insert into kiosk (number, name, added_at) values (3, 'K', 0)", []).unwrap();
        for seq in [1, 2, 5, 6, 9] {
            db.execute(
                "insert into submission (kiosk, uuid, queued_as, epoch, seq, kind, created_at, received_at,
                 key_id, sha256, sealed) values (3, ?1, 3, 1, ?1, 'feedback', 0, 0, '', x'', x'')",
                [seq],
            )
            .unwrap();
        }
        let received = received(&db).unwrap();
        assert_eq!((received[0].highest, received[0].missing), (9, 4));
        assert_eq!(received[0].gaps, [(3, 4), (7, 8)]);
        assert_eq!(asides(&db).unwrap(), 0);
    }
}
