//! The review: all answers once more, each with a button to change it, what the visitor may add, and a button
//! to send.
//!
//! The page changes no answer: a row or an addition leads to its step, and the primary action saves the draft.

use crate::effect::Effect;
use crate::pages::form::{self, ReviewRow};
use crate::pages::properties::PrimaryAction;
use crate::view::ProgressView;
use crate::visit::Saving;
use crate::visit::cx::Cx;

/// The content of the review.
#[derive(Clone, PartialEq)]
pub struct ReviewView {
    /// The position in the form.
    pub progress: ProgressView,
    /// `Is this correct?`
    pub title: String,
    /// A help text under the title.
    pub hint: String,
    /// The answers with their questions. Touching one opens its step.
    pub rows: Vec<ReviewRow>,
    /// The label of the change buttons.
    pub change: String,
    /// The heading of the additions; empty if there are none.
    pub more: String,
    /// The questions that the visitor may answer too. Touching one opens its step.
    pub additions: Vec<String>,
    /// One sentence on the use of the data.
    pub privacy: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewTouch {
    /// Change the answer in this row.
    Change(usize),
    /// Answer the additional question at this index.
    Add(usize),
}

/// Opens the step of the touched question.
pub fn touch(cx: &mut Cx, touch: ReviewTouch) -> Vec<Effect> {
    let lines = form::lines(cx);
    let page = match touch {
        ReviewTouch::Change(row) => lines.rows.into_iter().nth(row).map(|(_, page)| page),
        ReviewTouch::Add(index) => lines.additions.into_iter().nth(index).map(|(_, page)| page),
    };
    match page {
        Some(page) => cx.replace(page),
        None => Vec::new(),
    }
}

/// The primary action: send. Its button stands on the page: a second touch on "Review" must not send.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("review.send", send).on_page())
}

/// Saves the draft, to be sent. Leads to the first answer that is wrong instead, with its error: Back leaves a step
/// without a check.
pub fn send(cx: &mut Cx) -> Vec<Effect> {
    if let Some(step) = form::first_wrong(cx) {
        return form::show_errors(cx, step);
    }
    let draft = form::draft(cx);
    cx.send(Saving::Form, draft)
}

pub fn view(cx: &Cx) -> ReviewView {
    let form::ReviewLines { rows, additions } = form::lines(cx);
    let filling = cx.visit.filling.as_ref();
    ReviewView {
        progress: filling
            .map(|filling| form::progress(cx, filling, &form::answers(cx, filling)))
            .unwrap_or_default(),
        title: cx.word("review.title"),
        hint: cx.word("review.hint"),
        rows: rows.into_iter().map(|(row, _)| row).collect(),
        more: if additions.is_empty() { String::new() } else { cx.word("review.more") },
        additions: additions.into_iter().map(|(label, _)| label).collect(),
        change: cx.word("review.change"),
        privacy: cx.word("form.privacy"),
    }
}
