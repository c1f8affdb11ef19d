//! Salvage: copies the readable rows of a damaged database into the new one.
//!
//! Each row is checked by its hash. A row that was already delivered may be sent again; the server recognises
//! it by its id. The old database is only read.

use std::collections::BTreeMap;
use std::path::Path;

use domain::wire::SealedItem;
use rusqlite::{Connection, TransactionBehavior};

use super::error::Error;
use super::{database, rows};

/// Copies the readable rows of `aside`; returns the number of submissions.
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

/// Reads each table from both ends towards the damage. Quarantined and delivered rows are copied too: the
/// server refuses or recognises them again.
fn readable(old: &Connection) -> BTreeMap<(u32, u64), SealedItem> {
    let mut found = BTreeMap::new();
    for table in ["waiting", "quarantined", "delivered"] {
        for direction in ["asc", "desc"] {
            let sql = format!(
                "select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed
                 from {table} order by rowid {direction}"
            );
            let Ok(mut query) = old.prepare(&sql) else { continue };
            let Ok(found_rows) = query.query_map((), rows::item) else { continue };
            // A row that does not convert is skipped; an unreadable page ends the scan.
            let sound = found_rows.map_while(|row| match row {
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
