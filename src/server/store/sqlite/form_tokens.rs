//! The forms that have changed a case: a form that is sent twice changes it once.

use chrono::TimeDelta;
use domain::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::millis;
use crate::store::error::StoreError;
use crate::store::model::cases::{CaseId, Changed};
use crate::store::model::form_token::{FormToken, Sending};

/// How long a form is remembered. No browser sends one again after that.
const REMEMBERED: TimeDelta = TimeDelta::days(7);
/// How many forms of a case are named to a browser that keeps drafts.
const NAMED: u32 = 50;

/// Makes a change, unless this form has made it before. A repeated form is answered as if it had just been made.
pub fn once(
    db: &Connection,
    id: CaseId,
    sending: Option<&Sending>,
    at: Timestamp,
    make: impl FnOnce() -> Result<Changed, StoreError>,
) -> Result<Changed, StoreError> {
    let Some(sending) = sending else { return make() };
    if let Some(version) = made_before(db, id, sending)? {
        return Ok(Changed::Done(version));
    }
    let changed = make()?;
    if let Changed::Done(version) = changed {
        db.execute("delete from form_token where at < ?1", [millis(at - REMEMBERED)])?;
        db.execute(
            "insert into form_token (token, case_id, content, version, at) values (?1, ?2, ?3, ?4, ?5)",
            params![sending.form.as_str(), id.0, sending.content.0, version, millis(at)],
        )?;
    }
    Ok(changed)
}

fn made_before(db: &Connection, id: CaseId, sending: &Sending) -> Result<Option<i64>, StoreError> {
    let same = "select version from form_token where token = ?1 and case_id = ?2 and content = ?3";
    let found = db
        .prepare_cached(same)?
        .query_row(params![sending.form.as_str(), id.0, sending.content.0], |row| row.get(0));
    Ok(found.optional()?)
}

/// The latest forms that changed a case.
pub fn of_case(db: &Connection, id: CaseId) -> Result<Vec<FormToken>, StoreError> {
    let mut query = db.prepare_cached(
        "select token from form_token where case_id = ?1 group by token order by max(version) desc limit ?2",
    )?;
    let rows = query.query_map(params![id.0, NAMED], |row| row.get::<_, String>(0))?;
    let tokens = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(tokens.iter().filter_map(|token| FormToken::parse(token)).collect())
}
