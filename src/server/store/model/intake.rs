//! What kiosks send, from its arrival to the case.
//!
//! A [`ReceivedItem`] is stored as it arrived. It waits to be opened as a [`PendingItem`]. An [`OpenedItem`]
//! becomes a case or goes into quarantine.

use domain::Timestamp;
use domain::form::Answers;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::{KeyId, PrivateKey};
use domain::submission::{Body, Submission};
use domain::wire::{
    ContentOffer, ContentReport, ItemResult, KioskReport, MissingSeqs, SealedItem, SeqWatermark,
};

use super::fleet::TokenUse;
use crate::secret::Digest;

/// Sealed bytes, and the fields that they were bound to when they were sealed.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// The kiosk's number when it was queued.
    pub kiosk: KioskNumber,
    pub epoch: Epoch,
    /// Place in that outbox's count.
    pub seq: Seq,
    /// The id of the key that it is sealed to.
    pub key_id: KeyId,
    pub sealed: Vec<u8>,
}

impl Envelope {
    /// Opens the envelope and parses the submission.
    ///
    /// # Errors
    /// [`QuarantineReason`], if it does not open, or if this version cannot read the submission.
    pub fn open(&self, key: &PrivateKey) -> Result<Submission, QuarantineReason> {
        let context = SealedItem::context(self.kiosk, self.epoch, self.seq, self.id);
        let plain = key.open(&self.sealed, &context).map_err(|_| QuarantineReason::Unopenable)?;
        serde_json::from_slice(&plain).map_err(|_| QuarantineReason::Unreadable)
    }
}

/// An item whose fields could be read.
#[derive(Clone, Debug)]
pub struct ReceivedItem {
    /// The sealed bytes with their bound fields.
    pub envelope: Envelope,
    /// The kind, in the clear. It is text because a newer kiosk may send a kind that this version does not
    /// know.
    pub kind: String,
    /// When it was queued, by the kiosk's clock.
    pub created_at: Timestamp,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// Its age when it was sent, in milliseconds since it was queued, if the kiosk knows it.
    pub age_ms: Option<u64>,
}

/// An item whose bytes match their hash, but whose other fields this version cannot read.
#[derive(Clone, Debug)]
pub struct UnparsedItem {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The item as it arrived, in JSON.
    pub raw: String,
}

/// Why an item is in quarantine. The key is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantineReason {
    /// It is sealed to a key that the server does not have.
    UnknownKey,
    /// It does not open with its key.
    Unopenable,
    /// It opens, and holds something that this version cannot read.
    Unreadable,
    /// Its tracking token belongs to another case.
    TokenTaken,
    /// The store could not make a case of it, neither together with others nor alone.
    Failed,
    /// Different bytes are stored under its id.
    Conflict,
    /// Only its id and its bytes could be read.
    Unparsed,
}

/// The digests that identify the receipt of a case.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptDigests {
    /// Digest of the tracking token.
    pub token: Digest,
    /// Salted digest of the receipt code.
    pub code: Digest,
}

/// By what a case is found, besides its own words.
#[derive(Clone, Debug, Default)]
pub struct SearchTerms {
    /// The keyed digest of the visitor's telephone number.
    pub telephone: Option<Digest>,
    /// What was chosen from lists, in each language that staff read.
    pub choices: String,
}

/// The outcome of opening an envelope.
#[derive(Debug)]
pub enum OpenOutcome {
    /// A submission, the digests of its tracking token and of its receipt code, and by what else it is found.
    Case(Box<Submission>, ReceiptDigests, SearchTerms),
    /// No case can be made of it.
    Quarantined(QuarantineReason),
}

impl OpenOutcome {
    /// The answers, if a form was filled in.
    pub fn answers(&self) -> Option<&Answers> {
        match self {
            Self::Case(submission, ..) => match &submission.body {
                Body::Answers(answers) => Some(answers),
                Body::ServiceRequest | Body::CallTakenBack { .. } => None,
            },
            Self::Quarantined(_) => None,
        }
    }
}

