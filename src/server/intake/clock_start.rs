//! When the SLA clocks of a submission start, even if the kiosk's clock is wrong.

use chrono::TimeDelta;
use domain::Timestamp;

use crate::store::intake::ReceivedItem;

/// A larger clock skew is corrected; a smaller one may be the time that the request took.
const TOLERATED: TimeDelta = TimeDelta::minutes(2);

/// The longest time that a submission can have waited on a kiosk.
const OLDEST: TimeDelta = TimeDelta::days(400);

/// When the clocks of a submission start: when the visitor sent it, by the server's time.
///
/// The kiosk's clock may be wrong. Its skew is the difference between `sent_at` and `received_at`. No clock
/// starts in the future. If the kiosk believed that it was 1970, the clocks start on arrival.
pub fn clock_start(created_at: Timestamp, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
    let skew = sent_at - received_at;
    let corrected =
        if skew.abs() > TOLERATED { created_at.checked_sub_signed(skew) } else { Some(created_at) };
    let oldest = received_at - OLDEST;
    match corrected {
        Some(start) if start <= received_at && start >= oldest => start,
        _ => received_at,
    }
}

/// When the clocks of an item start. If the item has an age, that decides: it does not depend on a calendar
/// clock, which may be wrong.
pub fn started_at(item: &ReceivedItem, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
    let age = item.age_ms.and_then(|age| i64::try_from(age).ok()).and_then(TimeDelta::try_milliseconds);
    match age {
        Some(age) if age < OLDEST => received_at - age,
        _ => clock_start(item.created_at, sent_at, received_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    /// With a right clock, the SLA clocks start when the visitor sent, however late the item arrives.
    #[test]
    fn late_arrivals_start_at_the_time_of_sending() {
        assert_eq!(clock_start(at(0), at(600), at(600)), at(0));
    }

    #[test]
    fn a_clock_an_hour_ahead_is_corrected() {
        assert_eq!(clock_start(at(60), at(90), at(30)), at(0));
    }

    #[test]
    fn nothing_starts_in_the_future_or_in_1970() {
        assert_eq!(clock_start(at(10), at(1), at(0)), at(0));
        assert_eq!(clock_start(Timestamp::UNIX_EPOCH, at(5), at(5)), at(5));
        assert_eq!(clock_start(Timestamp::MIN_UTC, Timestamp::MAX_UTC, at(5)), at(5));
    }
}
