//! The quarantine: items that could not become cases, for staff to see. Nothing is deleted: an item leaves
//! only when it becomes a case.

use domain::id::KioskNumber;
use rusqlite::Connection;

use super::{count, moment};
use crate::store::error::StoreError;
use crate::store::model::intake::{QuarantineReason, QuarantinedItem};

/// The number of items in quarantine.
pub fn how_many(db: &Connection) -> Result<u64, StoreError> {
    Ok(count(
        db.prepare_cached(
            "select (select count(*) from sealed_item where quarantine_reason is not null)
             + (select count(*) from conflict) + (select count(*) from unparsed_item)",
        )?
        .query_row([], |row| row.get(0))?,
    ))
}

/// The newest items in quarantine.
pub fn newest(db: &Connection, limit: usize) -> Result<Vec<QuarantinedItem>, StoreError> {
    let mut query = db.prepare_cached(
        "select kiosk, uuid, seq, kind, received_at, quarantine_reason, length(sealed) from sealed_item
           where quarantine_reason is not null
         union all
         select kiosk, uuid, seq, kind, received_at, 'conflict', length(sealed) from conflict
         union all
         select kiosk, uuid, null, null, received_at, 'unparsed', length(raw) from unparsed_item
         order by received_at desc limit ?1",
    )?;
    let mut rows = query.query([i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        let unreadable = |what| StoreError::Unreadable { what };
        let reason: String = row.get(5)?;
        items.push(QuarantinedItem {
            kiosk: KioskNumber::new(row.get(0)?).ok_or(unreadable("kiosk number"))?,
            uuid: row.get(1)?,
            seq: row.get::<_, Option<i64>>(2)?.map(count),
            kind: row.get(3)?,
            received_at: moment(row.get(4)?),
            reason: QuarantineReason::from_key(&reason).ok_or(unreadable("reason of quarantine"))?,
            size: count(row.get(6)?),
        });
    }
    Ok(items)
}
