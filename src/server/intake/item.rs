//! Reading one item of a batch: only as far as is needed to keep it.
//!
//! That is its id, its place in the kiosk's count, and its bytes. It is kept as it arrived and acknowledged;
//! [`super::opener`] opens it afterwards.

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::KeyId;
use domain::wire::{Bytes, Limits, SealedItem};
use serde::Deserialize;

use crate::store::intake::{Envelope, ReceivedItem, UnparsedItem};

/// The longest word that an item may have for its kind, or for its key.
const WORD: usize = 40;

/// Why an item will never be accepted as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than the limit.
    TooLarge,
    /// Its hash is not that of its bytes.
    WrongHash,
    /// Not even its bytes could be read.
    Malformed,
}

impl Refused {
    /// The word for it in the reply.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::WrongHash => "wrong-hash",
            Self::Malformed => "malformed",
        }
    }
}

/// What an item turned out to be.
#[derive(Debug)]
pub enum ReadItem {
    /// It can be written down.
    Received(Box<ReceivedItem>),
    /// It can be kept whole.
    Unparsed(UnparsedItem),
    /// Sending it again would change nothing.
    Refused(SubmissionId, Refused),
}

impl ReadItem {
    pub fn id(&self) -> SubmissionId {
        match self {
            Self::Received(item) => item.envelope.id,
            Self::Unparsed(item) => item.id,
            Self::Refused(id, _) => *id,
        }
    }
}

#[derive(Deserialize)]
struct Fields {
    id: SubmissionId,
    kiosk: KioskNumber,
    epoch: Epoch,
    seq: Seq,
    kind: String,
    created_at: Timestamp,
    key_id: KeyId,
    sha256: String,
    sealed: Bytes,
    #[serde(default)]
    age_ms: Option<u64>,
}

/// The least that an item must say of itself to be kept.
#[derive(Deserialize)]
struct Bare {
    id: SubmissionId,
    sha256: String,
    sealed: Bytes,
}

/// The least that an item must say of itself to be refused.
#[derive(Deserialize)]
struct Nameable {
    id: SubmissionId,
}

/// Reads an item as far as that is possible without opening it; nothing if it does not even have an id.
pub fn read(raw: &str, limits: &Limits) -> Option<ReadItem> {
    if let Ok(fields) = serde_json::from_str::<Fields>(raw)
        && fields.kind.len() <= WORD
        && fields.key_id.0.len() <= WORD
        && i64::try_from(fields.seq.0).is_ok()
    {
        return Some(match admit(&fields.sealed.0, &fields.sha256, limits) {
            Ok(()) => ReadItem::Received(Box::new(fields.into())),
            Err(why) => ReadItem::Refused(fields.id, why),
        });
    }
    let Ok(bare) = serde_json::from_str::<Bare>(raw) else {
        let named: Nameable = serde_json::from_str(raw).ok()?;
        return Some(ReadItem::Refused(named.id, Refused::Malformed));
    };
    Some(match admit(&bare.sealed.0, &bare.sha256, limits) {
        Ok(()) if raw.len() <= 2 * limits.max_item_bytes => {
            ReadItem::Unparsed(UnparsedItem { id: bare.id, sha256: bare.sha256, raw: raw.to_owned() })
        }
        Ok(()) => ReadItem::Refused(bare.id, Refused::TooLarge),
        Err(why) => ReadItem::Refused(bare.id, why),
    })
}

impl From<Fields> for ReceivedItem {
    fn from(fields: Fields) -> Self {
        let Fields { id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed, age_ms } = fields;
        let envelope = Envelope { id, kiosk, epoch, seq, key_id, sealed: sealed.0 };
        Self { envelope, kind, created_at, sha256, age_ms }
    }
}

/// Checks what can be checked without opening.
fn admit(sealed: &[u8], sha256: &str, limits: &Limits) -> Result<(), Refused> {
    if sealed.len() > limits.max_item_bytes {
        return Err(Refused::TooLarge);
    }
    if SealedItem::hash(sealed) != sha256 {
        return Err(Refused::WrongHash);
    }
    Ok(())
}
