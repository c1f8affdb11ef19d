//! How long to wait for what, and what of a server's wishes is obeyed to the letter.
//!
//! After the last fault a kiosk has emptied its queue within five minutes. Therefore no wait that it
//! chooses itself is longer than two and a half; a thousand kiosks whose server is down ask it seventeen
//! times a second between them.

use std::time::Duration;

use domain::id::CryptoRng;
use domain::wire::Limits;

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The first failure is followed by a wait of up to this; it doubles with every further one …
    pub base: Duration,
    /// … up to this.
    pub cap: Duration,
    /// The first contact after a start is at a random moment within this: after a power cut all kiosks of
    /// a chain start at once. A server that knows how many they are may name less; see [`Self::told`].
    pub first_contact: Duration,
    /// How often to ask a server that has turned this kiosk away.
    pub turned_away: Duration,
    /// The longest that a server can make the kiosk stay silent.
    pub longest_silence: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(5),
            cap: Duration::from_secs(120),
            first_contact: Duration::from_secs(120),
            turned_away: Duration::from_secs(150),
            longest_silence: Duration::from_secs(60 * 60),
        }
    }
}

impl Timing {
    /// The same, when the server once said within how many seconds of a start to call for the first time. A
    /// server cannot make it longer: whatever waits is to be gone within five minutes.
    pub fn told(self, first_contact: Option<Duration>) -> Self {
        let first_contact = first_contact.map_or(self.first_contact, |told| told.min(self.first_contact));
        Self { first_contact, ..self }
    }

    /// Exponential with full jitter, so that kiosks that failed together do not come back together:
    /// anything up to the cap or to `base` · 2ⁿ⁻¹ after the nth failure, and no less than a tenth of it.
    pub(super) fn backoff(&self, failures: u32, random: &mut impl CryptoRng) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
        up_to(ceiling, random).max(self.base / 10)
    }
}

/// A limit that a server means. One that would stop everything, or fill the memory, is not meant.
pub(super) fn sane(limits: Limits) -> Limits {
    Limits {
        max_items: limits.max_items.clamp(1, 1000),
        max_bytes: limits.max_bytes.clamp(16 * 1024, 8 * 1024 * 1024),
        max_item_bytes: limits.max_item_bytes,
    }
}

/// A random time, no longer than `longest`.
pub(super) fn up_to(longest: Duration, random: &mut impl CryptoRng) -> Duration {
    let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(random.next_u64() % (millis + 1))
}
