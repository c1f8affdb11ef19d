//! What kiosks send, from its arrival to the case that is made of it.
//!
//! In this order: a [`ReceivedItem`] is kept as it came, as a [`PendingItem`] it waits to be opened, and an
//! [`OpenedItem`] becomes a case or goes into quarantine.

use domain::Timestamp;
use domain::form::Answers;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::{KeyId, PrivateKey};
use domain::submission::{Body, Submission};
use domain::wire::{ContentOffer, ContentReport, ItemResult, KioskReport, MissingSeqs, SealedItem, SeqWatermark};

use super::fleet::TokenUse;
use crate::secret::Digest;

/// A closed envelope, and what it was bound to when it was sealed.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// The kiosk's number when it was queued.
    pub kiosk: KioskNumber,
    pub epoch: Epoch,
    /// Place in that outbox's count.
    pub seq: Seq,
    /// Which key it is sealed to.
    pub key_id: KeyId,
    pub sealed: Vec<u8>,
}

impl Envelope {
    /// What is in it, as the visitor sent it.
    ///
    /// # Errors
    /// [`QuarantineReason`], if it does not open or makes no sense to this version.
    pub fn open(&self, key: &PrivateKey) -> Result<Submission, QuarantineReason> {
        let context = SealedItem::context(self.kiosk, self.epoch, self.seq, self.id);
        let plain = key.open(&self.sealed, &context).map_err(|_| QuarantineReason::Unopenable)?;
        serde_json::from_slice(&plain).map_err(|_| QuarantineReason::Unreadable)
    }
}

/// An item that can be written down.
#[derive(Clone, Debug)]
pub struct ReceivedItem {
    /// What is to be kept.
    pub envelope: Envelope,
    /// What kind of thing it says it is; a newer kiosk may say what this version does not know.
    pub kind: String,
    /// When it was queued, by the kiosk's clock.
    pub created_at: Timestamp,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// How long before it was sent it was queued, in milliseconds, if the kiosk knows.
    pub age_ms: Option<u64>,
}

/// An item whose bytes are whole and whose other fields make no sense to this version.
#[derive(Clone, Debug)]
pub struct UnparsedItem {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The item, as it came.
    pub raw: String,
}

/// Why an item is in quarantine. The key is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuarantineReason {
    /// Sealed to a key that nobody brought.
    UnknownKey,
    /// It does not open.
    Unopenable,
    /// It opens, and holds something that this version cannot read.
    Unreadable,
    /// Its tracking token belongs to another case.
    TokenTaken,
    /// The store could not make a case of it, again and again.
    Failed,
    /// Other bytes came under its id before.
    Conflict,
    /// Only its id and its bytes could be read.
    Unparsed,
}

/// What tells a receipt of a case from any other.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptDigests {
    /// Of the tracking token.
    pub token: Digest,
    /// Of the short code, salted.
    pub code: Digest,
}

/// What came of opening an envelope.
#[derive(Debug)]
pub enum OpenOutcome {
    /// A submission, and the digests of its tracking token and of its receipt code.
    Case(Box<Submission>, ReceiptDigests),
    /// Nothing that a case could be made of.
    Quarantined(QuarantineReason),
}

impl OpenOutcome {
    /// The answers to a form in it, if it is that.
    pub fn answers(&self) -> Option<&Answers> {
        match self {
            Self::Case(submission, _) => match &submission.body {
                Body::Answers(answers) => Some(answers),
                Body::ServiceRequest => None,
            },
            Self::Quarantined(_) => None,
        }
    }
}

impl QuarantineReason {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::UnknownKey,
        Self::Unopenable,
        Self::Unreadable,
        Self::TokenTaken,
        Self::Failed,
        Self::Conflict,
        Self::Unparsed,
    ];

    /// The reason with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.key() == key)
    }

    /// The word for it in the database and in keys of words.
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

/// An item that is kept and waits to be opened.
#[derive(Debug)]
pub struct PendingItem {
    pub row: i64,
    /// Who brought it.
    pub kiosk: KioskNumber,
    /// When its clocks start.
    pub started_at: Timestamp,
    /// When it arrived.
    pub received_at: Timestamp,
    /// What is to be opened.
    pub envelope: Envelope,
}

/// An item that was opened, or could not be.
#[derive(Debug)]
pub struct OpenedItem {
    /// Where it came from.
    pub of: PendingItem,
    /// What was found.
    pub outcome: OpenOutcome,
}

/// An item in quarantine.
#[derive(Clone, Debug)]
pub struct QuarantinedItem {
    /// Who brought it.
    pub kiosk: KioskNumber,
    pub uuid: String,
    /// Its place in the count, if that could be read.
    pub seq: Option<u64>,
    /// What kind of thing it says it is, if that could be read.
    pub kind: Option<String>,
    /// When it arrived.
    pub received_at: Timestamp,
    /// Why it is here.
    pub reason: QuarantineReason,
    /// Bytes of it.
    pub size: u64,
}

/// What a kiosk says of itself when it calls.
#[derive(Clone, Debug)]
pub struct KioskCall {
    /// How many submissions wait on it.
    pub waiting: u64,
    pub sent_at: Timestamp,
    /// How it is, if it said so.
    pub report: Option<KioskReport>,
}

/// What a kiosk brought with one request.
#[derive(Debug)]
pub struct ReceivedBatch {
    pub kiosk: KioskNumber,
    /// Of the token that it showed.
    pub token: Digest,
    /// Whether it showed that token before.
    pub token_use: TokenUse,
    /// Of the token that replaces it, if it was issued before [`Self::oldest_token`].
    pub next_token: Digest,
    /// Tokens older than this are replaced.
    pub oldest_token: Timestamp,
    /// What the kiosk says of itself.
    pub call: KioskCall,
    /// What it says of its content.
    pub content: Option<ContentReport>,
    /// The highest seq of each epoch that it still keeps, the present one first.
    pub watermarks: Vec<SeqWatermark>,
    /// The newest of its items that was acknowledged.
    pub newest_stored: Option<SubmissionId>,
    /// What it sent.
    pub items: Vec<BatchItem>,
}

/// One item of a batch.
#[derive(Debug)]
pub enum BatchItem {
    /// It is decided without the store.
    Decided(ItemResult),
    /// It can be kept whole.
    Unparsed(UnparsedItem),
    /// It can be written down; its clocks start then.
    Received(Box<ReceivedItem>, Timestamp),
}

/// What became of a batch.
#[derive(Debug, Default)]
pub struct KeptBatch {
    /// One answer an item.
    pub results: Vec<ItemResult>,
    /// What kiosks are offered to show.
    pub offer: Option<ContentOffer>,
    /// The highest number of a kiosk.
    pub fleet: u32,
    /// How often staff asked the kiosk to try again what it keeps in quarantine.
    pub retries_requested: u64,
    /// Which seqs are missing below its watermarks.
    pub missing: Vec<MissingSeqs>,
    /// Up to where its seqs have arrived without a gap.
    pub contiguous: Vec<SeqWatermark>,
    /// Whether the newest item that was acknowledged is not here.
    pub newest_unknown: bool,
    /// The epoch under which somebody else counts, too.
    pub shared_epoch: Option<Epoch>,
    /// Whether [`ReceivedBatch::next_token`] is good from now on.
    pub token_replaced: bool,
}
