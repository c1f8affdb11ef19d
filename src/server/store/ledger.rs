//! What arrived from each kiosk's count: 1 to n, what is missing of it, and what claims a place twice.

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
    /// How many came to a place that was taken, as from a cloned disk.
    pub twins: u64,
    /// When the last of them came.
    pub twin_at: Option<Timestamp>,
}

/// Every count of the kiosks whose numbers lie in this range.
pub fn received(
    db: &Connection,
    kiosks: std::ops::RangeInclusive<KioskNumber>,
) -> Result<Vec<Received>, StoreError> {
    let mut query = db.prepare_cached(
        "select kiosk, queued_as, epoch, highest, max(highest - places, 0), twins, twin_at from tally
         where kiosk between ?1 and ?2 order by kiosk, epoch, queued_as",
    )?;
    let mut rows = query.query([kiosks.start().get(), kiosks.end().get()])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let (kiosk, queued_as, epoch): (u32, u32, u32) = (row.get(0)?, row.get(1)?, row.get(2)?);
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
            twins: count(row.get(5)?),
            twin_at: row.get::<_, Option<i64>>(6)?.map(moment),
        });
    }
    Ok(counts)
}

fn gaps(db: &Connection, kiosk: u32, queued_as: u32, epoch: u32) -> Result<Vec<(u64, u64)>, StoreError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::open::in_memory;

    #[test]
    fn a_gap_in_the_count_is_named() {
        let db = in_memory();
        db.execute("insert into kiosk (number, name, added_at) values (3, 'K', 0)", []).unwrap();
        let kiosk = KioskNumber::new(3).unwrap();
        for seq in [1, 2, 5, 6, 9] {
            let sealed = vec![seq];
            let item = serde_json::json!({
                "id": format!("01900000-0000-7000-8000-00000000000{seq}"), "kiosk": "K3", "epoch": 1, "seq": seq,
                "kind": "feedback", "created_at": "2026-11-21T00:00:00Z", "key_id": "k",
                "sha256": domain::wire::SealedItem::hash(&sealed), "sealed": domain::wire::Bytes(sealed),
            });
            let read = crate::ingest::read(&item.to_string(), &domain::wire::Limits::default());
            let Some(crate::ingest::Read::Incoming(item)) = read else { panic!("{read:?}") };
            crate::store::intake::keep(&db, kiosk, &item, item.created_at, item.created_at).unwrap();
        }
        let received = received(&db, kiosk..=kiosk).unwrap();
        assert_eq!((received[0].highest, received[0].missing), (9, 4));
        assert_eq!(received[0].gaps, [(3, 4), (7, 8)]);
        assert_eq!(received[0].twins, 0);
    }
}
