//! The panel of one case, as ready-to-show strings: its facts and its story, its promises and their reasons,
//! its history, and the changes that are possible now.
//!
//! It asks no store: the inbox page passes the record in, and the template shows the result.

use std::fmt;

use axum::http::StatusCode;
use domain::case::{Answered, Stage};
use domain::contact::Contact;
use domain::form::{Answer, Answers, FieldKind, Line};
use domain::kind::Kind;
use domain::policy::SlaClock;

use crate::cases::case_summary::{category, kiosk, place, title};
use crate::console::speech::Speech;
use crate::console::urgency::Urgency;
use crate::store::cases::{ActorKind, Case, CaseEvent, CaseRecord, FormToken, Promise};

/// A case ready to be shown.
pub struct CasePanel {
    pub id: String,
    pub version: i64,
    pub seen: i64,
    /// The token of this form.
    pub token: String,
    /// The tokens of the forms that have changed this case.
    pub done: String,
    pub query: String,
    pub number: String,
    pub from: String,
    pub title: String,
    pub steps: Vec<Step>,
    pub clocks: Vec<ClockLine>,
    pub facts: Vec<(String, String)>,
    pub story: String,
    pub story_language: &'static str,
    /// What the visitor wrote last, if it is not the story: when, and the text.
    pub last_words: Option<(String, String)>,
    /// Whether it may be marked as read.
    pub wants_no_answer: bool,
    pub reachable: Option<String>,
    pub contact: Vec<(String, String)>,
    pub history: Vec<EventLine>,
    pub meanwhile: Vec<EventLine>,
    pub notice: Option<(String, &'static str)>,
    pub answer_label: String,
    pub answer_hint: String,
    pub answer: String,
    pub answer_stages: Vec<Choice>,
    pub note: String,
    pub moves: Vec<Choice>,
}

/// One stage of the workflow, and whether the case has passed it.
pub struct Step {
    pub label: String,
    pub state: &'static str,
}

pub struct ClockLine {
    pub label: String,
    pub text: String,
    pub state: ClockState,
    pub why: String,
}

/// Whether a promise was kept, was kept late, or is running.
pub enum ClockState {
    Kept,
    KeptLate,
    Running(Urgency),
}

/// The class in the style sheet.
impl fmt::Display for ClockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept => f.write_str("kept"),
            Self::KeptLate => f.write_str("kept-late"),
            Self::Running(urgency) => urgency.fmt(f),
        }
    }
}

/// One case event, ready to be shown.
pub struct EventLine {
    pub when: String,
    pub what: String,
    pub words: Option<String>,
    pub actor: &'static str,
    pub kind: &'static str,
}

/// A stage to choose.
pub struct Choice {
    pub key: &'static str,
    pub label: String,
    pub chosen: bool,
}

/// Text that was typed and not stored, so that the page shows it again, and the reason.
#[derive(Debug, Default)]
pub struct Draft {
    /// Text of the answer.
    pub answer: String,
    /// Text of the note.
    pub note: String,
    /// The newest event that was on the page when the text was typed.
    pub seen: Option<i64>,
    /// Why the change was not made.
    pub notice: Option<Notice>,
    /// How to reach the visitor, if that was requested.
    pub contact: Option<Contact>,
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A colleague has changed the case since.
    Stale,
    /// The store failed.
    NotStored,
    /// The session had ended; nothing was sent.
    Unsent,
    /// The text was empty or too long.
    Words,
    /// The workflow has no such step.
    NoSuchMove,
    /// The visitor has not been answered.
    Unanswered,
    /// The envelope cannot be opened, or holds no contact.
    NoContact,
}

impl Notice {
    pub fn status(self) -> StatusCode {
        match self {
            Self::Stale => StatusCode::CONFLICT,
            Self::NotStored => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unsent => StatusCode::OK,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::NotStored => "not-stored",
            Self::Unsent => "unsent",
            Self::Words => "words",
            Self::NoSuchMove => "no-such-move",
            Self::Unanswered => "unanswered",
            Self::NoContact => "no-contact",
        }
    }
}

