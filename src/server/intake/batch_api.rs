//! `POST /api/v1/kiosk/submissions:batch`: stores a batch of sealed items, with one item result for each.
//! Safe to repeat.
//!
//! A batch without a valid signature of its kiosk is refused as a whole: it was changed in transit, or sent
//! by another. An item that cannot be read does not hold up the others. The reply is sent after the commit,
//! and before any item is opened.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::SubmissionId;
use domain::wire::{
    Batch, BatchReply, ContentReport, GZIP, ItemResult, ItemStatus, Limits, Secret, SeqWatermark,
};
use serde::Deserialize;
use serde_json::value::{RawValue, Value};

use crate::app::App;
use crate::http::bearer::KioskAuth;
use crate::http::body::{FromKiosk, RawBody};
use crate::http::problem::{Refusal, refusals};
use crate::intake::clock_start::started_at;
use crate::intake::item::{self, ReadItem};
use crate::intake::number;
use crate::secret::KioskToken;
use crate::store::StoreError;
use crate::store::intake::{BatchItem, KioskCall, ReceivedBatch};

/// A batch whose items are not parsed yet. Each is parsed on its own.
#[derive(Deserialize)]
struct UnparsedBatch {
    #[serde(deserialize_with = "domain::calendar::moment")]
    sent_at: Timestamp,
    items: Vec<Box<RawValue>>,
    #[serde(default = "none")]
    waiting: Value,
    #[serde(default)]
    content: Option<Value>,
    #[serde(default = "no_watermarks")]
    watermarks: Value,
    #[serde(default)]
    newest_stored: Option<SubmissionId>,
    /// Parsed on its own: a report of a later version must not hold up the items.
    #[serde(default)]
    report: Option<Box<RawValue>>,
    #[serde(default)]
    public_url: Option<String>,
}

/// Up to this many bytes, signature and batch are checked on the async thread: most batches hold no items.
const INLINE_PARSE_BYTES: usize = 4 * 1024;
/// Epochs end here: 2³¹ − 1.
const HIGHEST_EPOCH: u32 = i32::MAX.unsigned_abs();
/// A longer report is ignored.
const REPORT_BYTES: usize = 32 * 1024;

/// The public URL that a kiosk prints is cut to this many characters.
const URL: usize = 200;

fn none() -> Value {
    0.into()
}

fn no_watermarks() -> Value {
    Value::Array(Vec::new())
}

/// A batch whose items have been parsed, or put off.
struct ParsedBatch {
    call: KioskCall,
    content: Option<ContentReport>,
    watermarks: Vec<SeqWatermark>,
    newest_stored: Option<SubmissionId>,
    items: Vec<ParsedItem>,
}

/// One item: put off to a later batch, or parsed as far as possible.
enum ParsedItem {
    PutOff(ItemResult),
    Read(ReadItem),
}

/// First contacts per second when all kiosks start at once.
const FIRST_A_SECOND: u32 = 100;

refusals![
    Refusal::Malformed,
    Refusal::WrongToken,
    Refusal::Revoked,
    Refusal::TooSlow,
    Refusal::TooLarge,
    Refusal::WrongType,
    Refusal::WrongEncoding { taken: "" },
    Refusal::WrongSignature,
    Refusal::Failed,
    Refusal::Busy { retry_after_s: 1 },
];

/// Keeps what a kiosk sends, and answers for each item. Safe to repeat.
///
/// An item that cannot be read does not hold up the others. The reply comes when everything that it calls
/// stored is on the disk. A batch without items says how the kiosk is. It is signed, under the key that the
/// kiosk named when it enrolled, with Ed25519: `galleria batch 1;`, its number such as `K3`, `;`, the 32 bytes of
/// the SHA-256 of its token, and the 32 bytes of that of the JSON.
#[utoipa::path(
    post,
    path = "/api/v1/kiosk/submissions:batch",
    operation_id = "send_submissions",
    tag = "kiosk",
    params(("X-Batch-Signature" = String, Header, description = "64 bytes in base64.")),
    request_body(
        content = Batch,
        description = "At most 200 items and 1 MiB, or what `limits` said last. May be sent with \
            `Content-Encoding: gzip`; the limits count the bytes as they were before."
    ),
    responses(
        (
            status = OK,
            description = "One answer an item.",
            body = BatchReply,
            headers(("Accept-Encoding" = String, description = "How batches may be compressed (RFC 7694)."))
        ),
        Refused
    ),
    security(("kiosk" = []))
)]
pub async fn receive(
    State(app): State<Arc<App>>,
    FromKiosk(kiosk, sent): FromKiosk,
) -> Result<impl IntoResponse, Refusal> {
    let limits = app.settings.limits;
    let parsed = if sent.is_long(INLINE_PARSE_BYTES) {
        app.parse_batch_blocking(move || verified(sent, kiosk, &limits)).await.ok_or(Refusal::Failed)?
    } else {
        verified(sent, kiosk, &limits)
    };
    let now = app.clock.now();
    if matches!(parsed, Err(Refusal::WrongSignature)) {
        app.store.fleet().note_wrong_signature(kiosk.kiosk, now).await?;
    }
    let parsed = parsed?;
    let kept = keep(&app, kiosk, parsed, now).await?;
    if !kept.results.is_empty() {
        app.arrived.notify();
    }
    let reply = BatchReply {
        limits,
        next_poll_s: app.settings.next_poll_s,
        policy: Some(app.settings.policy.clone()),
        public_url: Some(app.public_url.clone()),
        ..kept
    };
    Ok(([(header::ACCEPT_ENCODING, GZIP)], Json(reply)))
}

