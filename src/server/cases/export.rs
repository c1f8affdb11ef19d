//! The export of all cases for other programs: JSON lines with the history, or a table for Excel.
//!
//! The contact of a visitor is never exported. The table is CSV in UTF-8 with a byte order mark, which Excel
//! needs to read Chinese. No cell can be taken for a formula.

use std::io::{self, Write};
use std::sync::Arc;

use chrono::SecondsFormat;
use domain::Timestamp;
use domain::form::{self, FormCatalog};
use domain::language::Language;
use serde::Serialize;

use crate::store::cases::{Case, CaseRecord, CaseSink, ExportDepth};
use crate::store::{Store, StoreError};

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the export could not be written")]
    Io(#[from] io::Error),
    #[error("the export could not be written")]
    Csv(#[from] csv::Error),
    #[error("the export could not be written")]
    Json(#[from] serde_json::Error),
}

/// The format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object per line, with promises and history.
    Jsonl,
    /// One row per case.
    Csv,
}

/// The forms that answers belong to, and the language in which their questions are written.
#[derive(Clone, Debug)]
pub struct Reader {
    pub forms: Arc<FormCatalog>,
    /// The language of the person who reads the export.
    pub language: Language,
}

#[derive(Serialize)]
struct Line<'a> {
    number: &'a str,
    kiosk: String,
    kind: &'static str,
    category: Option<&'static str>,
    stage: &'static str,
    language: &'static str,
    created_at: String,
    received_at: String,
    story: &'a str,
    remedy: Option<&'static str>,
    csat: Option<u8>,
    nps: Option<u8>,
    tags: Vec<&'static str>,
    place: Option<&'a domain::place::PlaceRef>,
    urgent: bool,
    form: Option<&'a str>,
    form_version: Option<u32>,
    answers: Vec<AnswerLine<'a>>,
    answered_at: Option<String>,
    satisfied: Option<bool>,
    promises: Vec<PromiseLine>,
    history: Vec<EventLine<'a>>,
}

/// One answer, as it was given and as text.
#[derive(Serialize)]
struct AnswerLine<'a> {
    id: String,
    question: String,
    words: String,
    answer: Option<&'a form::Answer>,
}

#[derive(Serialize)]
struct PromiseLine {
    round: i64,
    clock: &'static str,
    started_at: String,
    due_at: String,
    kept_at: Option<String>,
}

#[derive(Serialize)]
struct EventLine<'a> {
    at: String,
    actor: &'static str,
    staff: Option<&'a str>,
    what: &'static str,
    stage: Option<&'static str>,
    words: Option<&'a str>,
}

/// Writes every case to `out`, oldest first. Returns how many cases there were, and `out`.
///
/// # Errors
/// [`ExportError`].
pub async fn write<W: Write + Send + 'static>(
    store: &Store,
    format: Format,
    reader: Reader,
    mut out: W,
) -> Result<(u64, W), ExportError> {
    match format {
        Format::Jsonl => {
            let lines = Lines { reader, out, written: 0 };
            let lines = store.cases().export(ExportDepth::Record, lines).await?;
            Ok((lines.written, lines.out))
        }
        Format::Csv => {
            out.write_all("\u{feff}".as_bytes())?;
            let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
            out.write_record(HEAD)?;
            let table = store.cases().export(ExportDepth::Case, Table { reader, out, written: 0 }).await?;
            let out = table.out.into_inner().map_err(csv::IntoInnerError::into_error)?;
            Ok((table.written, out))
        }
    }
}

struct Lines<W> {
    reader: Reader,
    out: W,
    written: u64,
}

struct Table<W: Write> {
    reader: Reader,
    out: csv::Writer<W>,
    written: u64,
}

impl<W: Write + Send + 'static> CaseSink for Lines<W> {
    type Error = ExportError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), ExportError> {
        serde_json::to_writer(&mut self.out, &line(record, &self.reader))?;
        self.written += 1;
        Ok(self.out.write_all(b"\n")?)
    }
}

impl<W: Write + Send + 'static> CaseSink for Table<W> {
    type Error = ExportError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), ExportError> {
        self.written += 1;
        Ok(self.out.write_record(row(&record.case, &self.reader))?)
    }
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// The answers of a case as text, each beside its question.
fn in_words(case: &Case, reader: &Reader) -> Vec<form::Line> {
    let all = case.answers.iter();
    all.flat_map(|answers| {
        let form = reader.forms.get(&answers.form, answers.version);
        form::lines(form.map(AsRef::as_ref), answers, reader.language)
    })
    .collect()
}

