//! Dates and times in the format of each language. The clock has 24 hours in every language.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use icu_calendar::{Date, Gregorian};
use icu_datetime::fieldsets::{E, MD, MDE, YMD};
use icu_datetime::input::{DateTime, Time};
use icu_datetime::{DateTimeFormatterPreferences, FixedCalendarDateTimeFormatter};
use icu_locale::preferences::extensions::unicode::keywords::HourCycle;

use super::Language;
use crate::calendar;

const DATA: &str = "the data of every locale is part of the program";

macro_rules! written {
    ($language:expr, $fields:expr, $value:expr) => {
        FixedCalendarDateTimeFormatter::<Gregorian, _>::try_new($language.date_preferences(), $fields)
            .expect(DATA)
            .format(&$value)
            .to_string()
    };
}

impl Language {
    /// A day of this year: `24 Nov`, `11月24日`.
    pub fn day(self, day: NaiveDate) -> String {
        written!(self, MD::medium(), date(day))
    }

    /// A day a few weeks away at most: `Tue 24 Nov`, `11月24日周二`.
    pub fn weekday_and_day(self, day: NaiveDate) -> String {
        written!(self, MDE::medium(), date(day))
    }

    /// The weekday alone, written out: `Tuesday`, `星期二`.
    pub fn weekday(self, day: NaiveDate) -> String {
        written!(self, E::long(), date(day))
    }

    /// A date and time of this year: `24 Nov, 14:32`, `11月24日 14:32`.
    pub fn moment(self, at: NaiveDateTime) -> String {
        written!(self, MD::medium().with_time_hm(), moment(at))
    }

    /// A date and time with the weekday: `Tue 24 Nov, 14:32`.
    pub fn weekday_and_moment(self, at: NaiveDateTime) -> String {
        written!(self, MDE::medium().with_time_hm(), moment(at))
    }

    /// A date and time with the year: `24 Nov 2026, 14:32`.
    pub fn moment_and_year(self, at: NaiveDateTime) -> String {
        written!(self, YMD::medium().with_time_hm(), moment(at))
    }

    fn date_preferences(self) -> DateTimeFormatterPreferences {
        let mut preferences = DateTimeFormatterPreferences::from(&self.row().formats);
        preferences.hour_cycle = Some(HourCycle::H23);
        preferences
    }
}

/// The day in the calendar of the formatter, which has no years beyond 9999: the nearest one is written then.
fn date(day: NaiveDate) -> Date<Gregorian> {
    let day = calendar::nearest_day(day);
    let (month, of_month) = (small(day.month()), small(day.day()));
    Date::try_new_gregorian(day.year(), month, of_month).expect("a day of one calendar is one of the other")
}

fn moment(at: NaiveDateTime) -> DateTime<Gregorian> {
    let time = Time::try_new(small(at.hour()), small(at.minute()), 0, 0).expect("a day has 24 hours");
    DateTime { date: date(at.date()), time }
}

fn small(part: u32) -> u8 {
    u8::try_from(part).expect("parts of a date are below 60")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tuesday() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(4, 5, 59).unwrap()
    }

    #[test]
    fn days_beyond_the_calendar_are_written_too() {
        for day in [NaiveDate::MAX, NaiveDate::MIN] {
            for language in Language::ALL {
                assert!(!language.day(day).is_empty() && !language.weekday_and_day(day).is_empty());
                assert!(!language.moment_and_year(day.and_hms_opt(23, 59, 59).unwrap()).is_empty());
            }
        }
    }

    #[test]
    fn moments_are_written_as_their_readers_write() {
        let written = |language: Language| {
            let (day, at) = (tuesday().date(), tuesday());
            [
                language.day(day),
                language.weekday_and_day(day),
                language.weekday(day),
                language.weekday_and_moment(at),
                language.moment_and_year(at),
            ]
        };
        let expected = [
            ["24 Nov", "Tue 24 Nov", "Tuesday", "Tue 24 Nov, 04:05", "24 Nov 2026, 04:05"],
            ["11月24日", "11月24日周二", "星期二", "11月24日周二 04:05", "2026年11月24日 04:05"],
            ["11月24日", "11月24日(火)", "火曜日", "11月24日(火) 4:05", "2026/11/24 4:05"],
            ["11월 24일", "11월 24일 (화)", "화요일", "11월 24일 (화) 04:05", "2026/11/24 04:05"],
        ];
        let languages = [Language::En, Language::ZhHans, Language::Ja, Language::Ko];
        assert_eq!(languages.map(written), expected);
        assert_eq!(Language::ZhHant.weekday_and_day(tuesday().date()), "11月24日週二");
    }
}
