//! The counts in the navigation of the console.

use domain::Timestamp;
use rusqlite::Connection;

use super::{kiosks, millis};
use crate::store::error::StoreError;
use crate::store::model::desk::{DeskSummary, SOON};
use crate::store::sqlite::cases::inbox;
use crate::store::sqlite::quarantine;

pub fn summary(db: &Connection, now: Timestamp) -> Result<DeskSummary, StoreError> {
    let (kiosks, kiosks_up) = kiosks::in_service(db, now)?;
    Ok(DeskSummary {
        cases: inbox::counts(db, millis(now), millis(now + SOON))?,
        kiosks,
        kiosks_up,
        quarantined: quarantine::how_many(db)?,
        newest_event: db.query_row("select coalesce(max(id), 0) from case_event", [], |row| row.get(0))?,
    })
}
