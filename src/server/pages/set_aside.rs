//! What arrived and could not become a case, for a person to look at. For administrators.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::failure::{Failure, render};
use super::shell::{Facts, Shell};
use super::signed_in::Administrator;
use crate::app::App;
use crate::store::quarantine;

/// The newest of them.
const SHOWN: usize = 200;

/// What stands where there is nothing.
const NONE: &str = "—";

#[derive(Template)]
#[template(path = "set_aside.html")]
struct SetAsidePage {
    shell: Shell,
    rows: Vec<Row>,
}

struct Row {
    when: String,
    kiosk: String,
    seq: String,
    kind: String,
    reason: String,
    size: String,
    uuid: String,
}

/// `GET /set-aside`
pub async fn show(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
) -> Result<Response, Failure> {
    let s = reader.speech.clone();
    let found = app.store.read(move |db| Ok((Facts::read(db, &s)?, quarantine::newest(db, SHOWN)?))).await;
    let s = &reader.speech;
    let (facts, asides) = found.map_err(|error| Failure::of_store(error, s.clone()))?;
    let rows = asides.into_iter().map(|aside| Row {
        when: s.moment(aside.received_at),
        kiosk: aside.kiosk.to_string(),
        seq: aside.seq.map_or_else(|| NONE.to_owned(), |seq| seq.to_string()),
        kind: aside.kind.map_or_else(|| NONE.to_owned(), |kind| s.of("kind", &kind)),
        reason: s.of("set-aside", &aside.reason),
        size: size(aside.size),
        uuid: aside.uuid,
    });
    let shell = Shell::new(&app, &reader, &facts, "/set-aside".to_owned(), "/set-aside");
    Ok(render(&SetAsidePage { shell, rows: rows.collect() }))
}

/// Bytes, as people write them.
fn size(bytes: u64) -> String {
    if bytes < 1000 { format!("{bytes} B") } else { format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100) }
}
