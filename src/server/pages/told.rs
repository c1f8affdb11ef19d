//! What a visitor is told of their case, wherever they ask: on their telephone and at a kiosk alike.
//!
//! Whoever holds the receipt is told how far it is, what is promised and what was written since; nothing of
//! how they can be reached, and no note among staff. The tracking page draws it, the API sends it.

use domain::case::Stage;
use domain::kind::Kind;
use domain::receipt::{CaseNumber, ReceiptCode, TokenDigest, TrackingToken};
use domain::wire::{CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StepState};
use rusqlite::Connection;

use super::inbox::{category, place};
use super::speech::Speech;
use crate::secret::Digest;
use crate::store::cases::read::{self, Case, Event, Promise};
use crate::store::{StoreError, kiosks};

/// What a receipt leads to.
pub enum Found {
    /// The case.
    Case(Box<(Case, Vec<Promise>, Vec<Event>)>),
    /// Some kiosk gave out this receipt, and what it is for has not arrived.
    OnItsWay,
    /// Nothing.
    Nothing,
}

/// Looks the token up and tries the keys of its kiosk, whatever comes of the first: a page that is not there
/// takes as long for a made-up token as for one that was once good.
///
/// # Errors
/// [`StoreError`].
pub fn by_token(db: &Connection, token: Option<&TrackingToken>) -> Result<Found, StoreError> {
    let Some(token) = token else { return Ok(Found::Nothing) };
    let case = read::by_token(db, Digest(token.digest().0))?;
    let keys = token.kiosk().map_or(Ok(Vec::new()), |kiosk| kiosks::receipt_keys(db, kiosk))?;
    let marked = keys.iter().fold(false, |found, key| token.is_marked_by(key) | found);
    match case {
        Some(case) => whole(db, case),
        None if marked => Ok(Found::OnItsWay),
        None => Ok(Found::Nothing),
    }
}

/// Looks for a case with this number whose receipt has this code. For a number that nobody was given a
/// digest is made all the same, so that it takes as long as a wrong code.
///
/// # Errors
/// [`StoreError`].
pub fn by_code(db: &Connection, number: CaseNumber, code: &ReceiptCode) -> Result<Found, StoreError> {
    let numbered = read::by_number(db, number)?;
    if numbered.is_empty() {
        std::hint::black_box(code.digest(number, &TokenDigest([0; 32])));
    }
    let mut opened = None;
    for one in numbered {
        if one.code.is(&code.digest(number, &one.token)) {
            opened = Some(one.id);
        }
    }
    match opened.map(|id| read::by_id(db, id)).transpose()?.flatten() {
        Some(case) => whole(db, case),
        None => Ok(Found::Nothing),
    }
}

fn whole(db: &Connection, case: Case) -> Result<Found, StoreError> {
    let (promises, events) = (read::promises(db, case.id)?, read::events(db, case.id)?);
    Ok(Found::Case(Box::new((case, promises, events))))
}

/// What is told of a case.
pub fn case(s: &Speech, case: &Case, promises: &[Promise], events: &[Event]) -> CaseStatus {
    let sent = s.fill("track.sent", &[("time", &s.moment(case.started_at))]);
    let (name, sign) = place(s, case);
    let about = [category(s, case), format!("{name} {sign}").trim().to_owned(), sent];
    let mut told = CaseStatus::default();
    told.state = CaseState::Found;
    told.headline = headline(s, case);
    told.number.clone_from(&case.number);
    told.about = about.into_iter().filter(|line| !line.is_empty()).collect();
    told.steps = steps(s, case);
    told.promise = promise(s, case, promises);
    told.messages = events.iter().filter_map(|event| shown(s, event)).collect();
    told
}

/// What is told of a receipt whose case has not arrived.
pub fn on_its_way(s: &Speech) -> CaseStatus {
    let mut told = CaseStatus::default();
    told.state = CaseState::OnItsWay;
    told.headline = s.t("track.on-its-way.title");
    told.text = s.t("track.on-its-way.text");
    told
}

/// How far a case is, in the visitor's words: fewer steps than staff have.
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

fn headline(s: &Speech, case: &Case) -> String {
    let key = step_keys(case.kind)[step(case)];
    if key == "done" && case.satisfied == Some(true) {
        return s.t("track.headline.satisfied");
    }
    s.of("track.headline", key)
}

/// The next thing that was promised.
fn promise(s: &Speech, case: &Case, promises: &[Promise]) -> Option<CasePromise> {
    let next = promises.iter().filter(|promise| promise.kept_at.is_none()).min_by_key(|p| p.due_at)?;
    let clock = if case.kind == Kind::ServiceRequest { "arrival" } else { next.clock.key() };
    if next.due_at < s.now() {
        return Some(CasePromise { text: s.t("track.late"), late: true });
    }
    let key = format!("track.promise.{clock}");
    Some(CasePromise { text: s.fill(&key, &[("time", &s.moment(next.due_at))]), late: false })
}

/// Answers and what the visitor wrote. Notes among staff are not for them.
fn shown(s: &Speech, event: &Event) -> Option<CaseMessage> {
    let (who, side) = match event.what.as_str() {
        "answer" => (s.t("track.from-us"), Side::Us),
        "added" | "satisfied" | "not-satisfied" => (s.of("track", &format!("you-{}", event.what)), Side::You),
        _ => return None,
    };
    let words = event.words.clone().unwrap_or_default();
    Some(CaseMessage { who, when: s.moment(event.at), words, side })
}
