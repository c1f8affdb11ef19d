//! Identifiers: kiosk numbers, epochs, sequence numbers and submission ids.
//!
//! A kiosk makes epochs, sequence numbers and ids without asking the server. All identifiers travel in the
//! clear and reveal nothing about the visitor. Randomness comes from the caller.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use hpke::rand_core::CryptoRng;

use crate::Timestamp;

/// The number of a kiosk in its mall, written `K3`.
///
/// The server assigns it at enrolment, from 1. Zero means that the kiosk is not enrolled yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct KioskNumber(u32);

impl KioskNumber {
    /// The number of a kiosk before enrolment.
    pub const NOT_ENROLLED: Self = Self(0);
    /// The highest number. Five digits keep a case number short enough to read aloud, and 17 bits fit into a
    /// tracking token. A sixth digit would make both longer on every kiosk.
    pub const HIGHEST: u32 = 99_999;

    /// The kiosk number `n`, if it is within 0 to [`Self::HIGHEST`].
    pub fn new(n: u32) -> Option<Self> {
        (n <= Self::HIGHEST).then_some(Self(n))
    }

    /// The number without the `K`.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for KioskNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "K{}", self.0)
    }
}

/// The text is not a kiosk number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a kiosk number; one looks like K3 and goes up to K99999")]
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

/// Which outbox database of a kiosk a submission came from. The first epoch on a disk is random; each further
/// one on the same disk is one higher.
///
/// A kiosk that lost its disk starts counting [`Seq`] again; the epoch distinguishes the two counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub u32);

/// The place of a submission in the count of its kiosk and epoch: 1, 2, 3 … without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

/// The id of a submission, a UUIDv7 that the kiosk makes. It makes sending idempotent: a repeated submission
/// never opens a second case.
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

    /// Kiosk numbers up to the highest read back; other texts are refused.
    #[test]
    fn kiosk_numbers_read_back() {
        for right in ["K0", "K12", "K99999"] {
            assert_eq!(right.parse::<KioskNumber>().unwrap().to_string(), right);
        }
        for wrong in ["", "K", "12", "K100000", "K-1", "K+1", "Kx"] {
            assert!(wrong.parse::<KioskNumber>().is_err(), "{wrong}");
        }
    }

    /// A submission id is a UUIDv7 and sorts by time.
    #[test]
    fn submission_ids_sort_by_time() {
        let mut random = rand::rngs::ChaCha20Rng::seed_from_u64(1);
        let at = |ms| Timestamp::from_timestamp_millis(ms).unwrap();
        let (early, late) = (SubmissionId::new(at(1), &mut random), SubmissionId::new(at(2), &mut random));
        assert_eq!(early.uuid().get_version_num(), 7);
        assert!(early < late);
    }
}
