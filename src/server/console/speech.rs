//! Texts, times, durations and answers to forms for one reader.
//!
//! A reader has a language and the mall's time zone. All texts refer to one moment, which is passed in.

use std::sync::Arc;

use chrono::{Datelike as _, TimeDelta};
use domain::Timestamp;
use domain::form::{self, Answers, Form, FormCatalog, Line};
use domain::language::Language;
use domain::words::Words;

use crate::console::urgency::Urgency;
use crate::store::SOON;

/// Makes the texts for one reader.
#[derive(Clone)]
pub struct Speech {
    words: Arc<Words>,
    forms: Arc<FormCatalog>,
    /// The reader's language.
    pub language: Language,
    zone: chrono_tz::Tz,
    now: Timestamp,
}

impl std::fmt::Debug for Speech {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Speech({})", self.language)
    }
}

impl Speech {
    /// For a reader of `language`, as of `now`.
    pub fn new(
        words: &Arc<Words>,
        forms: &Arc<FormCatalog>,
        language: Language,
        zone: chrono_tz::Tz,
        now: Timestamp,
    ) -> Self {
        Self { words: Arc::clone(words), forms: Arc::clone(forms), language, zone, now }
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.words.get(self.language, key)
    }

    /// The text of a key in a family, such as `stage.closed`.
    pub fn of(&self, family: &str, key: &str) -> String {
        self.t(&format!("{family}.{key}"))
    }

    /// The text of a key with its placeholders filled.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.fill(self.language, key, values)
    }

    /// The text of a key for a number of things, in the right plural form.
    pub fn n(&self, key: &str, n: u64) -> String {
        self.words.count(self.language, key, n, &[])
    }

    /// The answers to a form beside its questions. For an unknown form, the ids of the fields stand in.
    pub fn answers(&self, answers: &Answers) -> Vec<Line> {
        form::lines(self.form(answers), answers, self.language)
    }

    /// The form that answers belong to, if it is known.
    pub fn form(&self, answers: &Answers) -> Option<&Form> {
        self.forms.get(&answers.form, answers.version).map(AsRef::as_ref)
    }

    /// The day of a moment, in the mall's time zone.
    pub fn day(&self, at: Timestamp) -> chrono::NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// A moment as text: the time if it is today, else with the day, and in another year with the year.
    pub fn moment(&self, at: Timestamp) -> String {
        let (then, now) = (at.with_timezone(&self.zone), self.now.with_timezone(&self.zone));
        if then.date_naive() == now.date_naive() {
            self.fill("time.today", &[("time", &then.format("%H:%M").to_string())])
        } else if then.year() == now.year() {
            self.language.moment(then.naive_local())
        } else {
            self.language.moment_and_year(then.naive_local())
        }
    }

    /// A duration in minutes, hours or days, rounded to what a person would say.
    pub fn duration(&self, length: TimeDelta) -> String {
        let minutes = u64::try_from(length.num_minutes()).unwrap_or_default();
        match minutes {
            0..60 => self.n("time.minutes", minutes),
            60.. if minutes % 60 == 0 && minutes <= 72 * 60 => self.n("time.hours", minutes / 60),
            60..1440 => self.fill(
                "time.hours-minutes",
                &[("h", &(minutes / 60).to_string()), ("m", &format!("{:02}", minutes % 60))],
            ),
            _ => self.fill(
                "time.days-hours",
                &[("d", &(minutes / 1440).to_string()), ("h", &(minutes % 1440 / 60).to_string())],
            ),
        }
    }

    /// A duration in the largest unit of which there are two, to the nearest one. Below that in minutes.
    pub fn roughly(&self, length: TimeDelta) -> String {
        const UNITS: [(&str, u64); 3] = [("time.years", 525_960), ("time.days", 1440), ("time.hours", 60)];
        let minutes = u64::try_from(length.num_minutes()).unwrap_or_default();
        let unit = UNITS.into_iter().find(|(_, long)| minutes >= 2 * long);
        unit.map_or_else(
            || self.n("time.minutes", minutes),
            |(key, long)| self.n(key, (minutes + long / 2) / long),
        )
    }

    /// The time until `due`, and how urgent that is.
    pub fn left(&self, due: Timestamp) -> Left {
        let left = due - self.now;
        let text = self.clockwork(left.abs());
        if left < TimeDelta::zero() {
            return Left { text: self.fill("left.late", &[("time", &text)]), urgency: Urgency::Late };
        }
        Left { text, urgency: if left < SOON { Urgency::Soon } else { Urgency::Fine } }
    }

    fn clockwork(&self, length: TimeDelta) -> String {
        let minutes = length.num_minutes();
        if minutes < 1440 {
            return format!("{}:{:02}", minutes / 60, minutes % 60);
        }
        let (d, h) = ((minutes / 1440).to_string(), (minutes % 1440 / 60).to_string());
        self.fill("left.days", &[("d", &d), ("h", &h)])
    }

    /// The moment that all texts refer to.
    pub fn now(&self) -> Timestamp {
        self.now
    }
}

/// Time left, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    pub text: String,
    pub urgency: Urgency,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech(language: Language) -> Speech {
        let now = Timestamp::from_timestamp(1_795_226_400, 0).unwrap();
        let (words, forms) = (crate::words::read(), Arc::new(FormCatalog::shipped()));
        Speech::new(&words, &forms, language, chrono_tz::Asia::Shanghai, now)
    }

    /// A moment is as short as it can be without ambiguity.
    #[test]
    fn moments_are_short_and_unambiguous() {
        let (en, zh) = (speech(Language::En), speech(Language::ZhHans));
        let now = en.now();
        assert_eq!(en.moment(now), "today 10:00");
        assert_eq!(zh.moment(now), "今天 10:00");
        assert_eq!(en.moment(now + TimeDelta::days(1)), "22 Nov, 10:00");
        assert_eq!(zh.moment(now + TimeDelta::days(1)), "11月22日 10:00");
        assert_eq!(en.moment(now + TimeDelta::days(60)), "20 Jan 2027, 10:00");
    }

    #[test]
    fn time_left_says_how_pressing_it_is() {
        let zh = speech(Language::ZhHans);
        let left = |minutes| zh.left(zh.now() + TimeDelta::minutes(minutes));
        assert_eq!(left(-42), Left { text: "逾期 0:42".to_owned(), urgency: Urgency::Late });
        assert_eq!(left(18), Left { text: "0:18".to_owned(), urgency: Urgency::Soon });
        assert_eq!(left(60 * 50), Left { text: "2 天 2 小时".to_owned(), urgency: Urgency::Fine });
    }

    #[test]
    fn a_long_time_is_said_in_its_largest_unit() {
        let (en, zh) = (speech(Language::En), speech(Language::ZhHans));
        let text = |minutes| en.roughly(TimeDelta::minutes(minutes));
        assert_eq!(
            [text(42), text(119), text(120), text(48 * 60)],
            ["42 minutes", "119 minutes", "2 hours", "2 days"]
        );
        assert_eq!([text(400 * 1440), text(14_155_404)], ["400 days", "27 years"]);
        assert_eq!(zh.roughly(TimeDelta::minutes(14_155_404)), "27 年");
    }

    #[test]
    fn a_duration_is_said_as_people_say_it() {
        let en = speech(Language::En);
        let text = |minutes| en.duration(TimeDelta::minutes(minutes));
        assert_eq!(
            [text(1), text(15), text(60), text(72 * 60)],
            ["1 minute", "15 minutes", "1 hour", "72 hours"]
        );
        assert_eq!([text(95), text(4 * 1440 + 61)], ["1 h 35 min", "4 d 1 h"]);
    }
}
