//! What became of a case: the tracking page, on the kiosk, for as long as the visitor stands there.
//!
//! While the server is asked there is a moment to wait and a button to give up. An answer that comes after
//! that, or after the visit, is dropped.

use domain::wire::{CaseMessage, CaseStatus, CaseStep, Side, StepState};

use crate::case_lookup::{LookupError, PATIENCE_S, ReceiptProof, RequestId};
use crate::effect::Effect;
use crate::pages::about::PrimaryAction;
use crate::view::Field;
use crate::visit::cx::Cx;
use crate::visit::lookup::{CaseLookup, LookupFailure};
use crate::visit::page::Page;

/// What became of it.
#[derive(Clone, Default, PartialEq)]
pub struct CaseStatusView {
    /// The most important, in a few words.
    pub title: String,
    /// More of it; may be empty.
    pub text: String,
    /// `K3-7QX-41M-D`; empty while there is none to show.
    pub number: String,
    /// What is promised next.
    pub promise: Option<PromiseView>,
    /// What either side wrote, oldest first.
    pub messages: Vec<MessageRow>,
    /// How far it is, from beginning to end.
    pub stages: Vec<StageRow>,
    /// What it is about, a line each.
    pub about: Vec<String>,
    /// What the button says that ends the waiting; empty when nothing is waited for.
    pub give_up: String,
}

/// What is promised next.
#[derive(Clone, PartialEq, Eq)]
pub struct PromiseView {
    pub text: String,
    /// Whether it was not kept in time.
    pub late: bool,
}

/// Something that was written.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Who says it.
    pub who: String,
    pub when: String,
    /// What; may be empty.
    pub words: String,
    /// Whether the mall wrote it.
    pub ours: bool,
}

/// A stage of a case.
#[derive(Clone, PartialEq, Eq)]
pub struct StageRow {
    /// What it is called.
    pub label: String,
    /// How far it is.
    pub state: StageState,
    /// The same in a word, for those who hear it.
    pub said: String,
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    Done,
    Now,
    /// Still to come.
    Ahead,
}

/// What can be touched on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseStatusTouch {
    /// Do not wait for the server any longer.
    GiveUp,
}

/// A touch on it.
pub fn touch(cx: &mut Cx, touch: CaseStatusTouch) -> Vec<Effect> {
    let CaseStatusTouch::GiveUp = touch;
    if *cx.visit.page() == Page::CaseStatus { leave(cx) } else { Vec::new() }
}

/// The main button, once there is an answer: end the visit.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    cx.visit.lookup.status.as_ref().map(|_| PrimaryAction::end_visit("thanks.done"))
}

/// Takes back what was typed of a receipt.
pub fn clear_fields(cx: &mut Cx) {
    [Field::CaseNumber, Field::CaseCode].into_iter().for_each(|field| cx.visit.texts.clear(field));
}

/// Asks the server, in the visitor's language.
pub fn ask(cx: &mut Cx, proof: ReceiptProof) -> Vec<Effect> {
    let request = cx.next_request();
    let effect = Effect::LookUp { request, proof: Box::new(proof.clone()), language: cx.language() };
    cx.visit.lookup = CaseLookup { waiting: Some((request, 0)), proof: Some(proof), ..CaseLookup::default() };
    vec![effect]
}

/// Another language was chosen: the words come from the server.
pub fn ask_again(cx: &mut Cx) -> Vec<Effect> {
    let proof = cx.visit.lookup.proof.clone();
    match proof.filter(|_| cx.visit.passed(&Page::CaseStatus)) {
        Some(proof) => ask(cx, proof),
        None => Vec::new(),
    }
}

/// The server answered, or did not.
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

/// A second went by.
pub fn second(cx: &mut Cx) -> Vec<Effect> {
    let Some((request, seconds)) = &mut cx.visit.lookup.waiting else { return Vec::new() };
    *seconds += 1;
    let (request, seconds) = (*request, *seconds);
    if seconds < PATIENCE_S {
        return Vec::new();
    }
    arrived(cx, request, Err(LookupError::NoNetwork))
}

/// Back to the fields; the answer is dropped, and one that is still to come is not waited for.
pub fn leave(cx: &mut Cx) -> Vec<Effect> {
    cx.visit.lookup = CaseLookup::default();
    cx.visit.close(&Page::CaseStatus);
    cx.blur()
}

/// What it shows.
pub fn view(cx: &Cx) -> CaseStatusView {
    let Some(status) = &cx.visit.lookup.status else {
        return CaseStatusView {
            title: cx.word("case-status.moment"),
            text: cx.word("case-status.moment.text"),
            give_up: cx.word("case-status.give-up"),
            ..CaseStatusView::default()
        };
    };
    let stage = |step: &CaseStep| StageRow {
        label: step.label.clone(),
        state: match step.state {
            StepState::Done => StageState::Done,
            StepState::Now => StageState::Now,
            StepState::Ahead => StageState::Ahead,
        },
        said: cx.word(match step.state {
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
        stages: status.steps.iter().map(stage).collect(),
        about: status.about.clone(),
        give_up: String::new(),
    }
}
