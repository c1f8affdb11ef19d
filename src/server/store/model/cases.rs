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
pub use super::form_token::FormToken;
use crate::secret::Digest;

/// The id of a case in this database. People use its case number instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub i64);

impl std::fmt::Display for CaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A case as staff see it, without the visitor's contact.
#[derive(Clone)]
pub struct Case {
    pub id: CaseId,
    /// The case number on the receipt.
    pub number: String,
    /// The kiosk that sent it.
    pub kiosk: KioskNumber,
    pub kind: Kind,
    /// What a complaint is about.
    pub category: Option<Category>,
    /// The language to answer in.
    pub language: Language,
    /// When it was sent, by the kiosk's clock.
    pub created_at: Timestamp,
    /// When its SLA clocks started.
    pub started_at: Timestamp,
    pub received_at: Timestamp,
    /// The first line of the story, shortened; empty if there is no story.
    pub title: String,
    /// The text that the visitor wrote; empty if there is none.
    pub story: String,
    /// The remedy that the visitor asks for.
    pub remedy: Option<Remedy>,
    /// Satisfaction, 1 to 5.
    pub csat: Option<u8>,
    /// Recommendation, 0 to 10.
    pub nps: Option<u8>,
    /// What a rating is about.
    pub tags: Vec<Tag>,
    pub place: Option<PlaceRef>,
    /// The answers, if a form was filled in.
    pub answers: Option<Answers>,
    /// Whether somebody may be hurt or in danger.
    pub urgent: bool,
    /// Which contact data the envelope holds: `phone`, `email`, `name`.
    pub reachable: Vec<String>,
    pub stage: Stage,
    /// Rises with every change, so that a change based on an older version is noticed.
    pub version: i64,
    /// When it was first answered.
    pub answered_at: Option<Timestamp>,
    /// When the visitor wrote something that staff have not answered or read yet.
    pub visitor_wrote_at: Option<Timestamp>,
    /// The verdict of the visitor: whether they are satisfied.
    pub satisfied: Option<bool>,
    /// The earliest due time of the promises that are not kept yet.
    pub next_due_at: Option<Timestamp>,
}

impl Case {
    /// Whether reading it is enough: nothing is promised, and it is new or its visitor wrote since.
    pub fn wants_no_answer(&self) -> bool {
        self.next_due_at.is_none() && (self.stage == Stage::Acceptance || self.visitor_wrote_at.is_some())
    }
}

/// The visitor's text stays out of logs.
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
    pub clock: SlaClock,
    pub started_at: Timestamp,
    pub due_at: Timestamp,
    pub kept_at: Option<Timestamp>,
}

/// One entry in the history of a case.
#[derive(Clone)]
pub struct CaseEvent {
    /// Rises with every event of any case.
    pub id: i64,
    pub at: Timestamp,
    pub actor: ActorKind,
    /// Their name, if it was staff.
    pub staff: Option<String>,
    pub kind: CaseEventKind,
    /// The stage that the case was moved to.
    pub stage: Option<Stage>,
    /// The text that staff or the visitor wrote.
    pub words: Option<String>,
}

impl std::fmt::Debug for CaseEvent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CaseEvent({}, {}, hidden)", self.id, self.kind.key())
    }
}

/// What staff write to a visitor, or to each other: at most 2000 characters.
pub type StaffText = Text<2000>;

/// Who caused an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The visitor who sent the submission.
    Visitor,
    /// A member of staff.
    Staff(StaffId),
    /// The server itself.
    Server,
}

/// Who caused an event, without their name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// The visitor who sent the submission.
    Visitor,
    /// A member of staff.
    Staff,
    /// The server itself.
    Server,
}

impl ActorKind {
    pub const ALL: [Self; 3] = [Self::Visitor, Self::Staff, Self::Server];

    /// Its key in the database and in translations.
    pub fn key(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Staff => "staff",
            Self::Server => "server",
        }
    }

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
    /// The case was moved to a later stage.
    Moved,
    /// The case was moved to an earlier stage.
    Reopened,
    /// The visitor is satisfied: the problem is solved.
    Satisfied,
    /// The visitor is not satisfied.
    NotSatisfied,
    /// The visitor added something.
    Added,
    /// The visitor took a call for help back.
    TakenBack,
    /// Staff read what wants no answer.
    Read,
}

impl CaseEventKind {
    pub const ALL: [Self; 10] = [
        Self::Received,
        Self::Answer,
        Self::Note,
        Self::Moved,
        Self::Reopened,
        Self::Satisfied,
        Self::NotSatisfied,
        Self::Added,
        Self::TakenBack,
        Self::Read,
    ];