impl QuarantineReason {
    pub const ALL: [Self; 7] = [
        Self::UnknownKey,
        Self::Unopenable,
        Self::Unreadable,
        Self::TokenTaken,
        Self::Failed,
        Self::Conflict,
        Self::Unparsed,
    ];

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// Its key in the database and in translations.
    pub fn key(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown-key",
            Self::Unopenable => "unopenable",
            Self::Unreadable => "unreadable",
            Self::TokenTaken => "token-taken",
            Self::Failed => "failed",
            Self::Conflict => "conflict",
            Self::Unparsed => "unparsed",
        }
    }
}

/// An item in the ingest queue.
#[derive(Debug)]
pub struct PendingItem {
    pub row: i64,
    /// The kiosk that sent it.
    pub kiosk: KioskNumber,
    /// When its SLA clocks start.
    pub started_at: Timestamp,
    pub received_at: Timestamp,
    pub envelope: Envelope,
}

/// An item that was opened, or could not be.
#[derive(Debug)]
pub struct OpenedItem {
    /// The item as it was in the queue.
    pub of: PendingItem,
    pub outcome: OpenOutcome,
}

/// An item in quarantine.
#[derive(Clone, Debug)]
pub struct QuarantinedItem {
    /// The kiosk that sent it.
    pub kiosk: KioskNumber,
    pub uuid: String,
    /// Its place in the count, if that could be read.
    pub seq: Option<u64>,
    /// The kind in the clear, if that could be read.
    pub kind: Option<String>,
    pub received_at: Timestamp,
    pub reason: QuarantineReason,
    /// Size in bytes.
    pub size: u64,
}

/// What a kiosk reports of itself in a batch.
#[derive(Clone, Debug)]
pub struct KioskCall {
    /// How many submissions wait on it.
    pub waiting: u64,
    pub sent_at: Timestamp,
    /// Its report, if it sent a readable one.
    pub report: Option<KioskReport>,
    /// The public URL that it prints on receipts.
    pub public_url: Option<String>,
}

/// A parsed batch, and what the store needs to keep it.
#[derive(Debug)]
pub struct ReceivedBatch {
    pub kiosk: KioskNumber,
    /// Digest of the token that it used.
    pub token: Digest,
    /// Whether it used that token before.
    pub token_use: TokenUse,
    /// Digest of the token that replaces it, if it was issued before [`Self::oldest_token`].
    pub next_token: Digest,
    /// Tokens older than this are replaced.
    pub oldest_token: Timestamp,
    pub call: KioskCall,
    /// Its report about published content.
    pub content: Option<ContentReport>,
    /// The highest seq of each epoch that it still keeps, the present one first.
    pub watermarks: Vec<SeqWatermark>,
    /// The newest of its items that was acknowledged.
    pub newest_stored: Option<SubmissionId>,
    pub items: Vec<BatchItem>,
}

/// One item of a batch.
#[derive(Debug)]
pub enum BatchItem {
    /// Its result is known without the store.
    Decided(ItemResult),
    /// Only id, hash and bytes could be read; it is stored whole.
    Unparsed(UnparsedItem),
    /// All its fields could be read; its SLA clocks start at this time.
    Received(Box<ReceivedItem>, Timestamp),
}

/// The result of storing a batch.
#[derive(Debug, Default)]
pub struct KeptBatch {
    /// One result per item.
    pub results: Vec<ItemResult>,
    /// The publication that kiosks are offered.
    pub offer: Option<ContentOffer>,
    /// The highest kiosk number, which is the size of the fleet.
    pub fleet: u32,
    /// How often staff asked the kiosk to retry its quarantine.
    pub retries_requested: u64,
    /// Which seqs are missing below its watermarks.
    pub missing: Vec<MissingSeqs>,
    /// Up to where its seqs have arrived without a gap.
    pub contiguous: Vec<SeqWatermark>,
    /// Whether the store does not know [`ReceivedBatch::newest_stored`].
    pub newest_unknown: bool,
    /// The epoch under which another disk counts too.
    pub shared_epoch: Option<Epoch>,
    /// Whether [`ReceivedBatch::next_token`] is valid from now on.
    pub token_replaced: bool,
}
