//! The audit: time, actor, action, object and result of each entry. Rows are only added.
//!
//! Each row has a hash over itself and the hash of the row before. So a row that was changed, or was deleted
//! before the last one, is noticed.

use domain::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use sha2::{Digest as _, Sha256};

use super::{millis, moment};
use crate::store::error::StoreError;
use crate::store::model::audit::{AuditAction, AuditActor, AuditEntry, AuditResult};

/// Adds one entry.
pub fn add(
    db: &Connection,
    actor: &AuditActor,
    action: AuditAction,
    about: &str,
    result: AuditResult,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before: Option<Vec<u8>> = db
        .query_row("select hash from audit_entry order by id desc limit 1", [], |row| row.get(0))
        .optional()?;
    let (who, what, result) = (actor.name(), action.key(), result.key());
    let hash = link(&before.unwrap_or_default(), millis(now), who, what, about, result);
    db.execute(
        "insert into audit_entry (at, staff, who, what, about, result, hash) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![millis(now), actor.staff().map(|s| s.0), who, what, about, result, hash],
    )?;
    Ok(())
}

/// Adds an entry for an action that was done.
pub fn done(
    db: &Connection,
    actor: &AuditActor,
    action: AuditAction,
    about: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    add(db, actor, action, about, AuditResult::Done, now)
}

fn link(before: &[u8], at: i64, who: &str, what: &str, about: &str, result: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(at.to_be_bytes());
    for text in [who, what, about, result] {
        hash.update(u64::try_from(text.len()).unwrap_or_default().to_be_bytes());
        hash.update(text);
    }
    hash.finalize().into()
}

/// The newest entries before `before`, newest first.
pub fn list(db: &Connection, before: Option<i64>, limit: usize) -> Result<Vec<AuditEntry>, StoreError> {
    let mut query = db.prepare_cached(
        "select id, at, who, what, about, result from audit_entry where id < ?1 order by id desc limit ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = query.query_map([before.unwrap_or(i64::MAX), limit], |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get::<_, String>(3)?,
            row.get(4)?,
            row.get::<_, String>(5)?,
        ))
    })?;
    rows.map(|row| {
        let (id, at, who, action, about, result) = row?;
        let action = AuditAction::from_key(&action).ok_or(StoreError::Unreadable { what: "audit action" })?;
        let result = AuditResult::from_key(&result).ok_or(StoreError::Unreadable { what: "audit result" })?;
        Ok(AuditEntry { id, at: moment(at), who, action, about, result })
    })
    .collect()
}

/// The first row whose hash does not follow from the row before; none if the chain is intact.
pub fn first_break(db: &Connection) -> Result<Option<i64>, StoreError> {
    let mut query =
        db.prepare("select id, at, who, what, about, result, hash from audit_entry order by id")?;
    let mut rows = query.query([])?;
    let mut before = Vec::new();
    while let Some(row) = rows.next()? {
        let texts: [String; 4] = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?];
        let hash: Vec<u8> = row.get(6)?;
        if link(&before, row.get(1)?, &texts[0], &texts[1], &texts[2], &texts[3]).as_slice() != hash {
            return Ok(Some(row.get(0)?));
        }
        before = hash;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::in_memory;

    #[test]
    fn a_changed_or_deleted_entry_is_found() {
        let db = in_memory();
        for about in ["K1-AAA-AAA-A", "K1-BBB-BBB-B", "K1-CCC-CCC-C"] {
            let chen = AuditActor::Stranger("chen".to_owned());
            done(&db, &chen, AuditAction::ContactSeen, about, Timestamp::UNIX_EPOCH).unwrap();
        }
        assert_eq!(first_break(&db).unwrap(), None);
        assert_eq!(list(&db, None, 2).unwrap()[0].about, "K1-CCC-CCC-C");
        db.execute_batch("drop trigger audit_entry_is_not_deleted; delete from audit_entry where id = 2")
            .unwrap();
        assert_eq!(first_break(&db).unwrap(), Some(3));
    }
}
