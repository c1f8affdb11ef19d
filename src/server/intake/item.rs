//! Parses one item of a batch, only as far as is needed to store it: id, place in the count, hash and bytes.
//!
//! The item is stored as it arrived and acknowledged; [`super::opener`] opens it afterwards.

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::KeyId;
use domain::wire::{Bytes, Limits, SealedItem};
use serde::Deserialize;

use crate::store::intake::{Envelope, ReceivedItem, UnparsedItem};

/// The longest kind and the longest key id that an item may have, in bytes.
const WORD: usize = 40;

/// Why an item will never be accepted as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than the limit.
    TooLarge,
    /// Its hash does not match its bytes.
    WrongHash,
    /// Only its id could be read.
    Malformed,
}

impl Refused {
    /// The reason in the item result.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::WrongHash => "wrong-hash",
            Self::Malformed => "malformed",
        }
    }
}

/// The result of parsing an item.
#[derive(Debug)]
pub enum ReadItem {
    /// All its fields could be read.
    Received(Box<ReceivedItem>),
    /// Only id, hash and bytes could be read; it is stored whole.
    Unparsed(UnparsedItem),
    /// It is refused for good: sending it again would change nothing.
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
    #[serde(deserialize_with = "domain::calendar::moment")]
    created_at: Timestamp,
    key_id: KeyId,
    sha256: String,
    sealed: Bytes,
    #[serde(default)]
    age_ms: Option<u64>,
}

/// The fields that an item must have to be stored.
#[derive(Deserialize)]
struct Bare {
    id: SubmissionId,
    sha256: String,
    sealed: Bytes,
}

/// The field that an item must have to be refused alone.
#[derive(Deserialize)]
struct Nameable {
    id: SubmissionId,
}

/// Parses an item as far as possible without opening it. None if it has no id.
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
