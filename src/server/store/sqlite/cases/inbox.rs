//! Lists of cases: the inbox, its filters, its search, its counts.
//!
//! The inbox is read from the beginning of an index, so it stays fast however many cases were closed. Counts
//! look at open cases only, for the same reason.

use domain::case::Stage;
use domain::receipt::CaseNumber;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::read::{COLUMNS, from_row, kind, stage};
use crate::secret::Digest;
use crate::store::error::StoreError;
use crate::store::model::cases::{Case, CaseCounts, CaseFilter};
use crate::store::sqlite::{count, millis, tokens};

/// The cases that match `filter`: urgent ones first, then the earliest due time first; closed cases and results
/// of a search, the newest first.
pub fn list(
    db: &Connection,
    filter: &CaseFilter,
    skip: usize,
    limit: usize,
) -> Result<Vec<Case>, StoreError> {
    let (condition, mut values) = condition(filter);
    let order = if filter.search.is_some() || filter.stage == Some(Stage::Closed) {
        "order by received_at desc, id desc"
    } else {
        "order by urgent desc, next_due_at is null, next_due_at, id"
    };
    let sql = format!("select {COLUMNS} from cases where {condition} {order} limit ? offset ?");
    values.extend([number(limit), number(skip)]);
    rows(db, &sql, values)
}

/// The cases after the one with this id, in the order of their arrival.
pub fn after(db: &Connection, id: i64, limit: usize) -> Result<Vec<Case>, StoreError> {
    let sql = format!("select {COLUMNS} from cases where id > ? order by id limit ?");
    rows(db, &sql, vec![Value::Integer(id), number(limit)])
}

fn rows(db: &Connection, sql: &str, values: Vec<Value>) -> Result<Vec<Case>, StoreError> {
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params_from_iter(values), |row| Ok(from_row(row)))?;
    rows.map(|row| row?).collect()
}

fn number(n: usize) -> Value {
    Value::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

fn condition(filter: &CaseFilter) -> (String, Vec<Value>) {
    let (mut parts, mut values) = (Vec::new(), Vec::new());
    let mut add = |part: &str, value: Option<Value>| {
        parts.push(part.to_owned());
        values.extend(value);
    };
    match (filter.stage, &filter.search) {
        (Some(Stage::Closed), _) => add("stage = 'closed'", None),
        (Some(stage), _) => {
            add("stage <> 'closed'", None);
            add("stage = ?", Some(Value::Text(stage.key().to_owned())));
        }
        (None, Some(_)) => {}
        // What a visitor wrote is listed until it is read, whatever became of the case.
        (None, None) if filter.visitor_wrote => {}
        (None, None) => add("stage <> 'closed'", None),
    }
    if let Some(kind) = filter.kind {
        add("kind = ?", Some(Value::Text(kind.key().to_owned())));
    }
    if filter.urgent {
        add("urgent = 1", None);
    }
    if let Some(due) = &filter.due {
        add("next_due_at >= ?", Some(Value::Integer(millis(due.start))));
        add("next_due_at < ?", Some(Value::Integer(millis(due.end))));
    }
    if filter.visitor_wrote {
        add("visitor_wrote_at is not null", None);
    }
    if let Some(event) = filter.since {
        let arrived = "id in (select case_id from case_event where id > ? and what = 'received')";
        add(arrived, Some(Value::Integer(event)));
    }
    if let Some(typed) = &filter.search {
        if let Ok(number) = CaseNumber::parse(typed) {
            add("number = ?", Some(Value::Text(number.to_string())));
        } else {
            let (part, found) = search(typed, filter.telephone);
            parts.push(part);
            values.extend(found);
        }
    }
    if parts.is_empty() {
        parts.push("true".to_owned());
    }
    (parts.join(" and "), values)
}

const URGENT: &str = "select count(*) from cases where stage <> 'closed' and urgent = 1";

/// The condition that a case has each word of `typed` somewhere: in what the visitor said, in an answer, in a note. Or
/// that its visitor has this telephone number.
fn search(typed: &str, telephone: Option<Digest>) -> (String, Vec<Value>) {
    const HAS_WORD: &str = "id in (select case_event.case_id from case_words
        join case_event on case_event.id = case_words.rowid where case_words match ?)";
    let words = tokens::for_query(typed);
    let mut ways = Vec::new();
    if !words.is_empty() {
        ways.push(vec![HAS_WORD; words.len()].join(" and "));
    }
    ways.extend(telephone.map(|_| "telephone = ?".to_owned()));
    let values = words.into_iter().map(Value::Text);
    let values = values.chain(telephone.map(|digest| Value::Blob(digest.0.to_vec())));
    let either = if ways.is_empty() { "false".to_owned() } else { format!("({})", ways.join(" or ")) };
    (either, values.collect())
}

/// Counts the open cases. A case is late if it is due before `now`, and due soon if it is due before `soon`.
///
/// Counts that do not depend on the time are maintained by triggers, in the table `open_cases`. The others
/// are read from the index of the inbox.
pub fn counts(db: &Connection, now: i64, soon: i64) -> Result<CaseCounts, StoreError> {
    let mut counts = CaseCounts::default();
    let mut query = db.prepare_cached(
        "select kind, stage, open_count, awaiting_reply_count from open_cases
         where open_count > 0 or awaiting_reply_count > 0",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let n = count(row.get(2)?);
        counts.open += n;
        counts.wrote += count(row.get(3)?);
        if n == 0 {
            continue;
        }
        tally(&mut counts.kinds, kind(&row.get::<_, String>(0)?)?, n);
        tally(&mut counts.stages, stage(&row.get::<_, String>(1)?)?, n);
    }
    let due = |from: i64, to: i64| -> Result<u64, StoreError> {
        let mut query = db.prepare_cached(
            "select count(*) from cases
             where stage <> 'closed' and urgent in (0, 1) and (next_due_at is null) = 0 and next_due_at >= ?1 and next_due_at < ?2",
        )?;
        Ok(count(query.query_row([from, to], |row| row.get(0))?))
    };
    (counts.late, counts.soon) = (due(0, now)?, due(now, soon)?);
    counts.urgent = count(db.prepare_cached(URGENT)?.query_row([], |row| row.get(0))?);
    Ok(counts)
}

fn tally<K: PartialEq>(tallies: &mut Vec<(K, u64)>, key: K, n: u64) {
    match tallies.iter_mut().find(|(known, _)| *known == key) {
        Some((_, so_far)) => *so_far += n,
        None => tallies.push((key, n)),
    }
}
