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
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::app::App;
use crate::console::signed_in::Watching;
use crate::store::cases::{CaseEventKind, CaseFeed, CaseNews};

/// Less than a session lasts without use.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// Events in one go; a browser that missed more is told that there is more.
const TOGETHER: usize = 200;

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

impl std::convert::From<CaseNews> for News {
    fn from(news: CaseNews) -> Self {
        Self { id: news.event, case: news.case.0, new: news.kind == CaseEventKind::Received }
    }
}

struct Watch {
    app: Arc<App>,
    feed: CaseFeed,
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
    let mut feed = app.store.cases().feed();
    feed.look_again();
    let watch = Watch {
        feed,
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
            changed = watch.feed.changed() => changed.ok()?,
            _ = watch.stopping.changed() => return None,
            () = tokio::time::sleep_until(watch.until) => return None,
        }
        let found = watch.app.store.cases().news(watch.last, TOGETHER).await.ok()?;
        if found.len() == TOGETHER {
            watch.feed.look_again();
        }
        watch.ready = found.into_iter().map(News::from).collect::<Vec<_>>().into_iter();
    }
}
