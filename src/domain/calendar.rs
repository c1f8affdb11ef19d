//! The bounds of the calendar: the years 1 to 9999, which every language can write.
//!
//! Times enter from kiosks, whose clocks may be anything. A moment beyond the bounds becomes the nearest one within
//! them, because a wrong clock is no reason to lose what a visitor wrote. A day that a visitor named is refused
//! instead: nobody meant the nearest one.

use chrono::{Datelike as _, NaiveDate};
use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use crate::Timestamp;

/// The first year.
const FIRST: i32 = 1;
/// The last year. Four digits are the most that calendars, forms and exports have room for.
const LAST: i32 = 9999;

/// The first second of the second day, in UTC: it is within the calendar in every time zone.
const EARLIEST: i64 = -62_135_510_400;
/// The last second of the last day but one, in UTC.
const LATEST: i64 = 253_402_214_399;

/// The nearest moment within the calendar, in whichever time zone it is read.
pub fn nearest(at: Timestamp) -> Timestamp {
    match at.timestamp() {
        ..EARLIEST => Timestamp::from_timestamp(EARLIEST, 0).unwrap_or(at),
        LATEST.. => Timestamp::from_timestamp(LATEST, 0).unwrap_or(at),
        _ => at,
    }
}

/// The nearest day within the calendar.
pub fn nearest_day(day: NaiveDate) -> NaiveDate {
    match day.year() {
        ..FIRST => NaiveDate::from_ymd_opt(FIRST, 1, 1).unwrap_or(day),
        year if year > LAST => NaiveDate::from_ymd_opt(LAST, 12, 31).unwrap_or(day),
        _ => day,
    }
}

/// Deserialises a moment as the nearest one within the calendar.
///
/// # Errors
/// When it is no moment.
pub fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    Timestamp::deserialize(from).map(nearest)
}

/// Deserialises a moment that may be absent, like [`moment`].
///
/// # Errors
/// When it is neither null nor a moment.
pub fn optional_moment<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(Option::<Timestamp>::deserialize(from)?.map(nearest))
}

/// Deserialises a day within the calendar.
///
/// # Errors
/// When it is no day, or beyond the calendar.
pub fn day<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let day = NaiveDate::deserialize(from)?;
    if day == nearest_day(day) {
        Ok(day)
    } else {
        Err(D::Error::custom(format_args!("the day {day} is not between the years {FIRST} and {LAST}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_beyond_the_calendar_become_the_nearest() {
        for (far, near) in
            [(Timestamp::MAX_UTC, "9999-12-30T23:59:59Z"), (Timestamp::MIN_UTC, "0001-01-02T00:00:00Z")]
        {
            let read = nearest(far);
            assert_eq!(read, near.parse::<Timestamp>().unwrap());
            for zone in [chrono::FixedOffset::east_opt(86_399), chrono::FixedOffset::west_opt(86_399)] {
                assert!((FIRST..=LAST).contains(&read.with_timezone(&zone.unwrap()).year()));
            }
        }
        let today = "2026-11-21T02:00:00Z".parse().unwrap();
        assert_eq!(nearest(today), today);
    }
}
