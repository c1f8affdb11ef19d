//! The forms that this server was given, for as long as it lives.

use domain::Timestamp;
use rusqlite::{Connection, params};

use super::millis;
use crate::store::error::StoreError;
use crate::store::model::publications::FormSource;

/// Keeps the text of a form. One that is kept already stays as it is.
pub fn keep(db: &Connection, form: &FormSource, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "insert into form (id, version, given_at, source) values (?1, ?2, ?3, ?4) on conflict do nothing",
        params![form.id, form.version, millis(now), form.text],
    )?;
    Ok(())
}

/// The texts of all forms that are kept.
pub fn kept(db: &Connection) -> Result<Vec<FormSource>, StoreError> {
    let mut query = db.prepare_cached("select id, version, source from form order by id, version")?;
    let rows = query
        .query_map([], |row| Ok(FormSource { id: row.get(0)?, version: row.get(1)?, text: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
