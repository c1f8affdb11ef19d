//! Waits, and the bounds for the limits that a server sets.
//!
//! A kiosk must empty its queue within five minutes after the last fault, so no wait that it chooses itself
//! is longer than two and a half minutes. A thousand kiosks whose server is down then send seventeen requests
//! a second in all.

use std::time::Duration;

use domain::id::CryptoRng;
use domain::wire::Limits;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// The backoff ceiling after the first failure. It doubles with each further failure.
    pub base: Duration,
    /// The highest backoff ceiling.
    pub cap: Duration,
    /// The first contact after a start is at a random moment within this time, because after a power cut all
    /// kiosks of a mall start at once. A server that knows their number may shorten it, see
    /// [`Self::with_first_contact`].
    pub first_contact: Duration,
    /// The interval between attempts at a server that refuses this kiosk.
    pub when_refused: Duration,
    /// The longest time that a server can keep the kiosk silent.
    pub max_silence: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            base: Duration::from_secs(5),
            cap: Duration::from_secs(120),
            first_contact: Duration::from_secs(120),
            when_refused: Duration::from_secs(150),
            max_silence: Duration::from_secs(60 * 60),
        }
    }
}

impl Timing {
    /// This timing with the first contact that the server asked for, if it did. The server can only shorten
    /// it.
    pub fn with_first_contact(self, asked: Option<Duration>) -> Self {
        let first_contact = asked.map_or(self.first_contact, |asked| asked.min(self.first_contact));
        Self { first_contact, ..self }
    }

    /// Exponential backoff with full jitter, so that kiosks that failed together do not retry together: a
    /// random time up to min(`cap`, `base` · 2ⁿ⁻¹) after the nth failure, but at least `base` / 10.
    pub(super) fn backoff(&self, failures: u32, random: &mut impl CryptoRng) -> Duration {
        let doublings = failures.saturating_sub(1).min(20);
        let ceiling = self.base.saturating_mul(1 << doublings).min(self.cap);
        up_to(ceiling, random).max(self.base / 10)
    }
}

/// The server's limits, clamped so that they neither stop the queue nor fill the memory.
pub(super) fn sane(limits: Limits) -> Limits {
    Limits {
        max_items: limits.max_items.clamp(1, 1000),
        max_bytes: limits.max_bytes.clamp(16 * 1024, 8 * 1024 * 1024),
        max_item_bytes: limits.max_item_bytes,
    }
}

/// A random time of at most `longest`.
pub(super) fn up_to(longest: Duration, random: &mut impl CryptoRng) -> Duration {
    let millis = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(random.next_u64() % (millis + 1))
}
