//! From sealed bytes to a case: pure steps on either side of the store.
//!
//! What arrives is read only as far as is needed to write it down: who, where in the count, which bytes.
//! It is kept as it arrived and acknowledged; [`super::opener`] looks into it afterwards. An envelope that cannot
//! be opened, or holds what this version cannot read, goes into quarantine with the reason: the kiosk has done its
//! part, and a person can look at it.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::{KeyId, PrivateKey};
use domain::submission::Submission;
use domain::wire::{Bytes, Limits, SealedItem};
use serde::Deserialize;

use crate::secret::Digest;
use crate::store::intake::{Envelope, Opening, QuarantineReason, ReceiptDigests, ReceivedItem, UnparsedItem};

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
pub enum Read {
    /// It can be written down.
    Received(Box<ReceivedItem>),
    /// It can be kept whole.
    Unparsed(UnparsedItem),
    /// Sending it again would change nothing.
    Refused(SubmissionId, Refused),
}

impl Read {
    /// Which item.
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
pub fn read(raw: &str, limits: &Limits) -> Option<Read> {
    if let Ok(fields) = serde_json::from_str::<Fields>(raw)
        && fields.kind.len() <= WORD
        && fields.key_id.0.len() <= WORD
        && i64::try_from(fields.seq.0).is_ok()
    {
        return Some(match admit(&fields.sealed.0, &fields.sha256, limits) {
            Ok(()) => Read::Received(Box::new(fields.into())),
            Err(why) => Read::Refused(fields.id, why),
        });
    }
    let Ok(bare) = serde_json::from_str::<Bare>(raw) else {
        let named: Nameable = serde_json::from_str(raw).ok()?;
        return Some(Read::Refused(named.id, Refused::Malformed));
    };
    Some(match admit(&bare.sealed.0, &bare.sha256, limits) {
        Ok(()) if raw.len() <= 2 * limits.max_item_bytes => {
            Read::Unparsed(UnparsedItem { id: bare.id, sha256: bare.sha256, raw: raw.to_owned() })
        }
        Ok(()) => Read::Refused(bare.id, Refused::TooLarge),
        Err(why) => Read::Refused(bare.id, why),
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

/// What is in an envelope, as the visitor sent it.
///
/// # Errors
/// [`QuarantineReason`], if it does not open or makes no sense.
pub fn open(envelope: &Envelope, key: &PrivateKey) -> Result<Submission, QuarantineReason> {
    let Envelope { id, kiosk, epoch, seq, sealed, .. } = envelope;
    let context = SealedItem::context(*kiosk, *epoch, *seq, *id);
    let plain = key.open(sealed, &context).map_err(|_| QuarantineReason::Unopenable)?;
    serde_json::from_slice(&plain).map_err(|_| QuarantineReason::Unreadable)
}

/// Opens an envelope and reads it.
pub fn judge(envelope: &Envelope, key: Option<&PrivateKey>) -> Opening {
    let Some(key) = key else { return Opening::Quarantined(QuarantineReason::UnknownKey) };
    match open(envelope, key) {
        Ok(said) => match (digest(&said.token_digest), digest(&said.code_digest)) {
            (Some(token), Some(code)) => Opening::Case(Box::new(said), ReceiptDigests { token, code }),
            _ => Opening::Quarantined(QuarantineReason::Unreadable),
        },
        Err(reason) => Opening::Quarantined(reason),
    }
}

/// A digest that a kiosk wrote in hexadecimal; none for anything else.
pub fn digest(hex: &str) -> Option<Digest> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    (digits.len() == 64).then_some(())?;
    bytes.try_into().ok().map(Digest)
}

/// A clock this far off is put right; less may be the time that the request took.
const TOLERATED: TimeDelta = TimeDelta::minutes(2);

/// Nothing waits on a kiosk for longer than this.
const OLDEST: TimeDelta = TimeDelta::days(400);

/// When the clocks of a submission start: when the visitor sent it, by the server's time.
///
/// The kiosk's clock may be wrong. How wrong is seen from when it says that it sent the batch. Nothing
/// starts in the future, and a kiosk that believed it was 1970 is given the time of arrival.
pub fn clock_start(created_at: Timestamp, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
    let skew = sent_at - received_at;
    let corrected =
        if skew.abs() > TOLERATED { created_at.checked_sub_signed(skew) } else { Some(created_at) };
    let oldest = received_at - OLDEST;
    match corrected {
        Some(start) if start <= received_at && start >= oldest => start,
        _ => received_at,
    }
}

/// When the clocks of an item start, which may know how old it is by a clock that nobody sets.
pub fn started_at(item: &ReceivedItem, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
    let age = item.age_ms.and_then(|age| i64::try_from(age).ok()).and_then(TimeDelta::try_milliseconds);
    match age {
        Some(age) if age < OLDEST => received_at - age,
        _ => clock_start(item.created_at, sent_at, received_at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
    }

    #[test]
    fn a_right_clock_starts_when_the_visitor_sent_however_late_it_arrives() {
        assert_eq!(clock_start(at(0), at(600), at(600)), at(0));
    }

    #[test]
    fn a_clock_that_is_an_hour_ahead_is_put_right() {
        assert_eq!(clock_start(at(60), at(90), at(30)), at(0));
    }

    #[test]
    fn nothing_starts_in_the_future_or_in_1970() {
        assert_eq!(clock_start(at(10), at(1), at(0)), at(0));
        assert_eq!(clock_start(Timestamp::UNIX_EPOCH, at(5), at(5)), at(5));
        assert_eq!(clock_start(Timestamp::MIN_UTC, Timestamp::MAX_UTC, at(5)), at(5));
    }

    #[test]
    fn a_digest_of_another_shape_is_none() {
        assert!(digest(&"ab".repeat(32)).is_some());
        for wrong in ["", "ab", &"ab".repeat(33), &"xy".repeat(32), &"a".repeat(63)] {
            assert!(digest(wrong).is_none(), "{wrong}");
        }
    }
}
