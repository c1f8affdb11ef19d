//! Cases: what staff work on, with its promises and its history.

use std::ops::Range;

use domain::Timestamp;
use domain::case::{Stage, StageError};
use domain::form::Answers;
use domain::id::KioskNumber;
use domain::kind::Kind;
use domain::language::Language;
use domain::place::PlaceRef;
use domain::policy::SlaClock;
use domain::submission::{Category, Remedy, Tag};
use domain::text::Story;
use domain::text::Text;

use super::accounts::StaffId;
use super::desk::DeskSummary;

/// The number of a case inside this server; what people say aloud is its case number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub i64);

impl std::fmt::Display for CaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A case as staff see it, without the way to reach the visitor.
#[derive(Clone)]
pub struct Case {
    /// Its number inside the server.
    pub id: CaseId,
    /// Its number on the receipt.
    pub number: String,
    /// Who brought it.
    pub kiosk: KioskNumber,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What a complaint is about.
    pub category: Option<Category>,
    /// The language to answer in.
    pub language: Language,
    /// When it was sent, by the kiosk's clock.
    pub created_at: Timestamp,
    /// When its clocks started.
    pub started_at: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
    /// First line of what was said; empty if nothing was.
    pub title: String,
    /// All of what was said.
    pub story: String,
    /// What is wanted.
    pub remedy: Option<Remedy>,
    /// How satisfied, 1 to 5.
    pub csat: Option<u8>,
    /// How likely to recommend, 0 to 10.
    pub nps: Option<u8>,
    /// What a rating is about.
    pub tags: Vec<Tag>,
    pub place: Option<PlaceRef>,
    /// The answers, if it was said with a form.
    pub answers: Option<Answers>,
    /// Whether somebody may be hurt or in danger.
    pub urgent: bool,
    /// Which ways of reaching the visitor the envelope holds: `phone`, `email`, `name`.
    pub reachable: Vec<String>,
    /// Where it stands.
    pub stage: Stage,
    /// How often it was changed, for noticing that somebody else was quicker.
    pub version: i64,
    /// When it was first answered.
    pub answered_at: Option<Timestamp>,
    /// When the visitor wrote something that nobody has answered.
    pub visitor_wrote_at: Option<Timestamp>,
    /// What the visitor said of the outcome.
    pub satisfied: Option<bool>,
    /// Which promise runs out first, and when.
    pub next_due_at: Option<Timestamp>,
}

/// What was said stays out of logs.
impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Case({}, {:?}, hidden)", self.number, self.stage)
    }
}

/// One promise of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// 1 for the first time, one more for each reopening.
    pub round: i64,
    /// What is promised.
    pub clock: SlaClock,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
}

/// One thing that happened to a case.
#[derive(Clone)]
pub struct CaseEvent {
    /// Rises with every event of any case.
    pub id: i64,
    pub at: Timestamp,
    /// Who did it.
    pub actor: ActorKind,
    /// Their name, if it was staff.
    pub staff: Option<String>,
    pub kind: CaseEventKind,
    /// Where it was moved.
    pub stage: Option<Stage>,
    /// What was written.
    pub words: Option<String>,
}

impl std::fmt::Debug for CaseEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CaseEvent({}, {}, hidden)", self.id, self.kind.key())
    }
}

/// What staff write to a visitor, or to each other.
pub type StaffText = Text<2000>;

/// Who did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The one who said it in the first place.
    Visitor,
    /// Somebody who works here.
    Staff(StaffId),
    /// The program itself.
    Server,
}

/// Who did something, without their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// The one who said it in the first place.
    Visitor,
    /// Somebody who works here.
    Staff,
    /// The program itself.
    Server,
}

impl ActorKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Visitor, Self::Staff, Self::Server];

    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Staff => "staff",
            Self::Server => "server",
        }
    }

    /// The actor with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|actor| actor.key() == key)
    }
}

/// What happened to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaseEventKind {
    Received,
    /// Staff answered the visitor.
    Answer,
    /// Staff noted something among themselves.
    Note,
    /// It was moved on.
    Moved,
    /// It was moved back.
    Reopened,
    /// The visitor says that it is solved.
    Satisfied,
    /// The visitor says that it is not.
    NotSatisfied,
    /// The visitor added something.
    Added,
}

impl CaseEventKind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Received,
        Self::Answer,
        Self::Note,
        Self::Moved,
        Self::Reopened,
        Self::Satisfied,
        Self::NotSatisfied,
        Self::Added,
    ];

    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Answer => "answer",
            Self::Note => "note",
            Self::Moved => "moved",
            Self::Reopened => "reopened",
            Self::Satisfied => "satisfied",
            Self::NotSatisfied => "not-satisfied",
            Self::Added => "added",
        }
    }

    /// The kind with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// What staff do to a case.
#[derive(Clone, Debug)]
pub enum Change {
    /// Answer the visitor, and move the case if a stage is given.
    Answer(StaffText, Option<Stage>),
    /// Note something for colleagues.
    Note(StaffText),
    /// Move the case.
    Move(Stage),
}

/// What a visitor does on the tracking page.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It is solved.
    Satisfied(Option<Story>),
    /// It is not solved.
    NotSatisfied(Option<Story>),
    /// Something to add.
    Added(Story),
}

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done; this is the version now.
    Done(i64),
    /// Somebody changed the case since; this is the version now.
    Stale(i64),
    /// The workflow forbids it.
    Refused(StageError),
    /// There is no such case.
    Unknown,
}

/// Which cases to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only of this kind.
    pub kind: Option<Kind>,
    /// Only at this stage; without one, whatever is open.
    pub stage: Option<Stage>,
    /// Only those whose next promise runs out in this time.
    pub due: Option<Range<Timestamp>>,
    /// Only those whose visitor wrote and has no answer.
    pub visitor_wrote: bool,
    /// A case number, or words. Searches closed cases too.
    pub search: Option<String>,
}

/// How many open cases there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCounts {
    /// All of them.
    pub open: u64,
    /// Of each kind.
    pub kinds: Vec<(Kind, u64)>,
    /// At each stage.
    pub stages: Vec<(Stage, u64)>,
    /// Past a promise.
    pub late: u64,
    /// Close to one.
    pub soon: u64,
    /// Whose visitor wrote and has no answer.
    pub wrote: u64,
}

/// A case with everything that was promised and that happened.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    pub case: Case,
    /// In the order in which they were made and run out.
    pub promises: Vec<Promise>,
    pub events: Vec<CaseEvent>,
}

/// What a receipt leads to.
#[derive(Debug)]
pub enum Lookup {
    Case(Box<CaseRecord>),
    /// Some kiosk gave out this receipt, and what it is for has not arrived.
    OnItsWay,
    Nothing,
}

/// Part of the inbox, with what surrounds it in the console, as of one moment.
#[derive(Debug)]
pub struct CasePage {
    /// The counts around it.
    pub desk: DeskSummary,
    /// The cases on the page.
    pub cases: Vec<Case>,
    /// Whether there are more behind them.
    pub more: bool,
    /// The case that was asked for beside the list.
    pub open: Option<CaseRecord>,
}

/// Something that happened, for a console that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseNews {
    /// Rises with every event of any case.
    pub event: i64,
    pub case: CaseId,
    /// What happened to it.
    pub kind: CaseEventKind,
}

/// How much of each case an export needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportDepth {
    Case,
    /// Also its promises and its history.
    Record,
}
