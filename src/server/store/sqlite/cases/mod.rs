//! Cases: made of the submissions that could be opened.
//!
//! Staff and the visitor change a case. Each change is an event that is never altered. How to reach the
//! visitor is not stored here in the clear: [`super::ingest_queue::behind`] returns the envelope, which only
//! the holder of the key can open.

pub mod change;
pub mod inbox;
pub mod lookup;
pub mod read;

use domain::Timestamp;
use domain::case::Stage;
use domain::form::{Answer, Answers};
use domain::id::KioskNumber;
use domain::policy::{CaseFacts, SlaClock, SlaPolicy};
use domain::submission::{Body, Category, Remedy, Submission, Tag};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{millis, tokens};
use crate::store::error::StoreError;
use crate::store::model::cases::{Actor, CaseEventKind, CaseId, CaseNews};
use crate::store::model::intake::{ReceiptDigests, SearchTerms};

/// A case that is about to be made.
#[derive(Debug)]
pub struct NewCase<'a> {
    /// The row of the submission that it is made of.
    pub row: i64,
    /// The kiosk that sent it.
    pub kiosk: KioskNumber,
    /// The submission of the visitor.
    pub submission: &'a Submission,
    /// The digests of tracking token and receipt code.
    pub digests: ReceiptDigests,
    /// By what it is found, besides its own words.
    pub terms: &'a SearchTerms,
    /// When the SLA clocks start.
    pub started_at: Timestamp,
    pub received_at: Timestamp,
}

/// The columns of a case that are taken from the answers.
#[derive(Default)]
struct Columns<'a> {
    category: Option<&'static str>,
    story: &'a str,
    remedy: Option<&'static str>,
    csat: Option<u8>,
    nps: Option<u8>,
    tags: Vec<&'static str>,
}

impl<'a> Columns<'a> {
    fn of(body: &'a Body) -> Self {
        match body {
            Body::ServiceRequest | Body::CallTakenBack { .. } => Self::default(),
            Body::Answers(answers) => Self::of_answers(answers),
        }
    }

    /// Picks the columns from the answers to any form. `category`, `story`, `remedy` and `tags` are the
    /// fields with these ids; CSAT and NPS come from the first field of their type. Without a field `story`,
    /// the first text is the story.
    fn of_answers(answers: &'a Answers) -> Self {
        let chosen = |field: &str| match answers.get(field) {
            Some(Answer::Chosen(chosen)) => chosen.options.as_slice(),
            _ => &[],
        };
        let whole = |path: &'a String| path.split('/').next().unwrap_or(path);
        let text = |answer: &'a Answer| match answer {
            Answer::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let all = || answers.answers.values();
        let category = chosen("category").first().map(whole);
        let remedy = chosen("remedy").first().map(whole);
        Self {
            category: Category::ALL.iter().map(|c| c.key()).find(|key| Some(*key) == category),
            story: answers.get("story").and_then(text).or_else(|| all().find_map(text)).unwrap_or_default(),
            remedy: Remedy::ALL.iter().map(|r| r.key()).find(|key| Some(*key) == remedy),
            csat: all().find_map(|a| if let Answer::Faces(n) = a { Some(n.get()) } else { None }),
            nps: all().find_map(|a| if let Answer::Nps(n) = a { Some(n.get()) } else { None }),
            tags: Tag::ALL
                .iter()
                .map(|t| t.key())
                .filter(|key| chosen("tags").iter().any(|c| c == key))
                .collect(),
        }
    }

    /// The first line of the story, cut to a heading.
    fn title(&self) -> String {
        const LENGTH: usize = 80;
        let line = self.story.lines().next().unwrap_or_default().trim();
        if line.chars().count() <= LENGTH {
            return line.to_owned();
        }
        let mut kept: String = line.chars().take(LENGTH - 1).collect();
        kept.truncate(tokens::last_word_end(line, kept.len()));
        kept + "…"
    }
}

/// Which contact data the submission holds, as words: `phone`, `email`, `name`.
fn reachable(submission: &Submission) -> String {
    let Some(contact) = &submission.contact else { return String::new() };
    let channels = [
        ("phone", contact.phone.is_some()),
        ("email", contact.email.is_some()),
        ("name", contact.name.is_some()),
    ];
    channels.iter().filter(|(_, given)| *given).map(|(channel, _)| *channel).collect::<Vec<_>>().join(" ")
}

