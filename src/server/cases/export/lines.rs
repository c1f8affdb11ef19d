//! JSON lines: one object a case, with its promises and its history, for programs. Times are in UTC.

use std::io::Write;

use chrono::SecondsFormat;
use domain::Timestamp;
use domain::form;
use serde::Serialize;

use super::error::ExportError;
use super::reader::Reader;
use crate::store::cases::{CaseRecord, CaseSink};

/// Writes a line for each case that it takes.
pub(super) struct Lines<W> {
    pub reader: Reader,
    pub out: W,
    pub written: u64,
}

impl<W: Write + Send + 'static> CaseSink for Lines<W> {
    type Error = ExportError;

    fn take(&mut self, record: &CaseRecord) -> Result<(), ExportError> {
        serde_json::to_writer(&mut self.out, &line(record, &self.reader))?;
        self.written += 1;
        Ok(self.out.write_all(b"\n")?)
    }
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
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
    let answers = reader.answers(case).into_iter().map(|line| AnswerLine {
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
