//! Every form that was ever added to this server. Rows never change and are never deleted.

use domain::Timestamp;
use rusqlite::{Connection, params};

use super::millis;
use crate::store::error::StoreError;
use crate::store::model::publications::FormSource;

/// Stores the text of a form. A form that is stored already does not change.
pub fn keep(db: &Connection, form: &FormSource, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "insert into form (id, version, given_at, source) values (?1, ?2, ?3, ?4) on conflict do nothing",
        params![form.id, form.version, millis(now), form.text],
    )?;
    Ok(())
}

/// The texts of all stored forms.
pub fn kept(db: &Connection) -> Result<Vec<FormSource>, StoreError> {
    let mut query = db.prepare_cached("select id, version, source from form order by id, version")?;
    let rows = query
        .query_map([], |row| Ok(FormSource { id: row.get(0)?, version: row.get(1)?, text: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
