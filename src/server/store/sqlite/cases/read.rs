//! Reads one case: its fields, its promises, its history.

use domain::case::Stage;
use domain::id::KioskNumber;
use domain::kind::Kind;
use domain::policy::SlaClock;
use domain::receipt::{CaseNumber, CodeDigest, TokenDigest};
use domain::submission::{Category, Remedy, Tag};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::secret::Digest;
use crate::store::error::StoreError;
use crate::store::model::cases::{ActorKind, Case, CaseEvent, CaseEventKind, CaseId, CaseRecord, Promise};
use crate::store::sqlite::moment;

pub(super) const COLUMNS: &str = "id, number, kiosk, kind, category, language, created_at, started_at,
    received_at, title, story, remedy, csat, nps, tags, place, reachable, stage, version, answered_at,
    visitor_wrote_at, satisfied, next_due_at, answers, urgent";

pub fn by_id(db: &Connection, id: CaseId) -> Result<Option<Case>, StoreError> {
    one(db, &format!("select {COLUMNS} from cases where id = ?1"), params![id.0])
}

/// The case with this digest of a tracking token.
pub fn by_token(db: &Connection, token: Digest) -> Result<Option<Case>, StoreError> {
    one(db, &format!("select {COLUMNS} from cases where token_digest = ?1"), params![token.0])
}

/// A case with a given number, and the digests to check a receipt code with.
#[derive(Debug)]
pub struct Numbered {
    pub id: CaseId,
    /// Digest of the tracking token, which is the salt of the code's digest.
    pub token: TokenDigest,
    /// Digest of the receipt code.
    pub code: CodeDigest,
}

/// The cases with this number. A kiosk that is not enrolled draws random case numbers, so there may be more
/// than one.
pub fn by_number(db: &Connection, number: CaseNumber) -> Result<Vec<Numbered>, StoreError> {
    let mut query = db.prepare_cached("select id, token_digest, code_digest from cases where number = ?1")?;
    let rows = query.query_map([number.to_string()], |row| {
        Ok(Numbered {
            id: CaseId(row.get(0)?),
            token: TokenDigest(row.get(1)?),
            code: CodeDigest(row.get(2)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn one(db: &Connection, sql: &str, with: &[&dyn rusqlite::ToSql]) -> Result<Option<Case>, StoreError> {
    db.prepare_cached(sql)?.query_row(with, |row| Ok(from_row(row))).optional()?.transpose()
}

pub(super) fn from_row(row: &Row<'_>) -> Result<Case, StoreError> {
    let text = |at: usize| row.get::<_, Option<String>>(at);
    let time = |at: usize| row.get::<_, Option<i64>>(at).map(|t| t.map(moment));
    let unreadable = |what| StoreError::Unreadable { what };
    let place = text(15)?.map(|json| serde_json::from_str(&json)).transpose();
    let answers = text(23)?.map(|json| serde_json::from_str(&json)).transpose();
    Ok(Case {
        id: CaseId(row.get(0)?),
        number: row.get(1)?,
        kiosk: KioskNumber::new(row.get(2)?).ok_or(unreadable("kiosk number"))?,
        kind: kind(&row.get::<_, String>(3)?)?,
        category: text(4)?.and_then(|key| Category::ALL.iter().copied().find(|c| c.key() == key)),
        language: row.get::<_, String>(5)?.parse().map_err(|_| unreadable("language"))?,
        created_at: moment(row.get(6)?),
        started_at: moment(row.get(7)?),
        received_at: moment(row.get(8)?),
        title: row.get(9)?,
        story: row.get(10)?,
        remedy: text(11)?.and_then(|key| Remedy::ALL.iter().copied().find(|r| r.key() == key)),
        csat: row.get(12)?,
        nps: row.get(13)?,
        tags: words(&row.get::<_, String>(14)?)
            .filter_map(|key| Tag::ALL.iter().copied().find(|t| t.key() == key))
            .collect(),
        place: place.map_err(|_| unreadable("place"))?,
        reachable: words(&row.get::<_, String>(16)?).map(str::to_owned).collect(),
        stage: stage(&row.get::<_, String>(17)?)?,
        version: row.get(18)?,
        answered_at: time(19)?,
        visitor_wrote_at: time(20)?,
        satisfied: row.get(21)?,
        next_due_at: time(22)?,
        answers: answers.map_err(|_| unreadable("answers"))?,
        urgent: row.get(24)?,
    })
}

fn words(joined: &str) -> impl Iterator<Item = &str> {
    joined.split(' ').filter(|w| !w.is_empty())
}

pub(super) fn kind(key: &str) -> Result<Kind, StoreError> {
    Kind::ALL.iter().copied().find(|k| k.key() == key).ok_or(StoreError::Unreadable { what: "kind" })
}

pub(super) fn stage(key: &str) -> Result<Stage, StoreError> {
    Stage::from_key(key).ok_or(StoreError::Unreadable { what: "stage" })
}

/// The promises of a case, by round and then by due time.
pub fn promises(db: &Connection, id: CaseId) -> Result<Vec<Promise>, StoreError> {
    let mut query = db.prepare_cached(
        "select round, clock, started_at, due_at, kept_at from promise where case_id = ?1
         order by round, due_at",
    )?;
    let mut rows = query.query([id.0])?;
    let mut promises = Vec::new();
    while let Some(row) = rows.next()? {
        let key: String = row.get(1)?;
        let clock = SlaClock::ALL.into_iter().find(|clock| clock.key() == key);
        promises.push(Promise {
            round: row.get(0)?,
            clock: clock.ok_or(StoreError::Unreadable { what: "clock" })?,
            started_at: moment(row.get(2)?),
            due_at: moment(row.get(3)?),
            kept_at: row.get::<_, Option<i64>>(4)?.map(moment),
        });
    }
    Ok(promises)
}

/// The history of a case, oldest first.
pub fn events(db: &Connection, id: CaseId) -> Result<Vec<CaseEvent>, StoreError> {
    let mut query = db.prepare_cached(
        "select e.id, e.at, e.actor, s.name, e.what, e.stage, e.words
         from case_event e left join staff s on s.id = e.staff where e.case_id = ?1 order by e.id",
    )?;
    let mut rows = query.query([id.0])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let (actor, kind): (String, String) = (row.get(2)?, row.get(4)?);
        let unreadable = |what| StoreError::Unreadable { what };
        events.push(CaseEvent {
            id: row.get(0)?,
            at: moment(row.get(1)?),
            actor: ActorKind::from_key(&actor).ok_or(unreadable("actor"))?,
            staff: row.get(3)?,
            kind: event_kind(&kind)?,
            stage: row.get::<_, Option<String>>(5)?.map(|key| stage(&key)).transpose()?,
            words: row.get(6)?,
        });
    }
    Ok(events)
}

pub(super) fn event_kind(key: &str) -> Result<CaseEventKind, StoreError> {
    CaseEventKind::from_key(key).ok_or(StoreError::Unreadable { what: "event" })
}

/// A case with its promises and its history.
pub fn record(db: &Connection, case: Case) -> Result<CaseRecord, StoreError> {
    let (promises, events) = (promises(db, case.id)?, events(db, case.id)?);
    Ok(CaseRecord { case, promises, events })
}