fn line<'a>(record: &'a CaseRecord, reader: &Reader) -> Line<'a> {
    let case = &record.case;
    let promises = record.promises.iter().map(|p| PromiseLine {
        round: p.round,
        clock: p.clock.key(),
        started_at: time(p.started_at),
        due_at: time(p.due_at),
        kept_at: p.kept_at.map(time),
    });
    let history = record.events.iter().map(|e| EventLine {
        at: time(e.at),
        actor: e.actor.key(),
        staff: e.staff.as_deref(),
        what: e.kind.key(),
        stage: e.stage.map(|s| s.key()),
        words: e.words.as_deref(),
    });
    let answers = in_words(case, reader).into_iter().map(|line| AnswerLine {
        answer: case.answers.as_ref().and_then(|answers| answers.get(&line.id)),
        id: line.id,
        question: line.label,
        words: line.value,
    });
    Line {
        number: &case.number,
        kiosk: case.kiosk.to_string(),
        kind: case.kind.key(),
        category: case.category.map(|c| c.key()),
        stage: case.stage.key(),
        language: case.language.tag(),
        created_at: time(case.started_at),
        received_at: time(case.received_at),
        story: &case.story,
        remedy: case.remedy.map(|r| r.key()),
        csat: case.csat,
        nps: case.nps,
        tags: case.tags.iter().map(|t| t.key()).collect(),
        place: case.place.as_ref(),
        urgent: case.urgent,
        form: case.answers.as_ref().map(|answers| answers.form.as_str()),
        form_version: case.answers.as_ref().map(|answers| answers.version),
        answers: answers.collect(),
        answered_at: case.answered_at.map(time),
        satisfied: case.satisfied,
        promises: promises.collect(),
        history: history.collect(),
    }
}

const HEAD: [&str; 20] = [
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

fn row(case: &Case, reader: &Reader) -> [String; 20] {
    let place = case.place.as_ref();
    let lines = in_words(case, reader);
    let answers: Vec<String> = lines.iter().map(|l| format!("{}: {}", l.label, l.value)).collect();
    let number = |n: Option<u8>| n.map(|n| n.to_string()).unwrap_or_default();
    [
        case.number.clone(),
        case.kiosk.to_string(),
        case.kind.key().to_owned(),
        case.category.map(|c| c.key().to_owned()).unwrap_or_default(),
        case.stage.key().to_owned(),
        case.language.tag().to_owned(),
        time(case.started_at),
        time(case.received_at),
        case.story.clone(),
        case.remedy.map(|r| r.key().to_owned()).unwrap_or_default(),
        number(case.csat),
        number(case.nps),
        case.tags.iter().map(|t| t.key()).collect::<Vec<_>>().join(" "),
        place.map(|p| p.name.get(reader.language).to_owned()).unwrap_or_default(),
        place.map(|p| p.level.clone()).unwrap_or_default(),
        case.answered_at.map(time).unwrap_or_default(),
        case.satisfied.map(|s| s.to_string()).unwrap_or_default(),
        case.urgent.to_string(),
        case.answers.as_ref().map(|a| format!("{} {}", a.form, a.version)).unwrap_or_default(),
        answers.join("\n"),
    ]
    .map(plain_cell)
}

/// Prevents CSV injection: a spreadsheet evaluates a cell that begins like a formula. The apostrophe makes it
/// text.
fn plain_cell(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Mall, a_complaint};

    fn exported(format: Format, story: &str) -> String {
        let mall = Mall::open();
        mall.tell(&mut mall.kiosk("North door"), a_complaint(story));
        let admin = mall.admin();
        let reader = Reader { forms: Arc::new(FormCatalog::shipped()), language: Language::ZhHans };
        let (written, out) = admin.run(write(admin.store(), format, reader, Vec::new())).unwrap();
        assert_eq!(written, 1);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_table_opens_in_excel_and_runs_nothing() {
        let table = exported(Format::Csv, "=HYPERLINK(\"http://evil\",\"click\")");
        assert!(table.starts_with('\u{feff}'));
        assert!(table.contains("\"'=HYPERLINK("), "{table}");
        assert!(!table.contains("13800001234"), "how to reach the visitor is not exported");
    }

    #[test]
    fn a_line_holds_the_promises_and_the_history() {
        let line = exported(Format::Jsonl, "扶梯有异响");
        let value: serde_json::Value = serde_json::from_str(line.trim_end()).unwrap();
        assert_eq!(value["story"], "扶梯有异响");
        assert_eq!(value["promises"].as_array().unwrap().len(), 3);
        assert_eq!(value["history"][0]["what"], "received");
    }
}