    /// Its key in the database and in translations.
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
            Self::TakenBack => "taken-back",
            Self::Read => "read",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A change of a case by staff.
#[derive(Clone, Debug)]
pub enum Change {
    /// Answer the visitor, and move the case if a stage is given.
    Answer(StaffText, Option<Stage>),
    /// Note something for colleagues.
    Note(StaffText),
    /// Move the case.
    Move(Stage),
    /// Mark as read what wants no answer, see [`Case::wants_no_answer`].
    Read,
}

impl Change {
    /// Equal for equal changes.
    pub fn digest(&self) -> Digest {
        let (what, words, stage) = match self {
            Self::Answer(words, then) => ("answer", words.as_str(), then.map(Stage::key)),
            Self::Note(words) => ("note", words.as_str(), None),
            Self::Move(to) => ("move", "", Some(to.key())),
            Self::Read => ("read", "", None),
        };
        Digest::of(format!("{what} {} {words}", stage.unwrap_or_default()).as_bytes())
    }
}

/// What the author of a change had before them.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The version of the case.
    pub version: i64,
    /// The form that they sent.
    pub form: Option<FormToken>,
}

/// A reply of the visitor on the tracking page.
#[derive(Clone, Debug)]
pub enum Reply {
    /// It is solved.
    Satisfied(Option<Story>),
    /// It is not solved.
    NotSatisfied(Option<Story>),
    /// Something to add.
    Added(Story),
}

impl Reply {
    /// Equal for equal replies.
    pub fn digest(&self) -> Digest {
        let (what, words) = match self {
            Self::Satisfied(words) => ("satisfied", words.as_ref()),
            Self::NotSatisfied(words) => ("not-satisfied", words.as_ref()),
            Self::Added(words) => ("added", Some(words)),
        };
        Digest::of(format!("{what} {}", words.map_or("", Story::as_str)).as_bytes())
    }
}

/// The outcome of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is done; this is the version now.
    Done(i64),
    /// The case has changed since; this is the version now.
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
    /// Only at this stage. Without one: every open case, or with a search every case.
    pub stage: Option<Stage>,
    /// Only urgent cases.
    pub urgent: bool,
    /// Only cases whose next due time is in this range.
    pub due: Option<Range<Timestamp>>,
    /// Only cases whose visitor wrote what nobody has answered or read, closed ones too.
    pub visitor_wrote: bool,
    /// Only cases that arrived after this event.
    pub since: Option<i64>,
    /// A case number, or words, wherever they stand in a case. Searches closed cases too.
    pub search: Option<String>,
    /// The keyed digest of the telephone number that `search` may be.
    pub telephone: Option<Digest>,
}

/// How many open cases there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseCounts {
    /// All open cases.
    pub open: u64,
    pub kinds: Vec<(Kind, u64)>,
    pub stages: Vec<(Stage, u64)>,
    /// Urgent cases.
    pub urgent: u64,
    /// Cases that are past a due time.
    pub late: u64,
    /// Cases that are close to a due time.
    pub soon: u64,
    /// Cases whose visitor wrote what nobody has answered or read, closed ones too.
    pub wrote: u64,
}

/// A case with its promises and its history.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    pub case: Case,
    /// By round, then by due time.
    pub promises: Vec<Promise>,
    pub events: Vec<CaseEvent>,
}

/// The result of a case lookup.
#[derive(Debug)]
pub enum Lookup {
    Case(Box<CaseRecord>),
    /// A kiosk issued this receipt, and its submission has not arrived yet.
    OnItsWay,
    Nothing,
}

/// A page of the inbox, with the counts of the console's navigation, as of one moment.
#[derive(Debug)]
pub struct CasePage {
    pub desk: DeskSummary,
    pub cases: Vec<Case>,
    /// Whether there is a next page.
    pub more: bool,
    /// The case to show beside the list.
    pub open: Option<CaseRecord>,
    /// The latest forms that changed that case.
    pub done: Vec<FormToken>,
}

/// A new case event, for an open console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseNews {
    /// The id of the event, which rises with every event of any case.
    pub event: i64,
    pub case: CaseId,
    pub kind: CaseEventKind,
    /// What kind of case it is.
    pub of: Kind,
    /// Whether the case is urgent.
    pub urgent: bool,
    /// Whether the case is open now.
    pub open: bool,
}

/// How much of each case an export needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportDepth {
    Case,
    /// Also its promises and its history.
    Record,
}
