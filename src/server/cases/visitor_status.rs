//! The case status for visitors: the same on the tracking page and at a kiosk.
//!
//! It holds the progress, the next promise and the messages. It never holds how to reach the visitor, nor
//! notes among staff. It leaves out what the visitor answered, because a kiosk's screen is public. The API
//! sends it; the tracking page renders it and adds the answers.

use domain::case::Stage;
use domain::kind::Kind;
use domain::wire::{CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StepState};

use crate::cases::case_summary::{category, place};
use crate::console::speech::Speech;
use crate::store::cases::{Case, CaseEvent, CaseEventKind, Promise};

/// The status of a case that has arrived.
pub fn case(s: &Speech, case: &Case, promises: &[Promise], events: &[CaseEvent]) -> CaseStatus {
    let sent = s.fill("track.sent", &[("time", &s.moment(case.started_at))]);
    let (name, sign) = place(s, case);
    let about = [category(s, case), format!("{name} {sign}").trim().to_owned(), sent];
    let mut status = CaseStatus::default();
    status.state = CaseState::Found;
    let is_taken_back = case.stage == Stage::Closed && is_taken_back(events);
    let is_read = case.stage == Stage::Closed && case.answered_at.is_none() && case.satisfied != Some(true);
    status.headline = match (is_taken_back, is_read) {
        (true, _) => s.of("track.headline", "taken-back"),
        (false, true) => s.of("track.headline", "read"),
        (false, false) => headline(s, case),
    };
    status.number.clone_from(&case.number);
    status.about = about.into_iter().filter(|line| !line.is_empty()).collect();
    status.steps = if is_taken_back { steps_of_a_call_taken_back(s) } else { steps(s, case) };
    status.promise = promise(s, case, promises);
    status.messages = events.iter().filter_map(|event| shown(s, event)).collect();
    status
}

/// Whether the visitor took their call back, and nobody has opened it again since.
fn is_taken_back(events: &[CaseEvent]) -> bool {
    let turns = events.iter().rev().map(|event| event.kind);
    let mut turns = turns.filter(|kind| matches!(kind, CaseEventKind::TakenBack | CaseEventKind::Reopened));
    turns.next() == Some(CaseEventKind::TakenBack)
}

/// The status for a receipt whose case has not arrived.
pub fn on_its_way(s: &Speech) -> CaseStatus {
    let mut status = CaseStatus::default();
    status.state = CaseState::OnItsWay;
    status.headline = s.t("track.on-its-way.title");
    status.text = s.t("track.on-its-way.text");
    status
}

/// The step that a case has reached, as visitors see it: there are fewer steps than stages.
fn step(case: &Case) -> usize {
    match (case.kind, case.stage) {
        (Kind::Complaint, Stage::Acceptance) => 0,
        (Kind::Complaint, Stage::Investigation | Stage::Analysis) => 1,
        (Kind::Complaint, Stage::Resolution) => 2,
        (Kind::Complaint, Stage::Response | Stage::FollowUp) => 3,
        (Kind::Complaint, Stage::Closed) => 4,
        (_, Stage::Acceptance) => 0,
        (_, Stage::Closed) => 2,
        (_, _) => 1,
    }
}

fn step_keys(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Complaint => &["received", "looking", "fixing", "told", "done"],
        Kind::Feedback | Kind::Praise | Kind::Suggestion | Kind::Other => &["received", "reading", "done"],
        Kind::Enquiry => &["received", "asking", "done"],
        Kind::LostItem => &["received", "searching", "done"],
        Kind::FoundItem => &["received", "fetching", "done"],
        Kind::ServiceRequest => &["called", "coming", "done"],
    }
}

fn steps(s: &Speech, case: &Case) -> Vec<CaseStep> {
    let (now, keys) = (step(case), step_keys(case.kind));
    let done = now + 1 == keys.len();
    let state = |at| match at {
        at if at < now || done => StepState::Done,
        at if at == now => StepState::Now,
        _ => StepState::Ahead,
    };
    let steps = keys.iter().enumerate();
    steps.map(|(at, key)| CaseStep { label: s.of("track.step", key), state: state(at) }).collect()
}

/// Nobody came, and nobody has to.
fn steps_of_a_call_taken_back(s: &Speech) -> Vec<CaseStep> {
    let step = |key| CaseStep { label: s.of("track.step", key), state: StepState::Done };
    ["called", "taken-back"].map(step).into()
}

fn headline(s: &Speech, case: &Case) -> String {
    let key = step_keys(case.kind)[step(case)];
    if key == "done" && case.satisfied == Some(true) {
        return s.t("track.headline.satisfied");
    }
    s.of("track.headline", key)
}

/// The next promise that is not kept yet.
fn promise(s: &Speech, case: &Case, promises: &[Promise]) -> Option<CasePromise> {
    let next = promises.iter().filter(|promise| promise.kept_at.is_none()).min_by_key(|p| p.due_at)?;
    let clock = if case.kind == Kind::ServiceRequest { "arrival" } else { next.clock.key() };
    if next.due_at < s.now() {
        return Some(CasePromise { text: s.t("track.late"), late: true });
    }
    let key = format!("track.promise.{clock}");
    Some(CasePromise { text: s.fill(&key, &[("time", &s.moment(next.due_at))]), late: false })
}

/// The message of an event, if it is an answer or was written by the visitor. Notes are for staff only.
fn shown(s: &Speech, event: &CaseEvent) -> Option<CaseMessage> {
    let (who, side) = match event.kind {
        CaseEventKind::Answer => (s.t("track.from-us"), Side::Us),
        CaseEventKind::Added | CaseEventKind::Satisfied | CaseEventKind::NotSatisfied => {
            (s.of("track", &format!("you-{}", event.kind.key())), Side::You)
        }
        CaseEventKind::Received
        | CaseEventKind::Note
        | CaseEventKind::Moved
        | CaseEventKind::Reopened
        | CaseEventKind::TakenBack
        | CaseEventKind::Read => {
            return None;
        }
    };
    let words = event.words.clone().unwrap_or_default();
    Some(CaseMessage { who, when: s.moment(event.at), words, side })
}