/// The forms of a page: the token of the new one, and those that were sent before.
pub struct Forms {
    pub token: FormToken,
    pub done: Vec<FormToken>,
}

pub fn compose(s: &Speech, record: &CaseRecord, query: &str, draft: Draft, forms: &Forms) -> CasePanel {
    let CaseRecord { case, promises, events } = record;
    let newest = events.last().map_or(0, |event| event.id);
    let stale = draft.notice == Some(Notice::Stale);
    let seen = draft.seen.unwrap_or(newest);
    let since: Vec<&CaseEvent> = events.iter().filter(|event| stale && event.id > seen).collect();
    let language = s.of("language", case.language.tag());
    CasePanel {
        id: case.id.to_string(),
        version: case.version,
        seen: newest,
        token: forms.token.as_str().to_owned(),
        done: forms.done.iter().map(FormToken::as_str).collect::<Vec<_>>().join(" "),
        query: query.to_owned(),
        number: case.number.clone(),
        from: s.fill("case.from", &[("language", &language), ("kiosk", &kiosk(s, case))]),
        title: heading(s, case),
        steps: steps(s, case.stage),
        clocks: clock_lines(s, case, promises),
        facts: facts(s, case),
        story: case.story.clone(),
        story_language: case.language.tag(),
        last_words: last_words(s, events),
        wants_no_answer: case.wants_no_answer(),
        reachable: reachable(s, case, draft.contact.as_ref()),
        contact: draft.contact.as_ref().map(|c| contact_lines(s, c)).unwrap_or_default(),
        history: events.iter().rev().map(|event| event_line(s, case, event)).collect(),
        notice: draft.notice.map(|notice| {
            let by_visitor = stale && since.iter().all(|event| event.actor == ActorKind::Visitor);
            let key = if by_visitor { "visitor-wrote" } else { notice.key() };
            (s.of("notice", key), if stale { "stale" } else { "wrong" })
        }),
        meanwhile: since.into_iter().map(|event| event_line(s, case, event)).collect(),
        answer_label: s.fill("case.answer", &[("language", &language)]),
        answer_hint: answer_hint(s, case),
        answer: draft.answer,
        answer_stages: answer_stages(s, case),
        note: draft.note,
        moves: moves(s, case),
    }
}

