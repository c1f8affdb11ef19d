//! Changing a case: answers, notes, stages, and what the visitor adds. Every change is an event.
//!
//! A change of staff names the version of the case that they saw. If the case has changed since, nothing is
//! changed, and the caller gets [`Changed::Stale`]. So no answer is sent twice, or without regard to a
//! colleague's.

use domain::Timestamp;
use domain::case::{Answered, Stage, StageError};
use domain::id::KioskNumber;
use domain::kind::Kind;
use domain::policy::{CaseFacts, SlaClock, SlaPolicy};
use domain::receipt::CaseNumber;
use domain::text::Story;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{promise, refresh_next_due};
use crate::store::error::StoreError;
use crate::store::model::accounts::StaffId;
use crate::store::model::cases::{
    Actor, ActorKind, CaseEventKind, CaseId, Change, Changed, Reply, StaffText,
};
use crate::store::sqlite::{millis, tokens};

struct Now {
    facts: CaseFacts,
    stage: Stage,
    answered: Answered,
    version: i64,
}

/// Adds one event to the history of a case. Its words are found by a search from then on.
pub fn record(
    db: &Connection,
    id: CaseId,
    at: Timestamp,
    actor: Actor,
    kind: CaseEventKind,
    stage: Option<Stage>,
    words: Option<&str>,
) -> Result<(), StoreError> {
    let (actor, staff) = match actor {
        Actor::Visitor => (ActorKind::Visitor, None),
        Actor::Staff(staff) => (ActorKind::Staff, Some(staff.0)),
        Actor::Server => (ActorKind::Server, None),
    };
    db.prepare_cached(
        "insert into case_event (case_id, at, actor, staff, what, stage, words) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?
    .execute(params![id.0, millis(at), actor.key(), staff, kind.key(), stage.map(Stage::key), words])?;
    words.map_or(Ok(()), |words| index(db, db.last_insert_rowid(), words))
}

/// Makes a text of a case findable, under the event that brought it.
pub(super) fn index(db: &Connection, event: i64, text: &str) -> Result<(), StoreError> {
    db.prepare_cached("insert into case_words (rowid, words) values (?1, ?2)")?
        .execute(params![event, tokens::for_index(text)])?;
    Ok(())
}

fn now_of(db: &Connection, id: CaseId) -> Result<Option<Now>, StoreError> {
    let found = db
        .prepare_cached("select kind, stage, answered_at is not null, version, urgent, reachable <> '' from cases where id = ?1")?
        .query_row([id.0], |row| {
            let (kind, stage): (String, String) = (row.get(0)?, row.get(1)?);
            let (answered, version): (bool, i64) = (row.get(2)?, row.get(3)?);
            Ok((kind, stage, answered, version, row.get(4)?, row.get(5)?))
        })
        .optional()?;
    let Some((kind, stage, answered, version, urgent, reachable)) = found else { return Ok(None) };
    Ok(Some(Now {
        facts: CaseFacts { kind: super::read::kind(&kind)?, urgent, reachable },
        stage: super::read::stage(&stage)?,
        answered: if answered { Answered::Yes } else { Answered::NotYet },
        version,
    }))
}

/// Applies a change of staff, if the case is still at `version`.
pub fn apply(
    db: &Connection,
    id: CaseId,
    version: i64,
    staff: StaffId,
    change: &Change,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<Changed, StoreError> {
    let Some(before) = now_of(db, id)? else { return Ok(Changed::Unknown) };
    if before.version != version {
        return Ok(Changed::Stale(before.version));
    }
    let (to, answered) = match change {
        Change::Answer(_, to) => (*to, Answered::Yes),
        Change::Move(to) => (Some(*to), before.answered),
        Change::Note(_) | Change::Read => (None, before.answered),
    };
    if let Some(Err(refused)) = to.map(|to| before.stage.move_to(to, answered)) {
        return Ok(Changed::Refused(refused));
    }
    let actor = Actor::Staff(staff);
    match change {
        Change::Answer(words, _) => answer(db, id, at, actor, words)?,
        Change::Note(words) => record(db, id, at, actor, CaseEventKind::Note, None, Some(words.as_str()))?,
        Change::Move(_) => {}
        Change::Read => return read(db, id, &before, at, actor, policy),
    }
    if let Some(to) = to {
        go(db, id, &before, to, at, actor, policy)?;
    }
    touch(db, id)
}

/// Marks as read what wants no answer. Something new is closed by it.
fn read(
    db: &Connection,
    id: CaseId,
    before: &Now,
    at: Timestamp,
    actor: Actor,
    policy: &SlaPolicy,
) -> Result<Changed, StoreError> {
    let wants_no_answer = super::read::by_id(db, id)?.is_some_and(|case| case.wants_no_answer());
    if !wants_no_answer {
        return Ok(Changed::Refused(StageError::Unanswered));
    }
    record(db, id, at, actor, CaseEventKind::Read, None, None)?;
    db.execute("update cases set visitor_wrote_at = null where id = ?1", [id.0])?;
    if before.stage == Stage::Acceptance {
        go(db, id, before, Stage::Closed, at, actor, policy)?;
    }
    touch(db, id)
}

fn answer(
    db: &Connection,
    id: CaseId,
    at: Timestamp,
    actor: Actor,
    words: &StaffText,
) -> Result<(), StoreError> {
    record(db, id, at, actor, CaseEventKind::Answer, None, Some(words.as_str()))?;
    db.execute(
        "update cases set answered_at = coalesce(answered_at, ?2), visitor_wrote_at = null where id = ?1",
        params![id.0, millis(at)],
    )?;
    keep(db, id, SlaClock::FirstResponse, at)
}

/// Moves a case to a stage that was found to be allowed, and keeps or renews its promises accordingly.
fn go(
    db: &Connection,
    id: CaseId,
    before: &Now,
    to: Stage,
    at: Timestamp,
    actor: Actor,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    db.execute("update cases set stage = ?2 where id = ?1", params![id.0, to.key()])?;
    if to < before.stage {
        record(db, id, at, actor, CaseEventKind::Reopened, Some(to), None)?;
        return reopen(db, id, before.facts, at, policy);
    }
    record(db, id, at, actor, CaseEventKind::Moved, Some(to), None)?;
    if to > Stage::Investigation {
        keep(db, id, SlaClock::Investigation, at)?;
    }
    if to >= Stage::Response {
        keep(db, id, SlaClock::Result, at)?;
    }
    // The first response to a call for help, or to a found item, is that staff come to the kiosk.
    let comes = matches!(before.facts.kind, Kind::ServiceRequest | Kind::FoundItem);
    if comes && to >= Stage::Resolution {
        keep(db, id, SlaClock::FirstResponse, at)?;
    }
    Ok(())
}

fn keep(db: &Connection, id: CaseId, clock: SlaClock, at: Timestamp) -> Result<(), StoreError> {
    db.prepare_cached(
        "update promise set kept_at = ?3 where case_id = ?1 and clock = ?2 and kept_at is null",
    )?
    .execute(params![id.0, clock.key(), millis(at)])?;
    refresh_next_due(db, id)
}

/// Ends the running promises and makes a new round: a complaint is promised investigation and result again,
/// every other kind a first response.
fn reopen(
    db: &Connection,
    id: CaseId,
    facts: CaseFacts,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    for clock in SlaClock::ALL {
        keep(db, id, clock, at)?;
    }
    let round = next_round(db, id)?;
    let clocks: &[SlaClock] = match facts.kind {
        Kind::Complaint => &[SlaClock::Investigation, SlaClock::Result],
        _ => &[SlaClock::FirstResponse],
    };
    promise(db, id, facts, clocks, round, at, policy)
}

/// Promises an answer to somebody who has written, unless a promise is running.
fn promise_if_none_runs(
    db: &Connection,
    id: CaseId,
    facts: CaseFacts,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    let runs: bool =
        db.query_row("select next_due_at is not null from cases where id = ?1", [id.0], |row| row.get(0))?;
    if runs {
        Ok(())
    } else {
        promise(db, id, facts, &[SlaClock::FirstResponse], next_round(db, id)?, at, policy)
    }
}

fn next_round(db: &Connection, id: CaseId) -> Result<i64, StoreError> {
    let round = "select coalesce(max(round), 0) + 1 from promise where case_id = ?1";
    Ok(db.query_row(round, [id.0], |row| row.get(0))?)
}

fn touch(db: &Connection, id: CaseId) -> Result<Changed, StoreError> {
    let version = db.query_row(
        "update cases set version = version + 1 where id = ?1 returning version",
        [id.0],
        |row| row.get(0),
    )?;
    Ok(Changed::Done(version))
}

/// Closes the open call of a kiosk that its visitor takes back. Does nothing if staff were faster. A call that has
/// not arrived yet is remembered, and closed when it arrives.
pub fn take_back(
    db: &Connection,
    kiosk: KioskNumber,
    call: CaseNumber,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    let found = db
        .prepare_cached("select id, stage from cases where number = ?1 and kiosk = ?2 and kind = ?3")?
        .query_row(params![call.to_string(), kiosk.get(), Kind::ServiceRequest.key()], |row| {
            Ok((CaseId(row.get(0)?), row.get::<_, String>(1)?))
        })
        .optional()?;
    let Some((id, stage)) = found else {
        db.prepare_cached("insert or ignore into call_taken_back (kiosk, number) values (?1, ?2)")?
            .execute(params![kiosk.get(), call.to_string()])?;
        return Ok(());
    };
    let Some(before) = now_of(db, id)?.filter(|_| stage != Stage::Closed.key()) else { return Ok(()) };
    record(db, id, at, Actor::Visitor, CaseEventKind::TakenBack, None, None)?;
    go(db, id, &before, Stage::Closed, at, Actor::Visitor, policy)?;
    touch(db, id).map(|_| ())
}

/// Closes a case that has just arrived, if it is a call that was taken back before.
pub fn end_if_taken_back(
    db: &Connection,
    kiosk: KioskNumber,
    call: CaseNumber,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<(), StoreError> {
    let was_taken_back = db
        .prepare_cached("delete from call_taken_back where kiosk = ?1 and number = ?2")?
        .execute(params![kiosk.get(), call.to_string()])?;
    if was_taken_back > 0 { take_back(db, kiosk, call, at, policy) } else { Ok(()) }
}

/// Applies a reply of the visitor.
///
/// A visitor who is not satisfied, or who adds something to a closed case, reopens it. One who is satisfied closes
/// it, if it has reached [`Stage::Response`]. Somebody who asks for more gets a promise if none is running.
pub fn reply(
    db: &Connection,
    id: CaseId,
    reply: &Reply,
    at: Timestamp,
    policy: &SlaPolicy,
) -> Result<Changed, StoreError> {
    let Some(mut before) = now_of(db, id)? else { return Ok(Changed::Unknown) };
    // Whoever writes on the tracking page reads the answer there.
    before.facts.reachable = true;
    let (kind, words, verdict) = match reply {
        Reply::Satisfied(words) => (CaseEventKind::Satisfied, words.as_ref(), Some(true)),
        Reply::NotSatisfied(words) => (CaseEventKind::NotSatisfied, words.as_ref(), Some(false)),
        Reply::Added(words) => (CaseEventKind::Added, Some(words), None),
    };
    record(db, id, at, Actor::Visitor, kind, None, words.map(Story::as_str))?;
    let wrote = words.is_some() || verdict == Some(false);
    db.execute(
        "update cases set satisfied = coalesce(?2, satisfied),
         visitor_wrote_at = case when ?3 then ?4 else visitor_wrote_at end where id = ?1",
        params![id.0, verdict, wrote, millis(at)],
    )?;
    let to = match reply {
        Reply::Satisfied(_) if before.stage >= Stage::Response => Some(Stage::Closed),
        Reply::NotSatisfied(_) => Some(Stage::Investigation),
        Reply::Added(_) if before.stage == Stage::Closed => Some(Stage::Investigation),
        Reply::Satisfied(_) | Reply::Added(_) => None,
    };
    if let Some(to) = to.filter(|to| before.stage.move_to(*to, before.answered).is_ok()) {
        // A visitor can only move a case back to investigation. Staff decide to move it forward.
        if to < before.stage || to == Stage::Closed {
            go(db, id, &before, to, at, Actor::Visitor, policy)?;
        }
    }
    if !matches!(reply, Reply::Satisfied(_)) {
        promise_if_none_runs(db, id, before.facts, at, policy)?;
    }
    touch(db, id)
}
