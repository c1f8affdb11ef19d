//! The quarantine page: items that could not become cases. For administrators.
//!
//! It shows when an item came, from which kiosk and why it is in quarantine, never its content.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::App;
use crate::console::failure::{Failure, render};
use crate::console::shell::Shell;
use crate::console::signed_in::Administrator;

/// How many items are shown, the newest first.
const SHOWN: usize = 200;

/// Shown for a missing value.
const NONE: &str = "—";

#[derive(Template)]
#[template(path = "intake/quarantine.html")]
struct QuarantinePage {
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

/// `GET /quarantine`
pub async fn show(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
) -> Result<Response, Failure> {
    let s = &reader.speech;
    let found = app.store.intake().quarantine(SHOWN, s.now()).await;
    let (desk, items) = found.map_err(|error| Failure::of_store(error, s.clone()))?;
    let rows = items.into_iter().map(|item| Row {
        when: s.moment(item.received_at),
        kiosk: item.kiosk.to_string(),
        seq: item.seq.map_or_else(|| NONE.to_owned(), |seq| seq.to_string()),
        kind: item.kind.map_or_else(|| NONE.to_owned(), |kind| s.of("kind", &kind)),
        reason: s.of("quarantine", item.reason.key()),
        size: size(item.size),
        uuid: item.uuid,
    });
    let shell = Shell::new(&app, &reader, &desk, "/quarantine".to_owned(), "/quarantine");
    Ok(render(&QuarantinePage { shell, rows: rows.collect() }))
}

/// A size in bytes or decimal kilobytes.
fn size(bytes: u64) -> String {
    if bytes < 1000 { format!("{bytes} B") } else { format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100) }
}