/// Checks the signature of the kiosk, and parses the batch.
fn verified(mut sent: RawBody, kiosk: KioskAuth, limits: &Limits) -> Result<ParsedBatch, Refusal> {
    let signature = sent.signature.take();
    let bytes = match sent.unpacked(limits.max_bytes) {
        // A body that cannot be decompressed is not the signed one either.
        Err(Refusal::Malformed) => None,
        unpacked => Some(unpacked?),
    };
    let Some(bytes) = bytes.filter(|bytes| kiosk.vouches_for(bytes, signature.as_deref())) else {
        let kiosk = kiosk.kiosk;
        tracing::warn!(%kiosk, "a batch has no valid signature of its kiosk: changed on the way, or sent by another");
        return Err(Refusal::WrongSignature);
    };
    parse(&bytes, limits)
}

fn parse(bytes: &[u8], limits: &Limits) -> Result<ParsedBatch, Refusal> {
    let unread: UnparsedBatch = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    let UnparsedBatch { sent_at, items, waiting, content, watermarks, newest_stored, report, public_url } =
        unread;
    let waiting = number::read(waiting).filter(|n| *n <= number::HIGHEST).ok_or(Refusal::Malformed)?;
    // serde would also read an array of the fields' values.
    let lists = content.iter().chain(watermarks.as_array().into_iter().flatten());
    if lists.into_iter().any(|value| !value.is_object()) {
        return Err(Refusal::Malformed);
    }
    let content = content.map(|report| number::read(report).ok_or(Refusal::Malformed)).transpose()?;
    let watermarks: Vec<SeqWatermark> = number::read(watermarks).ok_or(Refusal::Malformed)?;
    // The limits of the API's description, which fit into the database.
    if watermarks.iter().any(|of| of.epoch.0 > HIGHEST_EPOCH || of.last.0 > number::HIGHEST) {
        return Err(Refusal::Malformed);
    }
    let report = report.as_deref().map(RawValue::get).filter(|text| text.len() <= REPORT_BYTES);
    let public_url = public_url.map(|url| url.chars().filter(|c| !c.is_control()).take(URL).collect());
    let report = report.and_then(|text| serde_json::from_str(text).ok());
    let call = KioskCall { waiting, sent_at, report, public_url };
    let read = items.iter().enumerate().map(|(at, raw)| {
        let read = item::read(raw.get(), limits).ok_or(Refusal::Malformed)?;
        if at >= limits.max_items {
            return Ok(ParsedItem::PutOff(answer(read.id(), ItemStatus::Retry, "too-many-items")));
        }
        Ok(ParsedItem::Read(read))
    });
    let items = read.collect::<Result<_, Refusal>>()?;
    Ok(ParsedBatch { call, content, watermarks, newest_stored, items })
}

fn answer(id: SubmissionId, status: ItemStatus, reason: &str) -> ItemResult {
    ItemResult { reason: Some(reason.to_owned()), ..ItemResult::new(id, status, "") }
}

/// One item of a batch for the store, with the time at which its SLA clocks start.
fn item(parsed: ParsedItem, sent_at: Timestamp, now: Timestamp) -> BatchItem {
    match parsed {
        ParsedItem::PutOff(result) => BatchItem::Decided(result),
        ParsedItem::Read(ReadItem::Refused(id, why)) => {
            BatchItem::Decided(answer(id, ItemStatus::Rejected, why.key()))
        }
        ParsedItem::Read(ReadItem::Unparsed(item)) => BatchItem::Unparsed(item),
        ParsedItem::Read(ReadItem::Received(item)) => {
            let started_at = started_at(&item, sent_at, now);
            BatchItem::Received(item, started_at)
        }
    }
}

/// Stores the batch. The reply still lacks the fields that are the same for every kiosk.
async fn keep(
    app: &App,
    caller: KioskAuth,
    parsed: ParsedBatch,
    now: Timestamp,
) -> Result<BatchReply, StoreError> {
    let ParsedBatch { call, content, watermarks, newest_stored, items } = parsed;
    let token = KioskToken::new(&app.random);
    let sent_at = call.sent_at;
    let batch = ReceivedBatch {
        kiosk: caller.kiosk,
        token: caller.token,
        token_use: caller.used,
        next_token: token.digest(),
        oldest_token: now - TimeDelta::days(app.settings.token_days.into()),
        call,
        content,
        watermarks,
        newest_stored,
        items: items.into_iter().map(|parsed| item(parsed, sent_at, now)).collect(),
    };
    let kept = app.store.intake().keep_batch(batch, now).await?;
    Ok(BatchReply {
        content: kept.offer,
        first_contact_s: (kept.fleet / FIRST_A_SECOND).clamp(1, 120),
        retries_requested: kept.retries_requested,
        results: kept.results,
        missing: kept.missing,
        contiguous: kept.contiguous,
        newest_unknown: kept.newest_unknown,
        shared_epoch: kept.shared_epoch,
        token: kept.token_replaced.then(|| Secret(token.reveal())),
        ..BatchReply::new(caller.kiosk, now)
    })
}
