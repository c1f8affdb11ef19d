//! Version 1 of the protocol between kiosk and server: JSON over HTTPS.
//!
//! `POST /api/v1/kiosk/enrolments` exchanges a one-time code for an identity. `POST
//! /api/v1/kiosk/submissions:batch` carries sealed items in a signed request and returns a result for each.
//! `POST /api/v1/kiosk/cases:status` returns the status of a case to a visitor with a receipt.
//!
//! Fields are only ever added, and a reader ignores fields that it does not know.

mod contact;
mod enrolment;
mod problem;
mod signed;
mod status;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::content::ContentVersion;
use crate::id::{Epoch, KioskNumber, Seq, SubmissionId};
use crate::kind::Kind;
use crate::policy::SlaPolicy;
use crate::seal::{KeyId, sha256_hex};

pub use contact::{Alarm, KioskReport, MissingSeqs, QuarantinedItem, SeqWatermark};
pub use enrolment::{Enrolment, EnrolmentRequest};
pub use problem::Problem;
pub use signed::Signed;
pub use status::{
    CASE_STATUS, CaseMessage, CasePromise, CaseState, CaseStatus, CaseStep, Side, StatusRequest, StepState,
};

/// Path of the resource that enrols a kiosk.
pub const ENROLMENTS: &str = "/api/v1/kiosk/enrolments";
/// Path of the resource that takes batches.
pub const BATCH: &str = "/api/v1/kiosk/submissions:batch";
/// Header with the signature of a batch, see [`crate::signature`].
pub const BATCH_SIGNATURE: &str = "x-batch-signature";
/// Header with the signature of an enrolment that names a key.
pub const ENROLMENT_SIGNATURE: &str = "x-enrolment-signature";
/// The content coding in which a server may accept batches (RFC 9110, section 8.4.1.3).
pub const GZIP: &str = "gzip";
/// The problem code of a request whose signature is not valid, see [`Problem::code`].
pub const WRONG_SIGNATURE: &str = "wrong-signature";
/// The path of a publication, without its version at the end.
pub const CONTENT: &str = "/api/v1/kiosk/content/";
/// The path of the tracking page, without the tracking token at the end. A QR code holds the public URL, this
/// and the token.
pub const TRACKING: &str = "/t/";
/// The path of a content file, without its hash at the end.
pub const CONTENT_FILES: &str = "/api/v1/kiosk/content/files/";

/// Bytes that are base64 in JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Bytes(pub Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}

impl From<Bytes> for String {
    fn from(bytes: Bytes) -> Self {
        BASE64.encode(bytes.0)
    }
}

impl TryFrom<String> for Bytes {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, base64::DecodeError> {
        BASE64.decode(text).map(Self)
    }
}

/// A secret text, hidden from debug output.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

crate::hide!(Secret);

impl zeroize::Zeroize for Secret {
    fn zeroize(&mut self) {
        self.0.zeroize();
    }
}

/// A sealed item: a submission encrypted to the server's key, with the fields that travel in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SealedItem {
    /// Chosen by the kiosk.
    #[cfg_attr(feature = "schema", schema(value_type = uuid::Uuid))]
    pub id: SubmissionId,
    /// The kiosk's number when it was queued; `K0` before enrolment.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^K[0-9]{1,5}$", example = "K3"))]
    pub kiosk: KioskNumber,
    /// The outbox that counted it.
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub epoch: Epoch,
    /// Its place in the outbox's count.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub seq: Seq,
    /// What kind of thing it is.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "complaint"))]
    pub kind: Kind,
    /// When it was queued, by the kiosk's clock.
    #[serde(deserialize_with = "crate::calendar::moment")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub created_at: Timestamp,
    /// Which key it is sealed to.
    #[cfg_attr(feature = "schema", schema(value_type = String, max_length = 40))]
    pub key_id: KeyId,
    /// SHA-256 of `sealed`, in hexadecimal.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// The encrypted submission.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Byte))]
    pub sealed: Bytes,
    /// How long the item had been queued when it was sent, in milliseconds of the kiosk's monotonic clock.
    /// Absent if the kiosk restarted in between. It makes the item independent of a wrong calendar clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(maximum = 9007199254740991_i64))]
    pub age_ms: Option<u64>,
}

impl SealedItem {
    /// The associated data of an envelope: with another id, kiosk, epoch or seq the envelope does not open.
    pub fn context(kiosk: KioskNumber, epoch: Epoch, seq: Seq, id: SubmissionId) -> Vec<u8> {
        format!("galleria/1;{kiosk};{};{};{id}", epoch.0, seq.0).into_bytes()
    }

    /// The SHA-256 that kiosk and server compare, in hexadecimal.
    pub fn hash(sealed: &[u8]) -> String {
        sha256_hex(sealed)
    }
}

/// Many submissions in one request.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Batch {
    /// The kiosk's clock when it sent this.
    #[serde(deserialize_with = "crate::calendar::moment")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub sent_at: Timestamp,
    /// Oldest first.
    #[cfg_attr(feature = "schema", schema(schema_with = items))]
    pub items: Vec<SealedItem>,
    /// How many more are waiting on the kiosk.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schema(maximum = 9007199254740991_i64))]
    pub waiting: u64,
    /// What the kiosk shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentReport>,
    /// For each epoch of which the kiosk still keeps items: its highest seq.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watermarks: Vec<SeqWatermark>,
    /// The newest submission that the server acknowledged to this kiosk. A server that does not know this id
    /// was restored from a backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>, pattern = "^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"))]
    pub newest_stored: Option<SubmissionId>,
    /// The state of the kiosk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<Value>))]
    pub report: Option<KioskReport>,
    /// The public URL that the kiosk prints on receipts, as a server told it; none before it is enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "https://mall.example"))]
    pub public_url: Option<String>,
}

