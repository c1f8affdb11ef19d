//! `GET /live`: news for a console that is open, as server-sent events.
//!
//! An event names a case and whether it is new; the page asks for the rest with its own rights. Events are
//! read from the history of the cases, so a browser that was asleep goes on where it stopped. The stream
//! ends by itself after a while: the browser comes back, and its session is looked at again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{self, Stream};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use super::signed_in::Watching;
use crate::app::App;
use crate::store::StoreError;

/// Less than a session lasts without use.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// Events in one go; a browser that missed more is told that there is more.
const TOGETHER: u32 = 200;

/// From where on.
#[derive(Debug, Deserialize)]
pub struct From {
    #[serde(default)]
    after: i64,
}

/// What a page is told.
#[derive(Debug, Serialize)]
struct News {
    id: i64,
    case: i64,
    new: bool,
}

struct Watch {
    app: Arc<App>,
    news: watch::Receiver<i64>,
    stopping: watch::Receiver<bool>,
    last: i64,
    ready: std::vec::IntoIter<News>,
    until: Instant,
}

/// Streams what happens from now on, or from where the browser stopped.
pub async fn stream(
    State(app): State<Arc<App>>,
    _: Watching,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let resumed = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let mut news = app.store.events();
    news.mark_changed();
    let watch = Watch {
        news,
        stopping: app.stopping.clone(),
        last: resumed.unwrap_or(from.after),
        ready: Vec::new().into_iter(),
        until: Instant::now() + LASTS,
        app,
    };
    Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    loop {
        if let Some(news) = watch.ready.next() {
            watch.last = news.id;
            let event = Event::default().id(news.id.to_string()).event("case").json_data(&news).ok()?;
            return Some((Ok(event), watch));
        }
        tokio::select! {
            changed = watch.news.changed() => changed.ok()?,
            _ = watch.stopping.changed() => return None,
            () = tokio::time::sleep_until(watch.until) => return None,
        }
        watch.news.mark_unchanged();
        let last = watch.last;
        let found = watch.app.store.read(move |db| since(db, last)).await;
        watch.ready = found.ok()?.into_iter();
        if watch.ready.len() == usize::try_from(TOGETHER).unwrap_or_default() {
            watch.news.mark_changed();
        }
    }
}

fn since(db: &Connection, last: i64) -> Result<Vec<News>, StoreError> {
    let mut query = db.prepare_cached(
        "select id, case_id, what = 'received' from event where id > ?1 order by id limit ?2",
    )?;
    let rows = query.query_map((last, TOGETHER), |row| {
        Ok(News { id: row.get(0)?, case: row.get(1)?, new: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
