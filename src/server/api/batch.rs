//! `POST /api/v1/kiosk/submissions:batch`: many sealed submissions, one answer for each. Safe to repeat.
//!
//! An item that cannot be read at all does not hold up the others. The reply is sent after the commit, and
//! before anybody has looked into what was sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::wire::{Batch, BatchReply, ContentOffer, ContentReport, ItemResult, Limits, Status};
use serde::Deserialize;
use serde_json::value::{RawValue, Value};
use utoipa::IntoResponses;
use utoipa::openapi::{RefOr, Response};

use super::bearer::KioskAuth;
use super::body::FromKiosk;
use super::number;
use super::problem::Refusal;
use crate::app::App;
use crate::ingest::{self, Read, clock_start};
use crate::store::kiosks::{self, TokenUse};
use crate::store::{StoreError, content, intake};

/// A batch whose items are still to be read, each for itself.
#[derive(Deserialize)]
struct Unread {
    sent_at: Timestamp,
    items: Vec<Box<RawValue>>,
    #[serde(default = "none")]
    waiting: Value,
    #[serde(default)]
    content: Option<Value>,
}

fn none() -> Value {
    0.into()
}

/// A batch whose items have been read, or put off.
struct Sorted {
    sent_at: Timestamp,
    waiting: u64,
    content: Option<ContentReport>,
    items: Vec<Place>,
}

/// One place in the reply: put off, or to be decided by the store.
enum Place {
    PutOff(ItemResult),
    Read(Read),
}

/// What came of a batch.
struct Kept {
    results: Vec<ItemResult>,
    content: Option<ContentOffer>,
    first_contact_s: u32,
}

/// Kiosks that may call a second when all of them start at once.
const FIRST_A_SECOND: u32 = 100;

/// What is refused here.
pub struct Refused;

impl IntoResponses for Refused {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        Refusal::described(&[
            Refusal::Malformed,
            Refusal::WrongToken,
            Refusal::Revoked,
            Refusal::TooSlow,
            Refusal::TooLarge,
            Refusal::WrongType,
            Refusal::Failed,
            Refusal::Busy { retry_after_s: 1 },
        ])
    }
}

/// Keeps what a kiosk sends, and answers for each item. Safe to repeat.
///
/// An item that cannot be read does not hold up the others. The reply comes when everything that it calls
/// stored is on the disk. A batch without items says how the kiosk is.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/submissions:batch",
    operation_id = "send_submissions",
    tag = "kiosk",
    request_body(content = Batch, description = "At most 200 items and 1 MiB, or what `limits` said last."),
    responses((status = OK, description = "One answer an item.", body = BatchReply), Refused),
    security(("kiosk" = []))
)]
pub async fn receive(
    State(app): State<Arc<App>>,
    FromKiosk(kiosk, bytes): FromKiosk,
) -> Result<Json<BatchReply>, Refusal> {
    let limits = app.settings.limits;
    let sorted = app.sort(move || sort(&bytes, &limits)).await.ok_or(Refusal::Failed)??;
    let now = app.clock.now();
    let kept = keep(&app, kiosk, sorted, now).await?;
    app.arrived.ring();
    Ok(Json(BatchReply {
        server_time: now,
        results: kept.results,
        limits,
        next_poll_s: app.settings.next_poll_s,
        first_contact_s: kept.first_contact_s,
        policy: Some(app.settings.policy.clone()),
        content: kept.content,
    }))
}

fn sort(bytes: &[u8], limits: &Limits) -> Result<Sorted, Refusal> {
    let unread: Unread = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    let Unread { sent_at, items, waiting, content } = unread;
    let waiting = number::read(waiting).ok_or(Refusal::Malformed)?;
    let content = content.map(|report| number::read(report).ok_or(Refusal::Malformed)).transpose()?;
    let read = items.iter().enumerate().map(|(at, raw)| {
        let read = ingest::read(raw.get(), limits).ok_or(Refusal::Malformed)?;
        if at >= limits.max_items {
            return Ok(Place::PutOff(answer(read.id(), Status::Retry, "too-many-items")));
        }
        Ok(Place::Read(read))
    });
    Ok(Sorted { sent_at, waiting, content, items: read.collect::<Result<_, Refusal>>()? })
}

fn answer(id: domain::id::SubmissionId, status: Status, reason: &str) -> ItemResult {
    ItemResult { reason: Some(reason.to_owned()), ..ItemResult::new(id, status, "") }
}

async fn keep(app: &App, kiosk: KioskAuth, sorted: Sorted, now: Timestamp) -> Result<Kept, StoreError> {
    let Sorted { sent_at, waiting, content: report, items } = sorted;
    app.store
        .take_in(items.len() + 1, move |db| {
            if kiosk.used == TokenUse::First {
                kiosks::begin_token(db, kiosk.token, now)?;
            }
            kiosks::heard(db, kiosk.kiosk, waiting, sent_at, now)?;
            if let Some(report) = &report {
                content::reported(db, kiosk.kiosk, report)?;
            }
            let kept = items.into_iter().map(|place| match place {
                Place::PutOff(result) => Ok(result),
                Place::Read(Read::Refused(id, why)) => Ok(answer(id, Status::Rejected, why.key())),
                Place::Read(Read::Odd(odd)) => intake::keep_odd(db, kiosk.kiosk, &odd, now),
                Place::Read(Read::Incoming(item)) => {
                    let started_at = clock_start(item.created_at, sent_at, now);
                    intake::keep(db, kiosk.kiosk, &item, started_at, now)
                }
            });
            Ok(Kept {
                results: kept.collect::<Result<_, StoreError>>()?,
                content: content::offer(db)?,
                first_contact_s: (kiosks::fleet(db)? / FIRST_A_SECOND).clamp(1, 120),
            })
        })
        .await
}
