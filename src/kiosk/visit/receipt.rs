//! The receipt that a visitor has just left. They can call it back for a minute, as long as the visit lasts.

use crate::outbox::Receipt;

/// How long a receipt can be called back, in seconds.
const KEPT_S: u8 = 60;

/// A receipt that was left, and the time that remains to call it back.
pub struct LeftReceipt {
    pub receipt: Box<Receipt>,
    /// Remaining time in seconds, 1 to 60.
    pub seconds: u8,
}

impl LeftReceipt {
    /// A receipt that is left now.
    pub fn new(receipt: Box<Receipt>) -> Self {
        Self { receipt, seconds: KEPT_S }
    }

    /// The same receipt one second later; none when its time is over.
    pub fn after_a_second(self) -> Option<Self> {
        let seconds = self.seconds.checked_sub(1).filter(|left| *left > 0)?;
        Some(Self { seconds, ..self })
    }
}
