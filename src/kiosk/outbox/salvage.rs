//! Salvage: rows that can still be read in a database that was moved aside go on waiting in the new one.
//!
//! Each row proves itself by its hash. One that had been delivered already may come back to life; the
//! server knows it by its id. The old database is only read.

use std::collections::BTreeMap;
use std::path::Path;

use domain::wire::SealedItem;
use rusqlite::{Connection, TransactionBehavior};

use super::{Error, database, queue};

/// Carries over what `aside` still holds, and answers how many submissions that were.
pub(super) fn carry_over(aside: &Path, db: &mut Connection) -> Result<u64, Error> {
    let Ok(old) = database::connect_aside(aside) else { return Ok(0) };
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut carried = 0;
    for item in readable(&old).into_values() {
        carried += u64::try_from(transaction.execute(
            "insert or ignore into waiting (id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed)
             values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                item.id.to_string(),
                item.kiosk.to_string(),
                item.epoch.0,
                item.seq.0,
                item.kind.key(),
                item.created_at.timestamp_millis(),
                item.key_id.0,
                item.sha256,
                item.sealed.0,
            ),
        )?)
        .unwrap_or_default();
    }
    transaction.commit()?;
    Ok(carried)
}

/// Reads from both ends towards the damage, waiting rows, quarantined ones and delivered ones alike: what was
/// refused once is refused again if need be, and what the server has it knows by its id.
fn readable(old: &Connection) -> BTreeMap<(u32, u64), SealedItem> {
    let mut found = BTreeMap::new();
    for table in ["waiting", "quarantined", "delivered"] {
        for direction in ["asc", "desc"] {
            let sql = format!(
                "select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed
                 from {table} order by rowid {direction}"
            );
            let Ok(mut query) = old.prepare(&sql) else { continue };
            let Ok(rows) = query.query_map((), queue::item) else { continue };
            // A row that does not convert is skipped; a page that does not read ends the walk.
            let sound = rows.map_while(|row| match row {
                Ok(item) => Some(Some(item)),
                Err(rusqlite::Error::SqliteFailure(..)) => None,
                Err(_) => Some(None),
            });
            for item in sound.flatten().filter(|item| SealedItem::hash(&item.sealed.0) == item.sha256) {
                found.insert((item.epoch.0, item.seq.0), item);
            }
        }
    }
    found
}
