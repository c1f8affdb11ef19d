//! The audit page: the entries of the audit, newest first, 100 at a time. For administrators.
//!
//! The page only reads. An entry is written by the use case that it records, in the same transaction.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;

use crate::app::App;
use crate::console::failure::{Failure, render};
use crate::console::shell::Shell;
use crate::console::signed_in::Administrator;
use crate::store::audit::AuditResult;

const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "accounts/audit.html")]
struct AuditPage {
    shell: Shell,
    rows: Vec<Row>,
    older: Option<String>,
}

struct Row {
    when: String,
    who: String,
    what: String,
    about: String,
    result: String,
    refused: bool,
}

/// The query: show the entries before this id.
#[derive(Debug, Deserialize)]
pub struct PageQuery {
    before: Option<i64>,
}

/// `GET /audit`
pub async fn show(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Query(query): Query<PageQuery>,
) -> Result<Response, Failure> {
    let s = &reader.speech;
    let found = app.store.audit().page(query.before, PAGE + 1, s.now()).await;
    let (desk, mut entries) = found.map_err(|error| Failure::of_store(error, s.clone()))?;
    let more = entries.len() > PAGE;
    entries.truncate(PAGE);
    let older = entries.last().filter(|_| more).map(|entry| format!("/audit?before={}", entry.id));
    let rows = entries.into_iter().map(|entry| Row {
        when: s.moment(entry.at),
        who: entry.who,
        what: s.of("audit", entry.action.key()),
        about: entry.about,
        refused: entry.result == AuditResult::Refused,
        result: s.of("audit", entry.result.key()),
    });
    let shell = Shell::new(&app, &reader, &desk, "/audit".to_owned(), "/audit");
    Ok(render(&AuditPage { shell, rows: rows.collect(), older }))
}
