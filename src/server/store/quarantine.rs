//! What arrived and could not become a case, for a person to look at. Nothing is ever deleted from it: what
//! leaves it has become a case.

use domain::Timestamp;
use domain::id::KioskNumber;
use rusqlite::Connection;

use super::{StoreError, count, moment};

/// One thing in it.
#[derive(Clone, Debug)]
pub struct Aside {
    /// Who brought it.
    pub kiosk: KioskNumber,
    /// Its id.
    pub uuid: String,
    /// Its place in the count, if that could be read.
    pub seq: Option<u64>,
    /// What kind of thing it says it is, if that could be read.
    pub kind: Option<String>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Why it is here: a key of words.
    pub reason: String,
    /// Bytes of it.
    pub size: u64,
}

/// How many there are.
pub fn how_many(db: &Connection) -> Result<u64, StoreError> {
    Ok(count(
        db.prepare_cached(
            "select (select count(*) from submission where set_aside is not null)
             + (select count(*) from conflict) + (select count(*) from unparsed_item)",
        )?
        .query_row([], |row| row.get(0))?,
    ))
}

/// The newest of them.
pub fn newest(db: &Connection, limit: usize) -> Result<Vec<Aside>, StoreError> {
    let mut query = db.prepare_cached(
        "select kiosk, uuid, seq, kind, received_at, set_aside, length(sealed) from submission
           where set_aside is not null
         union all
         select kiosk, uuid, seq, kind, received_at, 'conflict', length(sealed) from conflict
         union all
         select kiosk, uuid, null, null, received_at, 'odd', length(raw) from unparsed_item
         order by received_at desc limit ?1",
    )?;
    let rows = query.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(Aside {
            kiosk: KioskNumber::new(row.get(0)?).unwrap_or(KioskNumber::NOT_ENROLLED),
            uuid: row.get(1)?,
            seq: row.get::<_, Option<i64>>(2)?.map(count),
            kind: row.get(3)?,
            received_at: moment(row.get(4)?),
            reason: row.get(5)?,
            size: count(row.get(6)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