/// What a kiosk says of its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContentReport {
    /// The publication that it shows; none when it shows what it was installed with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u64>, maximum = 9007199254740991_i64))]
    pub shown: Option<ContentVersion>,
    /// The last publication that it did not take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<ContentRefused>,
}

/// A publication that a kiosk did not take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContentRefused {
    /// Its version.
    #[cfg_attr(feature = "schema", schema(value_type = u64, maximum = 9007199254740991_i64))]
    pub version: ContentVersion,
    /// Why, for the staff who published it.
    pub reason: String,
}

/// What a kiosk should show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ContentOffer {
    /// The publication.
    #[cfg_attr(feature = "schema", schema(value_type = u64))]
    pub version: ContentVersion,
}

/// A manifest of content as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SignedManifest {
    /// The bytes that were signed.
    #[cfg_attr(feature = "schema", schema(value_type = String, format = Byte))]
    pub manifest: Bytes,
    /// The text of the `.minisig` file.
    pub signature: String,
}

/// What became of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum ItemStatus {
    /// Stored now; it is durable.
    Stored,
    /// Stored before, with the same hash.
    Duplicate,
    /// Something else is stored under this id. Quarantined for staff.
    Conflict,
    /// Will never be accepted as it is.
    Rejected,
    /// Not now; send it again later.
    Retry,
    /// A word that this version does not know; treated as [`Self::Retry`].
    #[serde(other)]
    Unknown,
}

/// The answer for one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ItemResult {
    /// The item's id.
    #[cfg_attr(feature = "schema", schema(value_type = uuid::Uuid))]
    pub id: SubmissionId,
    /// What became of it.
    pub status: ItemStatus,
    /// The hash of what the server stores. The kiosk counts the item as delivered only if this is the item's
    /// own hash.
    #[serde(default)]
    pub sha256: String,
    /// Why, for the maintenance log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ItemResult {
    /// A result without a reason.
    pub fn new(id: SubmissionId, status: ItemStatus, sha256: &str) -> Self {
        Self { id, status, sha256: sha256.to_owned(), reason: None }
    }
}

/// How much a kiosk may send at once. The server says so; the kiosk obeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Limits {
    /// Items in a batch.
    pub max_items: usize,
    /// Bytes of a request body.
    pub max_bytes: usize,
    /// Bytes of one sealed item.
    pub max_item_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_items: 200, max_bytes: 1024 * 1024, max_item_bytes: 64 * 1024 }
    }
}

/// The answer to a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BatchReply {
    /// The kiosk that this answers. A kiosk does not obey a reply to another one.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^K[0-9]{1,5}$", example = "K3"))]
    pub kiosk: KioskNumber,
    /// The server's clock.
    #[serde(deserialize_with = "crate::calendar::moment")]
    #[cfg_attr(feature = "schema", schema(value_type = String, format = DateTime))]
    pub server_time: Timestamp,
    /// One result for each item.
    pub results: Vec<ItemResult>,
    /// How much the server accepts in one batch.
    #[serde(default)]
    pub limits: Limits,
    /// After how many seconds to call again, even if nothing new is waiting.
    #[serde(default = "one_minute")]
    pub next_poll_s: u32,
    /// After a start, call for the first time at a random moment within this many seconds: all kiosks of a
    /// fleet may have got their power back at once.
    #[serde(default = "two_minutes")]
    pub first_contact_s: u32,
    /// The promises to print on receipts from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<SlaPolicy>,
    /// The URL by which people reach the server, to print on receipts from now on: scheme, host and perhaps a port,
    /// without a slash at the end. The server always says it, because it may have moved since the kiosk enrolled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(example = "https://mall.example"))]
    pub public_url: Option<String>,
    /// What to show from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<ContentOffer>,
    /// For each watermark's epoch: the seq up to which the server has every one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contiguous: Vec<SeqWatermark>,
    /// Which seqs it lacks below the watermarks that the kiosk sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingSeqs>,
    /// The server does not know the kiosk's `newest_stored`, as after a restore from a backup: send every
    /// delivered item again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub newest_unknown: bool,
    /// Another disk uses this epoch too, because a disk was copied or put back: begin another epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<u32>))]
    pub shared_epoch: Option<Epoch>,
    /// A new token. The old one ends when this one is first used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schema(value_type = Option<String>))]
    pub token: Option<Secret>,
    /// How often staff have asked this kiosk to try again what is in its quarantine.
    #[serde(default)]
    pub retries_requested: u64,
}

impl BatchReply {
    /// A reply to `kiosk` without results and with default settings.
    pub fn new(kiosk: KioskNumber, server_time: Timestamp) -> Self {
        Self {
            kiosk,
            server_time,
            results: Vec::new(),
            limits: Limits::default(),
            next_poll_s: one_minute(),
            first_contact_s: two_minutes(),
            policy: None,
            public_url: None,
            content: None,
            contiguous: Vec::new(),
            missing: Vec::new(),
            newest_unknown: false,
            shared_epoch: None,
            token: None,
            retries_requested: 0,
        }
    }
}

fn one_minute() -> u32 {
    60
}

fn two_minutes() -> u32 {
    120
}

/// The schema of a batch's items: a sealed item, or any object with an id. Each gets its own result.
#[cfg(feature = "schema")]
fn items() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::schema::{
        AnyOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type,
    };
    use utoipa::openapi::{Object, Ref};
    let id = ObjectBuilder::new().schema_type(Type::String);
    let id: Object = id.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))).build();
    let other = ObjectBuilder::new().property("id", id).required("id");
    let item = AnyOfBuilder::new().item(Ref::from_schema_name("SealedItem")).item(other);
    ArrayBuilder::new().items(item).build()
}

#[cfg(test)]
mod tests;