/// The heading of a case. The story stands below it in full and is not repeated here.
fn heading(s: &Speech, case: &Case) -> String {
    let what = if case.story.is_empty() { title(s, case) } else { category(s, case) };
    let (name, sign) = place(s, case);
    let parts = [what, format!("{name} {sign}").trim().to_owned()];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

/// What the visitor wrote last since they sent the case.
fn last_words(s: &Speech, events: &[CaseEvent]) -> Option<(String, String)> {
    let by_visitor = |event: &&CaseEvent| event.actor == ActorKind::Visitor && event.words.is_some();
    let event = events.iter().rev().find(by_visitor)?;
    Some((s.moment(event.at), event.words.clone()?))
}

fn steps(s: &Speech, stage: Stage) -> Vec<Step> {
    let open = Stage::ALL.into_iter().filter(|step| step.is_open());
    let state = |step| match stage.cmp(&step) {
        std::cmp::Ordering::Greater => "done",
        std::cmp::Ordering::Equal => "now",
        std::cmp::Ordering::Less => "ahead",
    };
    open.map(|step| Step { label: s.of("stage", step.key()), state: state(step) }).collect()
}

/// The newest round first; within a round, the earliest due time first.
fn clock_lines(s: &Speech, case: &Case, promises: &[Promise]) -> Vec<ClockLine> {
    let mut promises: Vec<&Promise> = promises.iter().collect();
    promises.sort_by_key(|promise| (std::cmp::Reverse(promise.round), promise.due_at));
    promises.into_iter().map(|promise| clock_line(s, case, promise)).collect()
}

fn clock_line(s: &Speech, case: &Case, promise: &Promise) -> ClockLine {
    let due = s.moment(promise.due_at);
    let (state, text) = match promise.kept_at {
        Some(kept) if kept <= promise.due_at => {
            (ClockState::Kept, s.fill("clock.kept", &[("time", &s.moment(kept))]))
        }
        Some(kept) => {
            let by = s.duration(kept - promise.due_at);
            (ClockState::KeptLate, s.fill("clock.kept-late", &[("time", &s.moment(kept)), ("by", &by)]))
        }
        None if promise.due_at < s.now() => {
            let by = s.duration(s.now() - promise.due_at);
            (ClockState::Running(Urgency::Late), s.fill("clock.late", &[("time", &by), ("due", &due)]))
        }
        None => {
            let left = s.duration(promise.due_at - s.now());
            (
                ClockState::Running(s.left(promise.due_at).urgency),
                s.fill("clock.open", &[("time", &due), ("left", &left)]),
            )
        }
    };
    let limit = s.duration(promise.due_at - promise.started_at);
    let key = match (promise.round, case.kind) {
        (1, Kind::ServiceRequest) => "clock.why-call",
        (1, _) => "clock.why-sent",
        _ => "clock.why-reopened",
    };
    let why = s.fill(key, &[("limit", &limit), ("start", &s.moment(promise.started_at))]);
    ClockLine { label: clock_name(s, case.kind, promise.clock), text, state, why }
}

fn clock_name(s: &Speech, kind: Kind, clock: SlaClock) -> String {
    if kind == Kind::ServiceRequest { s.t("clock.arrival") } else { s.of("clock", clock.key()) }
}

fn facts(s: &Speech, case: &Case) -> Vec<(String, String)> {
    let mut facts = vec![(s.t("case.category"), category(s, case))];
    if case.urgent {
        facts.push((s.t("case.urgency"), s.t("case.urgent")));
    }
    let mut add = |key: &str, value: Option<String>| {
        facts.extend(value.filter(|v| !v.is_empty()).map(|value| (s.t(key), value)));
    };
    add("case.place", {
        let (name, sign) = place(s, case);
        Some(format!("{name} {sign}").trim().to_owned())
    });
    if let Some(answers) = &case.answers {
        return with_answers(s, case, answers, facts);
    }
    facts.extend(times(s, case));
    facts
}

/// Adds the answers to a form, except the story and the place, which the panel shows elsewhere.
fn with_answers(
    s: &Speech,
    case: &Case,
    answers: &Answers,
    before: Vec<(String, String)>,
) -> Vec<(String, String)> {
    let mut facts = before;
    let shown =
        |line: &Line| line.value != case.story && !matches!(answers.get(&line.id), Some(Answer::Place(_)));
    facts.extend(s.answers(answers).into_iter().filter(shown).map(|line| (line.label, line.value)));
    let warning = form_warning(s, case, answers).map(|text| (s.t("case.form"), text));
    facts.extend(warning);
    facts.extend(times(s, case));
    facts
}

/// A warning about answers whose form is unknown, or that do not fit their form. None if all is well.
///
/// The answers are checked as of the day on which they were given, so an old case gets no new warning.
fn form_warning(s: &Speech, case: &Case, answers: &Answers) -> Option<String> {
    let version = answers.version.to_string();
    let Some(form) = s.form(answers) else {
        return Some(s.fill("case.form-unknown", &[("form", &answers.form), ("version", &version)]));
    };
    let wrong = form.check(answers, None, s.day(case.created_at));
    // The contact is sealed and not among the answers, so a missing contact is no misfit.
    let fits = wrong.iter().all(|w| form.field(&w.field).is_some_and(|f| f.ask == FieldKind::Contact));
    let title = form.title.text(s.language);
    (!fits).then(|| s.fill("case.form-misfit", &[("form", &title), ("version", &version)]))
}

/// When the case was sent, when it arrived if that was late, and the verdict of the visitor.
fn times(s: &Speech, case: &Case) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut add = |key: &str, value: Option<String>| facts.extend(value.map(|value| (s.t(key), value)));
    add("case.sent", Some(s.moment(case.started_at)));
    // A shorter delay is not worth a line.
    let late = case.received_at - case.started_at > chrono::TimeDelta::minutes(5);
    add("case.arrived", late.then(|| s.moment(case.received_at)));
    let satisfied = case.satisfied.map(|yes| if yes { "case.satisfied" } else { "case.not-satisfied" });
    add("case.verdict", satisfied.map(|key| s.t(key)));
    facts
}

