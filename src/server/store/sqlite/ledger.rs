//! What arrived of each count of a kiosk: the highest seq, the missing ones, and the collisions.

use domain::id::KioskNumber;
use rusqlite::Connection;

use super::{count, moment};
use crate::store::error::StoreError;
use crate::store::model::fleet::Received;

/// The most gaps listed for one count. The number of missing seqs includes the others.
const GAPS: usize = 5;

/// Every count of these kiosks, in their order.
pub fn received(
    db: &Connection,
    kiosks: impl IntoIterator<Item = KioskNumber>,
) -> Result<Vec<Received>, StoreError> {
    let mut counts = Vec::new();
    for kiosk in kiosks {
        of_kiosk(db, kiosk, &mut counts)?;
    }
    Ok(counts)
}

fn of_kiosk(db: &Connection, kiosk: KioskNumber, counts: &mut Vec<Received>) -> Result<(), StoreError> {
    let mut query = db.prepare_cached(
        "select queued_as, epoch, highest, max(highest - distinct_seqs, 0), collisions, collision_at from tally
         where kiosk = ?1 order by epoch, queued_as",
    )?;
    let mut rows = query.query([kiosk.get()])?;
    while let Some(row) = rows.next()? {
        let (queued_as, epoch): (u32, u32) = (row.get(0)?, row.get(1)?);
        let missing = count(row.get(3)?);
        let gaps = if missing == 0 { Vec::new() } else { gaps(db, kiosk.get(), queued_as, epoch)? };
        counts.push(Received {
            kiosk,
            queued_as: KioskNumber::new(queued_as).ok_or(StoreError::Unreadable { what: "kiosk number" })?,
            epoch,
            highest: count(row.get(2)?),
            missing,
            gaps,
            collisions: count(row.get(4)?),
            collision_at: row.get::<_, Option<i64>>(5)?.map(moment),
        });
    }
    Ok(())
}

fn gaps(db: &Connection, kiosk: u32, queued_as: u32, epoch: u32) -> Result<Vec<(u64, u64)>, StoreError> {
    let mut query = db.prepare_cached(
        "select before + 1, seq - 1 from (
           select seq, lag(seq, 1, 0) over (order by seq) as before from sealed_item
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
    use domain::Timestamp;
    use domain::id::{Epoch, Seq};
    use domain::seal::KeyId;

    use super::*;
    use crate::store::model::intake::{Envelope, ReceivedItem};
    use crate::store::sqlite::intake;
    use crate::store::sqlite::open::in_memory;

    #[test]
    fn a_gap_in_the_count_is_named() {
        let db = in_memory();
        db.execute("insert into kiosk (number, name, added_at) values (3, 'K', 0)", []).unwrap();
        let kiosk = KioskNumber::new(3).unwrap();
        for seq in [1, 2, 5, 6, 9] {
            let envelope = Envelope {
                id: format!("01900000-0000-7000-8000-00000000000{seq}").parse().unwrap(),
                kiosk,
                epoch: Epoch(1),
                seq: Seq(seq),
                key_id: KeyId("k".to_owned()),
                sealed: Vec::new(),
            };
            let (created_at, kind) = (Timestamp::UNIX_EPOCH, "feedback".to_owned());
            let sha256 = "00".repeat(32);
            let item = ReceivedItem { envelope, kind, created_at, sha256, age_ms: None };
            intake::keep(&db, kiosk, &item, created_at, created_at).unwrap();
        }
        let received = received(&db, [kiosk]).unwrap();
        assert_eq!((received[0].highest, received[0].missing), (9, 4));
        assert_eq!(received[0].gaps, [(3, 4), (7, 8)]);
        assert_eq!(received[0].collisions, 0);
    }
}
