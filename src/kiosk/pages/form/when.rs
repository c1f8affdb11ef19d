//! The time question: now, earlier today, or a part of one of the last days. No clock time is asked for.

use chrono::{Days, NaiveDate};
use domain::form::{Answer, ApproximateTime, DayPart};

use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, today};

/// The number of past days that are offered at first; one more touch shows all.
const LATELY: u8 = 6;

/// A choice of the time question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Now, or earlier today.
    Today(DayPart),
    /// A day before today.
    Day(NaiveDate),
    /// The visitor does not know the time.
    Unsure,
    /// Show more days.
    More,
}

/// The choices, in order.
pub fn moments(cx: &Cx, filling: &Filling, days: u8) -> Vec<Moment> {
    let here = today(cx.world(), cx.now());
    let offered = if filling.all_days { days } else { days.min(LATELY) };
    let past = (1..=u64::from(offered)).filter_map(|ago| here.checked_sub_days(Days::new(ago)));
    let mut moments = vec![Moment::Today(DayPart::Now), Moment::Today(DayPart::Earlier)];
    moments.extend(past.map(Moment::Day));
    if offered < days {
        moments.push(Moment::More);
    }
    moments.push(Moment::Unsure);
    moments
}

/// The label of a choice.
pub fn words(cx: &Cx, moment: Moment) -> String {
    let here = today(cx.world(), cx.now());
    match moment {
        Moment::Today(DayPart::Now) => cx.word("when.now"),
        Moment::Today(_) => cx.word("when.earlier"),
        Moment::Day(at) if here.pred_opt() == Some(at) => cx.word("when.yesterday"),
        Moment::Day(at) => cx.language().weekday_and_day(at),
        Moment::Unsure => cx.word("when.unsure"),
        Moment::More => cx.word("when.more"),
    }
}

/// The answer of a choice; none for [`Moment::More`].
pub fn answer(cx: &Cx, moment: Moment) -> Option<Answer> {
    match moment {
        Moment::Today(part) => Some(Answer::When(ApproximateTime { day: today(cx.world(), cx.now()), part })),
        Moment::Day(day) => Some(Answer::When(ApproximateTime { day, part: DayPart::Unknown })),
        Moment::Unsure => Some(Answer::Unsure),
        Moment::More => None,
    }
}

/// Whether this choice is the given answer. The part of the day is ignored.
pub fn is(cx: &Cx, moment: Moment, given: Option<&Answer>) -> bool {
    match (moment, given) {
        (Moment::Day(day), Some(Answer::When(when))) => when.day == day,
        (moment, Some(given)) => answer(cx, moment).as_ref() == Some(given),
        _ => false,
    }
}

/// The chosen past day, if there is one: the visitor is then asked for its part.
pub fn past_day(cx: &Cx, given: Option<&Answer>) -> Option<ApproximateTime> {
    match given {
        Some(Answer::When(when)) if when.day < today(cx.world(), cx.now()) => Some(*when),
        _ => None,
    }
}
