//! From sealed bytes to a case: pure steps, done before the store is asked to keep anything.
//!
//! What arrives is kept as it arrived, whatever is found here. An envelope that cannot be opened, or
//! holds what this version cannot read, is set aside with the reason and acknowledged all the same: the
//! kiosk has done its part, and a person can look at it later.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::seal::PrivateKey;
use domain::submission::Submission;
use domain::wire::{Item, Limits};

use crate::secret::Digest;

pub mod words;

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
}

/// What was found in an envelope.
#[derive(Debug)]
pub enum Judged {
    /// A submission, and the digest of its tracking token.
    Case(Box<Submission>, Digest),
    /// Nothing that a case could be made of.
    SetAside(SetAside),
}

/// Why an item will never be accepted as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Larger than the limit.
    TooLarge,
    /// Its hash is not that of its bytes.
    WrongHash,
}

/// An item that has been looked at.
#[derive(Debug)]
pub struct Arrival {
    /// As it came.
    pub item: Item,
    /// What is in it.
    pub judged: Judged,
    /// When its clocks start.
    pub started_at: Timestamp,
}

impl SetAside {
    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown-key",
            Self::Unopenable => "unopenable",
            Self::Unreadable => "unreadable",
            Self::TokenTaken => "token-taken",
        }
    }
}

impl Refused {
    /// The word for it in the reply.
    pub fn key(self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::WrongHash => "wrong-hash",
        }
    }
}

/// Checks what can be checked without opening.
///
/// # Errors
/// [`Refused`]: sending it again would change nothing.
pub fn admit(item: &Item, limits: &Limits) -> Result<(), Refused> {
    if item.sealed.0.len() > limits.max_item_bytes {
        return Err(Refused::TooLarge);
    }
    if Item::hash(&item.sealed.0) != item.sha256 {
        return Err(Refused::WrongHash);
    }
    Ok(())
}

/// Opens an envelope and reads it.
pub fn judge(item: &Item, key: Option<&PrivateKey>) -> Judged {
    let Some(key) = key else { return Judged::SetAside(SetAside::UnknownKey) };
    let context = Item::context(item.kiosk, item.epoch, item.seq, item.id);
    let Ok(plain) = key.open(&item.sealed.0, &context) else {
        return Judged::SetAside(SetAside::Unopenable);
    };
    let read: Result<Submission, _> = serde_json::from_slice(&plain);
    match read.ok().and_then(|said| Some((token_digest(&said.token_digest)?, said))) {
        Some((digest, said)) => Judged::Case(Box::new(said), digest),
        None => Judged::SetAside(SetAside::Unreadable),
    }
}

fn token_digest(hex: &str) -> Option<Digest> {
    let digits: Vec<u8> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    (digits.len() == 64).then_some(())?;
    bytes.try_into().ok().map(Digest)
}

/// A clock this far off is put right; less may be the time that the request took.
const TOLERATED: TimeDelta = TimeDelta::minutes(2);

/// When the clocks of a submission start: when the visitor sent it, by the server's time.
///
/// The kiosk's clock may be wrong. How wrong is seen from when it says that it sent the batch. Nothing
/// starts in the future, and a kiosk that believed it was 1970 is given the time of arrival.
pub fn clock_start(created_at: Timestamp, sent_at: Timestamp, received_at: Timestamp) -> Timestamp {
    let skew = sent_at - received_at;
    let corrected =
        if skew.abs() > TOLERATED { created_at.checked_sub_signed(skew) } else { Some(created_at) };
    let oldest = received_at - TimeDelta::days(400);
    match corrected {
        Some(start) if start <= received_at && start >= oldest => start,
        _ => received_at,
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
        assert!(token_digest(&"ab".repeat(32)).is_some());
        for wrong in ["", "ab", &"ab".repeat(33), &"xy".repeat(32), &"a".repeat(63)] {
            assert!(token_digest(wrong).is_none(), "{wrong}");
        }
    }
}
