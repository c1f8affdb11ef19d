//! Times and opening hours as text, in the mall's time zone.

use chrono::{DateTime, TimeDelta, Timelike as _};
use chrono_tz::Tz;
use domain::language::Language;
use wayfinding::venue::{Hours, HoursState};

use crate::words::words;

/// The time of day: `14:32`.
pub fn clock(at: DateTime<Tz>) -> String {
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// Date and time with the weekday: `Tue 24 Nov, 14:32`.
pub fn moment(language: Language, at: DateTime<Tz>) -> String {
    language.weekday_and_moment(at.naive_local())
}

/// Whether a place is open, as text and as a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenState {
    /// `Open until 22:00`; empty when unknown.
    pub words: String,
    /// Whether the place is closed now.
    pub closed: bool,
}

/// The state of a place with these hours at `now`.
pub fn open_state(language: Language, hours: Option<&Hours>, now: DateTime<Tz>) -> OpenState {
    let w = words();
    match hours.map(|h| h.state_at(now)) {
        None | Some(HoursState::Unknown) => OpenState::default(),
        Some(HoursState::Open { until }) => {
            let text = match until {
                Some(end) if end - now <= TimeDelta::minutes(60) => {
                    let minutes = u64::try_from((end - now).num_minutes()).unwrap_or_default().max(1);
                    w.count(language, "hours.closes-in", minutes, &[])
                }
                Some(end) if end - now < TimeDelta::hours(20) => {
                    w.fill(language, "hours.open-until", &[("time", &clock(end))])
                }
                _ => w.get(language, "hours.open"),
            };
            OpenState { words: text, closed: false }
        }
        Some(HoursState::Closed { opens }) => {
            let text = match opens {
                Some(start) if start.date_naive() == now.date_naive() => {
                    w.fill(language, "hours.opens", &[("time", &clock(start))])
                }
                Some(start) if start.date_naive() - now.date_naive() == TimeDelta::days(1) => {
                    w.fill(language, "hours.opens-tomorrow", &[("time", &clock(start))])
                }
                Some(start) => w.fill(language, "hours.opens-on", &[("moment", &moment(language, start))]),
                None => w.get(language, "hours.closed"),
            };
            OpenState { words: text, closed: true }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Tz> {
        chrono_tz::Asia::Shanghai.with_ymd_and_hms(2026, 11, day, hour, minute, 0).unwrap()
    }

    #[test]
    fn a_moment_names_the_weekday_in_both_languages() {
        assert_eq!(moment(Language::En, at(24, 14, 32)), "Tue 24 Nov, 14:32");
        assert_eq!(moment(Language::ZhHans, at(24, 14, 32)), "11月24日周二 14:32");
    }

    /// A shop that closes soon shows the minutes that are left.
    #[test]
    fn closing_soon_shows_minutes() {
        let hours = Hours::parse("Mo-Su 10:00-22:00").unwrap();
        let says = |now| open_state(Language::En, Some(&hours), now).words;
        assert_eq!(says(at(21, 14, 0)), "Open until 22:00");
        assert_eq!(says(at(21, 21, 48)), "Closes in 12 min");
        assert_eq!(says(at(21, 9, 0)), "Closed, opens 10:00");
        assert_eq!(says(at(21, 23, 0)), "Closed, opens tomorrow 10:00");
    }
}
