//! When something exists: IMDF's TEMPORALITY.
//!
//! A shop that opens on the first of May is in the map before that, and is not to be found until then.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

/// A moment as maps write it: with an offset, or in the time of the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// One moment everywhere.
    Fixed(DateTime<FixedOffset>),
    /// What the clocks of the venue show.
    Local(NaiveDateTime),
}

impl Moment {
    /// Reads `2026-05-01T10:00:00+02:00`, `2026-05-01T10:00:00` or `2026-05-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let fixed = DateTime::parse_from_rfc3339(text).ok().map(Self::Fixed);
        let local = || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
        let day = || Some(NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_time(NaiveTime::MIN));
        fixed.or_else(|| local().or_else(day).map(Self::Local))
    }

    /// Whether it is at or before a moment in the time of the venue.
    fn is_reached(self, now: DateTime<Tz>) -> bool {
        match self {
            Self::Fixed(moment) => moment.to_utc() <= now.to_utc(),
            Self::Local(moment) => moment <= now.naive_local(),
        }
    }
}

/// From when until when something exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// Its first moment; it was always there, if none.
    pub start: Option<Moment>,
    /// The moment it is gone; it stays, if none.
    pub end: Option<Moment>,
}

impl Validity {
    /// Whether it is there at a moment, given in the time zone of the venue.
    pub fn holds_at(&self, now: DateTime<Tz>) -> bool {
        self.start.is_none_or(|s| s.is_reached(now)) && !self.end.is_some_and(|e| e.is_reached(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    /// A shop is there from its first day until its last.
    #[test]
    fn shops_exist_between_first_and_last_day() {
        let validity =
            Validity { start: Moment::parse("2026-05-01"), end: Moment::parse("2026-06-01T00:00:00+08:00") };
        let at = |month, day, hour| Shanghai.with_ymd_and_hms(2026, month, day, hour, 0, 0).unwrap();
        assert!(!validity.holds_at(at(4, 30, 23)));
        assert!(validity.holds_at(at(5, 1, 0)) && validity.holds_at(at(5, 31, 23)));
        assert!(!validity.holds_at(at(6, 1, 0)));
        assert!(Validity::default().holds_at(at(1, 1, 0)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "May", "2026-13-01", "2026-05-01 10:00"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