/// All text in the answers, for the search index.
fn words_of(answers: &Answers) -> String {
    let words = answers.answers.values().filter_map(|answer| match answer {
        Answer::Text(text) => Some(text.as_str()),
        Answer::Chosen(chosen) => chosen.remark.as_ref().map(|remark| remark.as_str()),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Makes a case; none if its tracking token belongs to another case.
pub fn open_case(
    db: &Connection,
    new: &NewCase<'_>,
    policy: &SlaPolicy,
) -> Result<Option<CaseId>, StoreError> {
    let (submission, columns) = (new.submission, Columns::of(&new.submission.body));
    let answers = if let Body::Answers(answers) = &submission.body { Some(answers) } else { None };
    let unstorable = |_| StoreError::Unreadable { what: "case" };
    let id = db
        .prepare_cached(
            "insert into cases (sealed_item, number, token_digest, kiosk, kind, category, language, created_at,
             started_at, received_at, title, story, remedy, csat, nps, tags, place, reachable, stage,
             answers, urgent, code_digest, telephone) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
             ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
             on conflict (token_digest) do nothing returning id",
        )?
        .query_row(
            params![
                new.row,
                submission.case_number.to_string(),
                new.digests.token.0,
                new.kiosk.get(),
                submission.body.kind().key(),
                columns.category,
                submission.language.tag(),
                millis(submission.created_at),
                millis(new.started_at),
                millis(new.received_at),
                columns.title(),
                columns.story,
                columns.remedy,
                columns.csat,
                columns.nps,
                columns.tags.join(" "),
                submission.place.as_ref().map(serde_json::to_string).transpose().map_err(unstorable)?,
                reachable(submission),
                Stage::Acceptance.key(),
                answers.map(serde_json::to_string).transpose().map_err(unstorable)?,
                submission.facts().urgent,
                new.digests.code.0,
                new.terms.telephone.map(|digest| digest.0),
            ],
            |row| row.get(0).map(CaseId),
        )
        .optional()?;
    let Some(id) = id else { return Ok(None) };
    promise(db, id, submission.facts(), &SlaClock::ALL, 1, new.started_at, policy)?;
    change::record(db, id, new.received_at, Actor::Visitor, CaseEventKind::Received, None, None)?;
    let arrival = db.last_insert_rowid();
    change::index(db, arrival, &found_by(new))?;
    Ok(Some(id))
}

/// The text by which a new case is found: what the visitor wrote, chose and pointed at, and the case number.
fn found_by(new: &NewCase<'_>) -> String {
    let submission = new.submission;
    let words = if let Body::Answers(answers) = &submission.body { words_of(answers) } else { String::new() };
    let mut text = format!("{words} {} {}", submission.case_number, new.terms.choices);
    if let Some(place) = &submission.place {
        let names = place.name.iter().map(|(_, name)| name);
        for word in names.chain([place.level.as_str()]).chain(place.number.as_deref()) {
            text.push(' ');
            text.push_str(word);
        }
    }
    text
}

/// Makes the promises of one round: those of `clocks` for which the policy has a limit.
fn promise(
    db: &Connection,
    id: CaseId,
    facts: CaseFacts,
    clocks: &[SlaClock],
    round: i64,
    start: Timestamp,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    let mut insert = db.prepare_cached(
        "insert into promise (case_id, round, clock, started_at, due_at) values (?1, ?2, ?3, ?4, ?5)",
    )?;
    for clock in clocks {
        if let Some(due) = policy.due(facts, *clock, start) {
            insert.execute(params![id.0, round, clock.key(), millis(start), millis(due)])?;
        }
    }
    refresh_next_due(db, id)
}

/// Updates the earliest due time of a case, by which the inbox is sorted.
fn refresh_next_due(db: &Connection, id: CaseId) -> Result<(), StoreError> {
    db.prepare_cached(
        "update cases set next_due_at =
         (select min(due_at) from promise where case_id = ?1 and kept_at is null) where id = ?1",
    )?
    .execute([id.0])?;
    Ok(())
}

/// The first events after `last`.
pub fn news(db: &Connection, last: i64, limit: usize) -> Result<Vec<CaseNews>, StoreError> {
    let mut query =
        db.prepare_cached(
        "select e.id, e.case_id, e.what, c.kind, c.urgent, c.stage <> 'closed' from case_event e join cases c on c.id = e.case_id
         where e.id > ?1 order by e.id limit ?2",
    )?;
    let mut rows = query.query((last, i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut news = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = read::event_kind(&row.get::<_, String>(2)?)?;
        let of = read::kind(&row.get::<_, String>(3)?)?;
        let (urgent, open) = (row.get(4)?, row.get(5)?);
        news.push(CaseNews { event: row.get(0)?, case: CaseId(row.get(1)?), kind, of, urgent, open });
    }
    Ok(news)
}

#[cfg(test)]
pub(crate) mod tests;
