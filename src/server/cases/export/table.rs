//! The table of all cases, one row a case: what stands in each cell. CSV and XLSX show the same table.
//!
//! Times are local, because a spreadsheet knows no time zones.

use chrono::NaiveDateTime;
use domain::Timestamp;

use super::reader::Reader;
use crate::store::cases::Case;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Empty,
    Text(String),
    Number(u8),
    Truth(bool),
    /// In the mall's time zone.
    Time(NaiveDateTime),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Empty, Into::into)
    }
}

impl From<u8> for Cell {
    fn from(number: u8) -> Self {
        Self::Number(number)
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Truth(truth)
    }
}

/// The heads of the columns.
pub(super) const HEAD: [&str; 20] = [
    "number",
    "kiosk",
    "kind",
    "category",
    "stage",
    "language",
    "created_at",
    "received_at",
    "story",
    "remedy",
    "csat",
    "nps",
    "tags",
    "place",
    "level",
    "answered_at",
    "satisfied",
    "urgent",
    "form",
    "answers",
];

/// The row of one case.
pub(super) fn row(case: &Case, reader: &Reader) -> [Cell; 20] {
    let place = case.place.as_ref();
    let time = |at: Timestamp| Cell::Time(at.with_timezone(&reader.time_zone).naive_local());
    let answers = reader.answers(case).into_iter().map(|line| format!("{}: {}", line.label, line.value));
    [
        case.number.as_str().into(),
        case.kiosk.to_string().into(),
        case.kind.key().into(),
        case.category.map(|category| category.key()).into(),
        case.stage.key().into(),
        case.language.tag().into(),
        time(case.started_at),
        time(case.received_at),
        case.story.as_str().into(),
        case.remedy.map(|remedy| remedy.key()).into(),
        case.csat.into(),
        case.nps.into(),
        case.tags.iter().map(|tag| tag.key()).collect::<Vec<_>>().join(" ").into(),
        place.map(|place| place.name.get(reader.language)).into(),
        place.map(|place| place.level.as_str()).into(),
        case.answered_at.map(time).into(),
        case.satisfied.into(),
        case.urgent.into(),
        case.answers.as_ref().map(|answers| format!("{} {}", answers.form, answers.version)).into(),
        answers.collect::<Vec<_>>().join("\n").into(),
    ]
}
