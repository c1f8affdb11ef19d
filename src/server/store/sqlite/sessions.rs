//! Sessions of the console. A session ends after half an hour without use, and after half a day in any case. One
//! that was begun or used in the future ends too: the clock was wrong then, and nobody knows how old it is.

use domain::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, named_params, params};

use super::staff::from_row;
use super::{millis, moment};
use crate::secret::Digest;
use crate::store::error::StoreError;
use crate::store::model::accounts::{SESSION_IDLE, SESSION_LONGEST, Session, StaffId};
use crate::store::model::moment::BELIEVED_AHEAD;

/// Whether a session goes on, with the parameters of [`bounds`].
const GOES_ON: &str =
    "(seen_at > :idle and seen_at <= :ahead and begun_at > :longest and begun_at <= :ahead)";

fn bounds(now: Timestamp) -> [i64; 3] {
    [now - SESSION_IDLE, now - SESSION_LONGEST, now + BELIEVED_AHEAD].map(millis)
}

/// Begins a session, and deletes those that have ended.
pub fn begin(db: &Connection, token: Digest, staff: StaffId, now: Timestamp) -> Result<(), StoreError> {
    let [idle, longest, ahead] = bounds(now);
    db.execute(
        &format!("delete from session where not {GOES_ON}"),
        named_params! { ":idle": idle, ":longest": longest, ":ahead": ahead },
    )?;
    db.execute(
        "insert into session (hash, staff, begun_at, seen_at) values (?1, ?2, ?3, ?3)",
        params![token.0, staff.0, millis(now)],
    )?;
    Ok(())
}

/// The session that this token opens, if it has not ended.
pub fn find(db: &Connection, token: Digest, now: Timestamp) -> Result<Option<Session>, StoreError> {
    let [idle, longest, ahead] = bounds(now);
    let found = db
        .prepare_cached(&format!(
            "select s.id, s.login, s.name, s.role, s.language, t.seen_at
             from session t join staff s on s.id = t.staff
             where t.hash = :token and {GOES_ON} and s.disabled_at is null",
        ))?
        .query_row(
            named_params! { ":token": token.0, ":idle": idle, ":longest": longest, ":ahead": ahead },
            |row| Ok((from_row(row), row.get(5).map(moment)?)),
        );
    found.optional()?.map(|(staff, seen_at)| Ok(Session { staff: staff?, seen_at })).transpose()
}

/// Notes that a session is in use.
pub fn seen(db: &Connection, token: Digest, now: Timestamp) -> Result<(), StoreError> {
    db.execute("update session set seen_at = ?2 where hash = ?1", params![token.0, millis(now)])?;
    Ok(())
}

/// Ends a session.
pub fn end(db: &Connection, token: Digest) -> Result<(), StoreError> {
    db.execute("delete from session where hash = ?1", params![token.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::model::accounts::Role;
    use crate::store::sqlite::open::in_memory;
    use crate::store::sqlite::staff;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    /// A session ends after half an hour without use, and after half a day with use.
    #[test]
    fn sessions_expire_when_idle_and_when_old() {
        let db = in_memory();
        let chen = staff::add(&db, "chen", "Chen", Role::Agent, "hash", at(0)).unwrap().unwrap();
        let token = Digest([1; 32]);
        begin(&db, token, chen, at(0)).unwrap();
        assert_eq!(find(&db, token, at(29)).unwrap().unwrap().staff.login, "chen");
        assert!(find(&db, token, at(30)).unwrap().is_none());
        for minute in (0..720).step_by(20) {
            seen(&db, token, at(minute)).unwrap();
        }
        assert!(find(&db, token, at(719)).unwrap().is_some());
        assert!(find(&db, token, at(720)).unwrap().is_none());
    }

    /// A machine eight hours ahead is put right: its sessions would last for eight hours more.
    #[test]
    fn sessions_from_the_future_have_ended() {
        let db = in_memory();
        let chen = staff::add(&db, "chen", "Chen", Role::Agent, "hash", at(0)).unwrap().unwrap();
        begin(&db, Digest([1; 32]), chen, at(8 * 60)).unwrap();
        begin(&db, Digest([2; 32]), chen, at(2)).unwrap();
        assert!(find(&db, Digest([1; 32]), at(0)).unwrap().is_none());
        assert!(
            find(&db, Digest([2; 32]), at(0)).unwrap().is_some(),
            "a clock is set by some seconds every day"
        );
        begin(&db, Digest([3; 32]), chen, at(0)).unwrap();
        let kept: u32 = db.query_row("select count(*) from session", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 2);
    }

    #[test]
    fn signing_out_or_disabling_ends_a_session() {
        let db = in_memory();
        let chen = staff::add(&db, "chen", "Chen", Role::Agent, "hash", at(0)).unwrap().unwrap();
        begin(&db, Digest([1; 32]), chen, at(0)).unwrap();
        begin(&db, Digest([2; 32]), chen, at(0)).unwrap();
        end(&db, Digest([1; 32])).unwrap();
        assert!(find(&db, Digest([1; 32]), at(1)).unwrap().is_none());
        staff::disable(&db, "chen", at(1)).unwrap();
        assert!(find(&db, Digest([2; 32]), at(1)).unwrap().is_none());
    }
}
