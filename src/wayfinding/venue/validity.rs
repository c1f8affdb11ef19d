//! The period in which a feature exists: IMDF's TEMPORALITY.
//!
//! A shop that opens on the first of May may be in the map before that day. A search finds it only from
//! then on.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

/// A moment in a map: with a UTC offset, or in the local time of the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// With a UTC offset.
    Fixed(DateTime<FixedOffset>),
    /// In the local time of the venue.
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

    /// Whether the moment is at or before `now`.
    fn is_reached(self, now: DateTime<Tz>) -> bool {
        match self {
            Self::Fixed(moment) => moment.to_utc() <= now.to_utc(),
            Self::Local(moment) => moment <= now.naive_local(),
        }
    }
}

/// The period in which a feature exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Validity {
    /// The first moment; without one, it has always existed.
    pub start: Option<Moment>,
    /// The first moment at which it no longer exists; without one, it has no end.
    pub end: Option<Moment>,
}

impl Validity {
    /// Whether the feature exists at `now`, which is in the time zone of the venue.
    pub fn holds_at(&self, now: DateTime<Tz>) -> bool {
        self.start.is_none_or(|s| s.is_reached(now)) && !self.end.is_some_and(|e| e.is_reached(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Shanghai;

    /// A shop exists from its first day until its last.
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
