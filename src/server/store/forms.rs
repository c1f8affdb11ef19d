//! The forms that this server was given, for as long as it lives.

use domain::Timestamp;
use rusqlite::{Connection, params};

use super::{StoreError, millis};

/// Keeps the text of a form. One that is kept already stays as it is.
pub fn keep(db: &Connection, id: &str, version: u32, source: &str, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "insert into form (id, version, given_at, source) values (?1, ?2, ?3, ?4) on conflict do nothing",
        params![id, version, millis(now), source],
    )?;
    Ok(())
}

/// The texts of all forms that are kept, with a name to call each by.
pub fn kept(db: &Connection) -> Result<Vec<(String, String)>, StoreError> {
    let mut query = db.prepare("select id, version, source from form order by id, version")?;
    let rows = query.query_map([], |row| {
        let (id, version): (String, u32) = (row.get(0)?, row.get(1)?);
        Ok((format!("{id}.{version}.toml, kept in the database"), row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