fn reachable(s: &Speech, case: &Case, shown: Option<&Contact>) -> Option<String> {
    let channels: Vec<String> = case.reachable.iter().map(|channel| s.of("contact", channel)).collect();
    (!channels.is_empty() && shown.is_none()).then(|| channels.join(&s.t("list.comma")))
}

fn contact_lines(s: &Speech, contact: &Contact) -> Vec<(String, String)> {
    let channels = [
        ("name", contact.name.as_ref().map(|name| name.as_str().to_owned())),
        ("phone", contact.phone.as_ref().map(|phone| phone.as_str().to_owned())),
        ("email", contact.email.as_ref().map(|email| email.as_str().to_owned())),
    ];
    channels.into_iter().filter_map(|(channel, value)| Some((s.of("contact", channel), value?))).collect()
}

fn event_line(s: &Speech, case: &Case, event: &CaseEvent) -> EventLine {
    let actor = event.staff.clone().unwrap_or_else(|| s.of("actor", event.actor.key()));
    let stage = event.stage.map(|stage| s.of("stage", stage.key())).unwrap_or_default();
    let values = [("who", actor.as_str()), ("stage", &stage), ("kiosk", &kiosk(s, case))];
    EventLine {
        when: s.moment(event.at),
        what: s.fill(&format!("event.{}", event.kind.key()), &values),
        words: event.words.clone(),
        actor: event.actor.key(),
        kind: event.kind.key(),
    }
}

/// Where the visitor reads the answer. For a call for help, which has no answers, a kiosk shows a QR code beside
/// the call; a service that is asked for by a form has a receipt.
fn answer_hint(s: &Speech, case: &Case) -> String {
    match (case.kind, &case.answers) {
        (Kind::ServiceRequest, None) => s.t("case.answer-hint-call"),
        _ => s.t("case.answer-hint"),
    }
}

fn answer_stages(s: &Speech, case: &Case) -> Vec<Choice> {
    // A first answer usually means that the investigation has begun.
    let usual = (case.stage == Stage::Acceptance).then_some(Stage::Investigation);
    let choice = |stage: Stage| Choice {
        key: stage.key(),
        label: s.fill("case.then", &[("stage", &s.of("stage", stage.key()))]),
        chosen: usual == Some(stage),
    };
    let stay = Choice { key: "", label: s.t("case.then-stay"), chosen: usual.is_none() };
    std::iter::once(stay).chain(case.stage.next(Answered::Yes).into_iter().map(choice)).collect()
}

fn moves(s: &Speech, case: &Case) -> Vec<Choice> {
    let answered = if case.answered_at.is_some() { Answered::Yes } else { Answered::NotYet };
    let mut next = case.stage.next(answered);
    // The next stage comes first; going back is the last choice.
    next.sort_by_key(|to| (*to < case.stage, *to));
    let name = |to: Stage| {
        if to < case.stage { s.t("case.reopen") } else { s.of("stage", to.key()) }
    };
    next.into_iter().map(|to| Choice { key: to.key(), label: name(to), chosen: false }).collect()
}
