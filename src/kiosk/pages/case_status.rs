//! The case status: the content of the tracking page, shown on the kiosk.
//!
//! During the request the page shows a waiting text and a cancel button. An answer that arrives after
//! cancelling, or after the visit, is dropped.

use domain::wire::{CaseMessage, CaseStatus, CaseStep, Side, StepState};

use crate::case_lookup::{LookupError, PATIENCE_S, ReceiptProof, RequestId};
use crate::effect::Effect;
use crate::pages::properties::PrimaryAction;
use crate::view::Field;
use crate::visit::cx::Cx;
use crate::visit::lookup::{CaseLookup, LookupFailure};
use crate::visit::page::Page;

/// The content of the case status page.
#[derive(Clone, Default, PartialEq)]
pub struct CaseStatusView {
    /// The headline.
    pub title: String,
    /// The text below the headline; may be empty.
    pub text: String,
    /// The case number, `K3-7QX-41M-D`; empty during the request.
    pub number: String,
    /// The next promise.
    pub promise: Option<PromiseView>,
    /// The messages of both sides, oldest first.
    pub messages: Vec<MessageRow>,
    /// The case steps, from first to last.
    pub steps: Vec<CaseStepRow>,
    /// What the case is about, one line each.
    pub about: Vec<String>,
    /// The label of the cancel button; empty if no request is running.
    pub give_up: String,
}

/// A promise of the mall.
#[derive(Clone, PartialEq, Eq)]
pub struct PromiseView {
    pub text: String,
    /// Whether the promise is overdue.
    pub late: bool,
}

/// A message in the history of a case.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The author.
    pub who: String,
    pub when: String,
    /// The text; may be empty.
    pub words: String,
    /// Whether the mall wrote it.
    pub ours: bool,
}

/// A case step.
#[derive(Clone, PartialEq, Eq)]
pub struct CaseStepRow {
    pub label: String,
    pub state: StepState,
    /// The state as a word, for screen readers.
    pub state_label: String,
}

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseStatusTouch {
    /// Cancel the request.
    GiveUp,
}

pub fn touch(cx: &mut Cx, touch: CaseStatusTouch) -> Vec<Effect> {
    let CaseStatusTouch::GiveUp = touch;
    if *cx.visit.page() == Page::CaseStatus { leave(cx) } else { Vec::new() }
}

/// The primary action once there is an answer: end the visit.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    cx.visit.lookup.status.as_ref().map(|_| PrimaryAction::end_visit("thanks.done"))
}

/// Clears the fields for number and code.
pub fn clear_fields(cx: &mut Cx) {
    [Field::CaseNumber, Field::CaseCode].into_iter().for_each(|field| cx.visit.texts.clear(field));
}

/// Sends a lookup in the visitor's language.
pub fn ask(cx: &mut Cx, proof: ReceiptProof) -> Vec<Effect> {
    let request = cx.next_request();
    let effect = Effect::LookUp { request, proof: Box::new(proof.clone()), language: cx.language() };
    cx.visit.lookup = CaseLookup { waiting: Some((request, 0)), proof: Some(proof), ..CaseLookup::default() };
    vec![effect]
}

/// Repeats the lookup after a change of language, because the server writes the texts.
pub fn ask_again(cx: &mut Cx) -> Vec<Effect> {
    let proof = cx.visit.lookup.proof.clone();
    match proof.filter(|_| cx.visit.passed(&Page::CaseStatus)) {
        Some(proof) => ask(cx, proof),
        None => Vec::new(),
    }
}

/// Handles the answer to a lookup, or its error.
pub fn arrived(cx: &mut Cx, request: RequestId, answer: Result<Box<CaseStatus>, LookupError>) -> Vec<Effect> {
    let now = cx.now();
    let lookup = &mut cx.visit.lookup;
    if lookup.waiting.is_none_or(|(asked, _)| asked != request) {
        return Vec::new();
    }
    lookup.waiting = None;
    match answer {
        Ok(status) => {
            lookup.status = Some(status);
            clear_fields(cx);
        }
        Err(why) => {
            if let Some(proof) = lookup.proof.take() {
                lookup.failure = Some(LookupFailure { why, with: proof.entry_method(), at: now });
            }
            cx.visit.close(&Page::CaseStatus);
        }
    }
    Vec::new()
}

/// Counts a second of waiting; after [`PATIENCE_S`] the lookup fails.
pub fn second(cx: &mut Cx) -> Vec<Effect> {
    let Some((request, seconds)) = &mut cx.visit.lookup.waiting else { return Vec::new() };
    *seconds += 1;
    let (request, seconds) = (*request, *seconds);
    if seconds < PATIENCE_S {
        return Vec::new();
    }
    arrived(cx, request, Err(LookupError::NoNetwork))
}

/// Goes back to the fields. The answer is dropped; one that is still on its way is ignored.
pub fn leave(cx: &mut Cx) -> Vec<Effect> {
    cx.visit.lookup = CaseLookup::default();
    cx.visit.close(&Page::CaseStatus);
    cx.blur()
}

pub fn view(cx: &Cx) -> CaseStatusView {
    let Some(status) = &cx.visit.lookup.status else {
        return CaseStatusView {
            title: cx.word("case-status.moment"),
            text: cx.word("case-status.moment.text"),
            give_up: cx.word("case-status.give-up"),
            ..CaseStatusView::default()
        };
    };
    let step = |step: &CaseStep| CaseStepRow {
        label: step.label.clone(),
        state: step.state,
        state_label: cx.word(match step.state {
            StepState::Done => "case-status.done",
            StepState::Now => "case-status.now",
            StepState::Ahead => "case-status.ahead",
        }),
    };
    let message = |message: &CaseMessage| MessageRow {
        who: message.who.clone(),
        when: message.when.clone(),
        words: message.words.clone(),
        ours: message.side == Side::Us,
    };
    CaseStatusView {
        title: status.headline.clone(),
        text: status.text.clone(),
        number: status.number.clone(),
        promise: status
            .promise
            .as_ref()
            .map(|promise| PromiseView { text: promise.text.clone(), late: promise.late }),
        messages: status.messages.iter().map(message).collect(),
        steps: status.steps.iter().map(step).collect(),
        about: status.about.clone(),
        give_up: String::new(),
    }
}
