//! Opening hours in the grammar of OpenStreetMap, which IMDF uses too: `Mo-Su 09:30-22:00`.
//!
//! A text is parsed once, when the map is read. Each query passes a moment in the time zone of the venue;
//! this module has no clock.

use std::fmt;

use chrono::{DateTime, TimeZone};
use chrono_tz::Tz;
use opening_hours::OpeningHours;

/// When something is open.
#[derive(Clone, PartialEq)]
pub struct Hours {
    text: String,
    rules: OpeningHours,
}

/// A text that is not in the grammar of opening hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not in the grammar of opening hours: {cause}")]
pub struct HoursError {
    text: String,
    cause: String,
}

/// Whether something is open at a moment, and when that changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoursState {
    Open {
        /// When it closes; `None` if it never does.
        until: Option<DateTime<Tz>>,
    },
    Closed {
        /// When it opens next; `None` if it never does.
        opens: Option<DateTime<Tz>>,
    },
    /// The text itself declares the state unknown (`Mo-Fr 09:00-17:00 unknown`).
    Unknown,
}

impl Hours {
    /// Reads hours such as `Mo-Fr 08:30-20:00; Sa,Su 10:00-22:00`.
    ///
    /// # Errors
    /// When the text is not in the grammar; the error names the part that was expected.
    pub fn parse(text: &str) -> Result<Self, HoursError> {
        match text.parse::<OpeningHours>() {
            Ok(rules) => Ok(Self { text: text.to_owned(), rules }),
            Err(cause) => {
                // The parser draws its cause over several lines; the last line names what it expected.
                let whole = cause.to_string();
                let last = whole.lines().next_back().unwrap_or_default().trim_start_matches([' ', '=']);
                Err(HoursError { text: text.to_owned(), cause: last.to_owned() })
            }
        }
    }

    /// The text that was parsed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it is open at `now`, and when that changes.
    pub fn state_at(&self, now: DateTime<Tz>) -> HoursState {
        let local = now.naive_local();
        let change = || {
            let next = self.rules.next_change(local)?;
            // A change inside the hour that the clock skips in spring moves forward by one hour. In the
            // hour that the clock repeats in autumn, the first occurrence counts.
            let zone = now.timezone();
            zone.from_local_datetime(&next)
                .earliest()
                .or_else(|| zone.from_local_datetime(&(next + chrono::Duration::hours(1))).earliest())
        };
        if self.rules.is_open(local) {
            HoursState::Open { until: change() }
        } else if self.rules.is_closed(local) {
            HoursState::Closed { opens: change() }
        } else {
            HoursState::Unknown
        }
    }
}

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hours({:?})", self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Shanghai;

    fn at(hour: u32, minute: u32) -> DateTime<Tz> {
        // A Wednesday.
        Shanghai.with_ymd_and_hms(2026, 11, 18, hour, minute, 0).unwrap()
    }

    /// A shop is open until closing time, and then closed until opening time.
    #[test]
    fn shops_are_open_until_they_close() {
        let hours = Hours::parse("Mo-Su 10:00-22:00").unwrap();
        assert_eq!(hours.state_at(at(21, 48)), HoursState::Open { until: Some(at(22, 0)) });
        assert_eq!(hours.state_at(at(9, 0)), HoursState::Closed { opens: Some(at(10, 0)) });
    }

    #[test]
    fn a_week_that_wraps_around_sunday_is_understood() {
        let hours = Hours::parse("Su-Sa 09:00-17:00").unwrap();
        assert!(matches!(hours.state_at(at(12, 0)), HoursState::Open { .. }));
    }

    #[test]
    fn what_never_closes_has_no_end() {
        assert_eq!(Hours::parse("24/7").unwrap().state_at(at(3, 0)), HoursState::Open { until: None });
    }

    #[test]
    fn nonsense_is_refused_with_the_text_it_was() {
        let error = Hours::parse("nine to five").unwrap_err();
        assert!(error.to_string().contains("nine to five"), "{error}");
    }
}
