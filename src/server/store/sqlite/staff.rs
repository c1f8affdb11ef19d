//! Accounts of staff: logins, names, roles, password hashes.

use domain::Timestamp;
use domain::language::Language;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::millis;
use crate::store::error::StoreError;
use crate::store::model::accounts::{Account, Role, Staff, StaffId};

const COLUMNS: &str = "id, login, name, role, language";

pub(super) fn from_row(row: &Row<'_>) -> Result<Staff, StoreError> {
    let role: String = row.get(3)?;
    Ok(Staff {
        id: StaffId(row.get(0)?),
        login: row.get(1)?,
        name: row.get(2)?,
        role: Role::from_key(&role).ok_or(StoreError::Unreadable { what: "role" })?,
        language: row.get::<_, Option<String>>(4)?.and_then(|tag| tag.parse().ok()),
    })
}

/// Adds a member of staff; none if the login is taken.
pub fn add(
    db: &Connection,
    login: &str,
    name: &str,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<StaffId>, StoreError> {
    let id = db
        .query_row(
            "insert into staff (login, name, password, role, added_at) values (?1, ?2, ?3, ?4, ?5)
             on conflict do nothing returning id",
            params![login, name, password_hash, role.key(), millis(now)],
            |row| row.get(0).map(StaffId),
        )
        .optional()?;
    Ok(id)
}

/// Sets the password of an account and ends its sessions. False if there is no such login.
pub fn set_password(db: &Connection, login: &str, password_hash: &str) -> Result<bool, StoreError> {
    let changed =
        db.execute("update staff set password = ?2 where login = ?1", params![login, password_hash])?;
    db.execute("delete from session where staff = (select id from staff where login = ?1)", [login])?;
    Ok(changed == 1)
}

/// Replaces the hash of a password, unless the password was changed meanwhile.
pub fn renew_hash(db: &Connection, staff: StaffId, old: &str, new: &str) -> Result<(), StoreError> {
    db.execute("update staff set password = ?3 where id = ?1 and password = ?2", params![staff.0, old, new])?;
    Ok(())
}

/// Disables an account and ends its sessions. False if there is no such login, or if it was disabled before.
pub fn disable(db: &Connection, login: &str, now: Timestamp) -> Result<bool, StoreError> {
    let changed = db.execute(
        "update staff set disabled_at = ?2 where login = ?1 and disabled_at is null",
        params![login, millis(now)],
    )?;
    db.execute("delete from session where staff = (select id from staff where login = ?1)", [login])?;
    Ok(changed == 1)
}

/// The member of staff with this login, and the hash of their password. None for a disabled account.
pub fn by_login(db: &Connection, login: &str) -> Result<Option<(Staff, String)>, StoreError> {
    let sql = format!("select {COLUMNS}, password from staff where login = ?1 and disabled_at is null");
    let found = db.prepare_cached(&sql)?.query_row([login], |row| Ok((from_row(row), row.get(5)?)));
    found.optional()?.map(|(staff, hash)| Ok((staff?, hash))).transpose()
}

/// Every account, by login.
pub fn list(db: &Connection) -> Result<Vec<Account>, StoreError> {
    let sql = format!("select {COLUMNS}, disabled_at is not null from staff order by login");
    let mut query = db.prepare_cached(&sql)?;
    let rows = query.query_map([], |row| Ok((from_row(row), row.get(5)?)))?;
    rows.map(|row| {
        let (staff, disabled) = row?;
        Ok(Account { staff: staff?, disabled })
    })
    .collect()
}

/// Stores the language that a member of staff chose.
pub fn choose_language(db: &Connection, staff: StaffId, language: Language) -> Result<(), StoreError> {
    db.execute("update staff set language = ?2 where id = ?1", params![staff.0, language.tag()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::in_memory;

    /// Upper and lower case make no difference, and a disabled account cannot sign in.
    #[test]
    fn logins_ignore_case_and_disabled_ones_fail() {
        let (db, now) = (in_memory(), Timestamp::UNIX_EPOCH);
        assert!(add(&db, "chen", "陈静", Role::Agent, "hash", now).unwrap().is_some());
        assert!(add(&db, "Chen", "Other", Role::Agent, "hash", now).unwrap().is_none());
        assert_eq!(by_login(&db, "CHEN").unwrap().unwrap().0.name, "陈静");
        assert!(disable(&db, "chen", now).unwrap());
        assert!(by_login(&db, "chen").unwrap().is_none());
        assert!(list(&db).unwrap()[0].disabled);
    }
}
