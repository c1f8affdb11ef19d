//! `POST /api/v1/kiosk/submissions:batch`: many sealed submissions, one answer for each. Safe to repeat.
//!
//! An item that cannot be read at all does not hold up the others. The reply is sent after the commit.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use domain::id::SubmissionId;
use domain::seal::{KeyId, PrivateKey};
use domain::wire::{BatchReply, ContentOffer, ContentReport, Item, ItemResult, Limits, Status};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::bearer::KioskAuth;
use super::body::FromKiosk;
use super::problem::Refusal;
use crate::app::App;
use crate::ingest::{self, Arrival};
use crate::store::StoreError;
use crate::store::kiosks::{self, TokenUse};
use crate::store::{Store, content, intake};

/// A batch whose items are still to be read, each for itself.
#[derive(Deserialize)]
struct Unread {
    sent_at: Timestamp,
    items: Vec<Box<RawValue>>,
    #[serde(default)]
    waiting: u64,
    #[serde(default)]
    content: Option<ContentReport>,
}

/// All that is needed of an item in order to refuse it.
#[derive(Deserialize)]
struct Nameable {
    id: SubmissionId,
}

/// One place in the reply: decided, or to be decided by the store.
enum Place {
    Answered(ItemResult),
    Arrived(Item),
}

/// Keeps what a kiosk sends.
pub async fn receive(
    State(app): State<Arc<App>>,
    FromKiosk(kiosk, bytes): FromKiosk,
) -> Result<Json<BatchReply>, Refusal> {
    let limits = app.settings.limits;
    let batch: Unread = serde_json::from_slice(&bytes).map_err(|_| Refusal::Malformed)?;
    let places = read_items(&batch.items, &limits)?;
    let now = app.clock.now();
    let keys = keys(&app.store, &app.sealing_key, &places).await?;
    let sent_at = batch.sent_at;
    let judged = app.aside(move || judge(places, &keys, sent_at, now)).await.ok_or(Refusal::Failed)?;
    let (results, content) = keep(&app, kiosk, judged, &batch, now).await?;
    Ok(Json(BatchReply {
        server_time: now,
        results,
        limits,
        next_poll_s: app.settings.next_poll_s,
        policy: Some(app.settings.policy.clone()),
        content,
    }))
}

fn read_items(items: &[Box<RawValue>], limits: &Limits) -> Result<Vec<Place>, Refusal> {
    let read = items.iter().enumerate().map(|(at, raw)| {
        let refuse = |id, status, reason: &str| {
            let reason = Some(reason.to_owned());
            Place::Answered(ItemResult { id, status, sha256: String::new(), reason })
        };
        let Ok(item) = serde_json::from_str::<Item>(raw.get()) else {
            let named: Nameable = serde_json::from_str(raw.get()).map_err(|_| Refusal::Malformed)?;
            return Ok(refuse(named.id, Status::Rejected, "malformed"));
        };
        if at >= limits.max_items {
            return Ok(refuse(item.id, Status::Retry, "too-many-items"));
        }
        Ok(match ingest::admit(&item, limits) {
            Ok(()) => Place::Arrived(item),
            Err(refused) => refuse(item.id, Status::Rejected, refused.key()),
        })
    });
    read.collect()
}

type Keys = HashMap<KeyId, PrivateKey>;

/// The private keys that the items of a batch were sealed to, as far as they are known.
async fn keys(store: &Store, own: &PrivateKey, places: &[Place]) -> Result<Keys, StoreError> {
    let own_id = own.public().id();
    let named: std::collections::BTreeSet<KeyId> = places
        .iter()
        .filter_map(|place| if let Place::Arrived(item) = place { Some(item.key_id.clone()) } else { None })
        .filter(|id| *id != own_id)
        .collect();
    let mut keys = HashMap::from([(own_id, own.clone())]);
    if named.is_empty() {
        return Ok(keys);
    }
    let found = store.read(move |db| {
        let found = named.into_iter().map(|id| Ok((kiosks::opening_key(db, &id.0)?, id)));
        found.collect::<Result<Vec<_>, StoreError>>()
    });
    keys.extend(found.await?.into_iter().filter_map(|(key, id)| Some((id, key?))));
    Ok(keys)
}

/// A place in the reply after the envelopes were opened.
enum Judged {
    Answered(ItemResult),
    Arrived(Box<Arrival>),
}

fn judge(places: Vec<Place>, keys: &Keys, sent_at: Timestamp, now: Timestamp) -> Vec<Judged> {
    let judged = places.into_iter().map(|place| match place {
        Place::Answered(result) => Judged::Answered(result),
        Place::Arrived(item) => Judged::Arrived(Box::new(Arrival {
            judged: ingest::judge(&item, keys.get(&item.key_id)),
            started_at: ingest::clock_start(item.created_at, sent_at, now),
            item,
        })),
    });
    judged.collect()
}

async fn keep(
    app: &App,
    kiosk: KioskAuth,
    judged: Vec<Judged>,
    batch: &Unread,
    now: Timestamp,
) -> Result<(Vec<ItemResult>, Option<ContentOffer>), StoreError> {
    let (policy, sent_at, waiting) = (app.settings.policy.clone(), batch.sent_at, batch.waiting);
    let report = batch.content.clone();
    app.store
        .write(move |db| {
            if kiosk.used == TokenUse::First {
                kiosks::begin_token(db, kiosk.token, now)?;
            }
            kiosks::heard(db, kiosk.kiosk, waiting, sent_at, now)?;
            if let Some(report) = &report {
                content::reported(db, kiosk.kiosk, report)?;
            }
            let kept = judged.into_iter().map(|place| match place {
                Judged::Answered(result) => Ok(result),
                Judged::Arrived(arrival) => intake::keep(db, kiosk.kiosk, &arrival, &policy, now),
            });
            Ok((kept.collect::<Result<_, StoreError>>()?, content::offer(db)?))
        })
        .await
}
