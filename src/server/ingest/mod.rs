//! From sealed bytes to a case: pure steps on either side of the store.
//!
//! What arrives is read only as far as is needed to write it down: who, where in the count, which bytes.
//! It is kept as it arrived and acknowledged; [`opener`] looks into it afterwards. An envelope that cannot
//! be opened, or holds what this version cannot read, is set aside with the reason: the kiosk has done its
//! part, and a person can look at it.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::form::Answers;
use domain::id::{Epoch, KioskNumber, Seq, SubmissionId};
use domain::seal::{KeyId, PrivateKey};
use domain::submission::{Body, Submission};
use domain::wire::{Bytes, Limits, SealedItem};
use serde::Deserialize;

use crate::secret::Digest;

pub mod bell;
pub mod opener;
pub mod words;

/// The longest word that an item may have for its kind, or for its key.
const WORD: usize = 40;

/// A closed envelope, and what it was bound to when it was sealed.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// The kiosk's number when it was queued.
    pub kiosk: KioskNumber,
    /// Which outbox.
    pub epoch: Epoch,
    /// Place in that outbox's count.
    pub seq: Seq,
    /// Which key it is sealed to.
    pub key_id: KeyId,
    /// The bytes.
    pub sealed: Vec<u8>,
}

/// An item that can be written down.
#[derive(Clone, Debug)]
pub struct Incoming {
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
pub struct Odd {
    /// Chosen by the kiosk.
    pub id: SubmissionId,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The item, as it came.
    pub raw: String,
}

/// Why no case could be made of an envelope. The key is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetAside {
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
}

/// What tells a receipt of a case from any other.
#[derive(Clone, Copy, Debug)]
pub struct ReceiptDigests {
    /// Of the tracking token.
    pub token: Digest,
    /// Of the short code, salted.
    pub code: Digest,
}

/// What was found in an envelope.
#[derive(Debug)]
pub enum Judged {
    /// A submission, and the digests of its tracking token and of its receipt code.
    Case(Box<Submission>, ReceiptDigests),
    /// Nothing that a case could be made of.
    SetAside(SetAside),
}

impl Judged {
    /// The answers to a form in it, if it is that.
    pub fn answers(&self) -> Option<&Answers> {
        match self {
            Self::Case(said, _) => match &said.body {
                Body::Answers(answers) => Some(answers),
                Body::ServiceRequest => None,
            },
            Self::SetAside(_) => None,
        }
    }
}

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

impl SetAside {
    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown-key",
            Self::Unopenable => "unopenable",
            Self::Unreadable => "unreadable",
            Self::TokenTaken => "token-taken",
            Self::Failed => "failed",
        }
    }
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
    Incoming(Box<Incoming>),
    /// It can be kept whole.
    Odd(Odd),
    /// Sending it again would change nothing.
    Refused(SubmissionId, Refused),
}

impl Read {
    /// Which item.
    pub fn id(&self) -> SubmissionId {
        match self {
            Self::Incoming(item) => item.envelope.id,
            Self::Odd(odd) => odd.id,
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
            Ok(()) => Read::Incoming(Box::new(fields.into())),
            Err(why) => Read::Refused(fields.id, why),
        });
    }
    let Ok(bare) = serde_json::from_str::<Bare>(raw) else {
        let named: Nameable = serde_json::from_str(raw).ok()?;
        return Some(Read::Refused(named.id, Refused::Malformed));
    };
    Some(match admit(&bare.sealed.0, &bare.sha256, limits) {
        Ok(()) if raw.len() <= 2 * limits.max_item_bytes => {
            Read::Odd(Odd { id: bare.id, sha256: bare.sha256, raw: raw.to_owned() })
        }
        Ok(()) => Read::Refused(bare.id, Refused::TooLarge),
        Err(why) => Read::Refused(bare.id, why),
    })
}

impl From<Fields> for Incoming {
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

impl Envelope {
    /// What is in it, as the visitor said it.
    ///
    /// # Errors
    /// [`SetAside`], if it does not open or makes no sense.
    pub fn open(&self, key: &PrivateKey) -> Result<Submission, SetAside> {
        let context = SealedItem::context(self.kiosk, self.epoch, self.seq, self.id);
        let plain = key.open(&self.sealed, &context).map_err(|_| SetAside::Unopenable)?;
        serde_json::from_slice(&plain).map_err(|_| SetAside::Unreadable)
    }
}

/// Opens an envelope and reads it.
pub fn judge(envelope: &Envelope, key: Option<&PrivateKey>) -> Judged {
    let Some(key) = key else { return Judged::SetAside(SetAside::UnknownKey) };
    match envelope.open(key) {
        Ok(said) => match (digest(&said.token_digest), digest(&said.code_digest)) {
            (Some(token), Some(code)) => Judged::Case(Box::new(said), ReceiptDigests { token, code }),
            _ => Judged::SetAside(SetAside::Unreadable),
        },
        Err(reason) => Judged::SetAside(reason),
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
pub fn started_at(item: &Incoming, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
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
