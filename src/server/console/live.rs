//! `GET /live`: case events for an open console, as server-sent events.
//!
//! An event names a case, whether it is new, and whether somebody calls for help; the page fetches the rest with the
//! rights of its session.
//! Events are read from the history of the cases, so a browser that was asleep resumes where it stopped. The
//! stream ends after five minutes: the browser reconnects, and its session is checked again.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use domain::kind::Kind;
use futures_util::stream::{self, Stream};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::app::App;
use crate::console::signed_in::Watching;
use crate::store::cases::{CaseEventKind, CaseFeed, CaseNews};

/// How long a stream lasts. A session lasts longer without use.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// Events read at a time. When a read is full, the next one follows at once.
const EVENTS_PER_READ: usize = 200;

/// The query: the newest event that the page knows.
#[derive(Debug, Deserialize)]
pub struct From {
    #[serde(default)]
    after: i64,
}

/// The data of one server-sent event.
#[derive(Debug, Serialize)]
struct News {
    id: i64,
    case: i64,
    new: bool,
    /// Whether somebody waits for staff to come.
    call: bool,
    urgent: bool,
}

impl std::convert::From<CaseNews> for News {
    fn from(news: CaseNews) -> Self {
        Self {
            id: news.event,
            case: news.case.0,
            new: news.kind == CaseEventKind::Received,
            call: news.open && (news.urgent || news.of == Kind::ServiceRequest),
            urgent: news.urgent,
        }
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

/// Streams the events after `Last-Event-ID`, or else after the event in the query.
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
        let found = watch.app.store.cases().news(watch.last, EVENTS_PER_READ).await.ok()?;
        if found.len() == EVENTS_PER_READ {
            watch.feed.look_again();
        }
        watch.ready = found.into_iter().map(News::from).collect::<Vec<_>>().into_iter();
    }
}
