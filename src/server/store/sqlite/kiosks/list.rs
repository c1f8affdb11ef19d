//! Lists of kiosks, by number: all of them, or those in trouble.

use domain::Timestamp;
use domain::id::KioskNumber;
use rusqlite::{Connection, Row};

use crate::store::error::StoreError;
use crate::store::model::fleet::{
    CLOCK_WRONG, DISK_LOW, Kiosk, KioskFilter, KioskState, PROBLEM_SHOWN_FOR, UP_WITHIN, code_is_valid,
};
use crate::store::model::moment::BELIEVED_AHEAD;
use crate::store::sqlite::{count, millis, moment};

impl KioskFilter {
    /// The condition in SQL, with the first five parameters of [`values`].
    fn condition(self) -> &'static str {
        match self {
            Self::All => "true",
            Self::Troubled => {
                "enrolled_at is not null and revoked_at is null and (
                   coalesce(last_seen_at, 0) <= ?1 or last_seen_at > ?5
                   or abs(coalesce(clock_skew_ms, 0)) >= ?2
                   or coalesce(report ->> 'quarantined', 0) > 0
                   or coalesce(json_array_length(report, '$.alarms'), 0) > 0
                   or coalesce(report ->> 'disk_free', ?3) < ?3
                   or coalesce(copied_at, 0) > ?4
                   or coalesce(wrong_signature_at, 0) > ?4
                   or content_trouble is not null
                   or exists (select 1 from tally
                     where tally.kiosk = kiosk.number and collisions > 0 and coalesce(collision_at, 0) > ?4))"
            }
        }
    }
}

/// The parameters of the queries.
fn values(skip: usize, limit: usize, now: Timestamp) -> [i64; 7] {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let disk = i64::try_from(DISK_LOW).unwrap_or(i64::MAX);
    let (up, lately) = (millis(now - UP_WITHIN), millis(now - PROBLEM_SHOWN_FOR));
    let ahead = millis(now + BELIEVED_AHEAD);
    [up, CLOCK_WRONG.num_milliseconds(), disk, lately, ahead, number(limit), number(skip)]
}

/// How many of these kiosks there are.
pub fn how_many(db: &Connection, which: KioskFilter, now: Timestamp) -> Result<u64, StoreError> {
    let condition = which.condition();
    let sql = format!("select count(*) from (select 1 from kiosk where {condition} limit ?6 offset ?7)");
    Ok(count(db.prepare_cached(&sql)?.query_row(values(0, usize::MAX, now), |row| row.get(0))?))
}

/// A page of these kiosks, by number.
pub fn page(
    db: &Connection,
    which: KioskFilter,
    skip: usize,
    limit: usize,
    now: Timestamp,
) -> Result<Vec<Kiosk>, StoreError> {
    let mut query = db.prepare_cached(&format!(
        "select number, name, code_expires_at, enrolled_at is not null, revoked_at is not null, software,
         last_seen_at, waiting, clock_skew_ms, report, copied_at, content_shown, content_trouble,
         wrong_signature_at, public_url
         from kiosk where {} order by number limit ?6 offset ?7",
        which.condition()
    ))?;
    let rows = query.query_map(values(skip, limit, now), |row| from_row(row, now))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many kiosks are in service, and how many of them are up.
pub fn in_service(db: &Connection, now: Timestamp) -> Result<(u64, u64), StoreError> {
    let mut query = db.prepare_cached(
        "select (select count(*) from kiosk where enrolled_at is not null and revoked_at is null),
                (select count(*) from kiosk
                   where enrolled_at is not null and revoked_at is null
                     and last_seen_at > ?1 and last_seen_at <= ?2)",
    )?;
    let bounds = [millis(now - UP_WITHIN), millis(now + BELIEVED_AHEAD)];
    Ok(query.query_row(bounds, |row| Ok((count(row.get(0)?), count(row.get(1)?))))?)
}

fn from_row(row: &Row<'_>, now: Timestamp) -> Result<Kiosk, rusqlite::Error> {
    let (enrolled, revoked): (bool, bool) = (row.get(3)?, row.get(4)?);
    let until = row.get::<_, Option<i64>>(2)?.map(moment);
    Ok(Kiosk {
        number: KioskNumber::new(row.get(0)?).unwrap_or(KioskNumber::NOT_ENROLLED),
        name: row.get(1)?,
        state: match until {
            _ if revoked => KioskState::Revoked,
            _ if enrolled => KioskState::Enrolled,
            Some(until) if code_is_valid(until, now) => KioskState::Expected { until },
            _ => KioskState::Forgotten,
        },
        software: row.get(5)?,
        last_seen_at: row.get::<_, Option<i64>>(6)?.map(moment),
        waiting: count(row.get(7)?),
        clock_skew_ms: row.get(8)?,
        // A report of another version may be unreadable; the kiosk sends a new one with every contact.
        report: row.get::<_, Option<String>>(9)?.and_then(|text| serde_json::from_str(&text).ok()),
        copied_at: row.get::<_, Option<i64>>(10)?.map(moment),
        content_shown: row.get::<_, Option<i64>>(11)?.map(count),
        content_trouble: row.get(12)?,
        wrong_signature_at: row.get::<_, Option<i64>>(13)?.map(moment),
        public_url: row.get(14)?,
    })
}
