//! Who sent what: kiosks, their epochs and sequence numbers, submissions.
//!
//! All of them are made on the kiosk without asking anybody, and all of them travel in the clear: they
//! say nothing about the visitor. The random part comes from the caller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use hpke::rand_core::CryptoRng;

use crate::Timestamp;

/// The number by which a mall calls one of its kiosks, written `K3`.
///
/// The server hands it out at enrolment, from 1. Zero is the kiosk that has not been enrolled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct KioskNumber(u32);

impl KioskNumber {
    /// A kiosk that no server knows yet.
    pub const NOT_ENROLLED: Self = Self(0);
    /// The highest number. Five digits keep a case number short enough to be read aloud, and 17 bits fit into
    /// a tracking token; the hundred-thousandth kiosk would make both longer for everybody.
    pub const HIGHEST: u32 = 99_999;

    /// The kiosk number `n`, if it is within 0 to [`Self::HIGHEST`].
    pub fn new(n: u32) -> Option<Self> {
        (n <= Self::HIGHEST).then_some(Self(n))
    }

    /// The bare number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for KioskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{}", self.0)
    }
}

/// A text that is no kiosk number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no kiosk number; one looks like K3 and goes up to K99999")]
pub struct NoKioskNumber(String);

impl FromStr for KioskNumber {
    type Err = NoKioskNumber;

    fn from_str(text: &str) -> Result<Self, NoKioskNumber> {
        let digits = text.strip_prefix(['K', 'k']).filter(|d| !d.is_empty() && !d.starts_with('+'));
        digits.and_then(|d| d.parse().ok()).and_then(Self::new).ok_or_else(|| NoKioskNumber(text.to_owned()))
    }
}

impl From<KioskNumber> for String {
    fn from(number: KioskNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for KioskNumber {
    type Error = NoKioskNumber;

    fn try_from(text: String) -> Result<Self, NoKioskNumber> {
        text.parse()
    }
}

/// Which outbox database of a kiosk a submission came from. The first one is drawn at random, each further
/// one on the same disk is one more.
///
/// A kiosk that lost its disk starts counting [`Seq`] again; the epoch tells the two counts apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u32);

/// The place of a submission in its kiosk's and epoch's count: 1, 2, 3 … without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// The id of a submission, a UUIDv7, made on the kiosk. Sending it again can never make a second case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubmissionId(Uuid);

impl SubmissionId {
    /// A new id: 48 bits of `now` in milliseconds and 74 random bits (RFC 9562, section 5.7).
    pub fn new(now: Timestamp, random: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 10];
        random.fill_bytes(&mut bytes);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid())
    }

    /// The id as a UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for SubmissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SubmissionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    /// A kiosk number reads back up to the highest, and refuses what is none.
    #[test]
    fn kiosk_numbers_read_back() {
        for right in ["K0", "K12", "K99999"] {
            assert_eq!(right.parse::<KioskNumber>().unwrap().to_string(), right);
        }
        for wrong in ["", "K", "12", "K100000", "K-1", "K+1", "Kx"] {
            assert!(wrong.parse::<KioskNumber>().is_err(), "{wrong}");
        }
    }

    /// A submission id is a uuid of version 7 that sorts by time.
    #[test]
    fn submission_ids_sort_by_time() {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
        let at = |ms| Timestamp::from_timestamp_millis(ms).unwrap();
        let (early, late) = (SubmissionId::new(at(1), &mut random), SubmissionId::new(at(2), &mut random));
        assert_eq!(early.uuid().get_version_num(), 7);
        assert!(early < late);
    }
}
