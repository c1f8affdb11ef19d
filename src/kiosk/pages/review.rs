//! The review: everything once more, each line with a way back to change it, then one button to send.

use crate::effect::Effect;
use crate::pages::about::PrimaryAction;
use crate::pages::form::{self, ReviewRow};
use crate::view::ProgressView;
use crate::visit::cx::Cx;

/// Everything once more before it is sent.
#[derive(Clone, PartialEq)]
pub struct ReviewView {
    /// Where in the form this is.
    pub progress: ProgressView,
    /// `Is everything right?`
    pub title: String,
    /// A word of help under it.
    pub hint: String,
    /// What was said: label and value. Touching one goes back to it.
    pub rows: Vec<ReviewRow>,
    /// What the change buttons say.
    pub change: String,
    /// One sentence on what happens to it.
    pub privacy: String,
}

/// What can be touched on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewTouch {
    /// Change what stands in this row.
    Change(usize),
}

/// A row is to be changed.
pub fn touch(cx: &mut Cx, touch: ReviewTouch) -> Vec<Effect> {
    let ReviewTouch::Change(row) = touch;
    match form::lines(cx).into_iter().nth(row) {
        Some((_, page)) => cx.replace(page),
        None => Vec::new(),
    }
}

/// The main button: send it.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("review.send", |cx| {
        let draft = form::draft(cx);
        cx.send(draft)
    }))
}

/// What it shows.
pub fn view(cx: &Cx) -> ReviewView {
    let filling = cx.visit.filling.as_ref();
    ReviewView {
        progress: filling
            .map(|filling| form::progress(cx, filling, &form::answers(cx, filling)))
            .unwrap_or_default(),
        title: cx.word("review.title"),
        hint: cx.word("review.hint"),
        rows: form::lines(cx).into_iter().map(|(row, _)| row).collect(),
        change: cx.word("review.change"),
        privacy: cx.word("form.privacy"),
    }
}
