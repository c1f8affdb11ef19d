//! When it was: now, earlier today, or a part of one of the last days. Nobody is asked for a clock time.

use chrono::{Days, NaiveDate};
use domain::form::{Answer, ApproximateTime, DayPart};

use crate::visit::cx::Cx;
use crate::visit::filling::{Filling, today};

/// Days that are offered at once; the others after one more touch.
const LATELY: u8 = 6;

/// Something that can be touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Now, or earlier today.
    Today(DayPart),
    /// A day before today.
    Day(NaiveDate),
    /// The visitor does not know.
    Unsure,
    /// Offer more days.
    More,
}

/// What is offered, in order.
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

/// What it is called.
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

/// The answer that a touch gives; none for more days.
pub fn answer(cx: &Cx, moment: Moment) -> Option<Answer> {
    match moment {
        Moment::Today(part) => Some(Answer::When(ApproximateTime { day: today(cx.world(), cx.now()), part })),
        Moment::Day(day) => Some(Answer::When(ApproximateTime { day, part: DayPart::Unknown })),
        Moment::Unsure => Some(Answer::Unsure),
        Moment::More => None,
    }
}

/// Whether this is what was answered, whatever part of the day was.
pub fn is(cx: &Cx, moment: Moment, given: Option<&Answer>) -> bool {
    match (moment, given) {
        (Moment::Day(day), Some(Answer::When(when))) => when.day == day,
        (moment, Some(given)) => answer(cx, moment).as_ref() == Some(given),
        _ => false,
    }
}

/// The past day that was chosen, if one was: a part of it is asked for then.
pub fn past_day(cx: &Cx, given: Option<&Answer>) -> Option<ApproximateTime> {
    match given {
        Some(Answer::When(when)) if when.day < today(cx.world(), cx.now()) => Some(*when),
        _ => None,
    }
}
