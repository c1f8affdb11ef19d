//! Asking the server what became of a case: what opens it, which request it is, and why there is no answer.

use std::time::Duration;

use domain::receipt::{CaseNumber, ReceiptCode, TrackingToken};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Seconds after which nobody waits any longer.
pub const PATIENCE_S: u8 = 10;

/// What opens a case: what stands on the receipt.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum ReceiptProof {
    /// The QR code, scanned.
    Token(TrackingToken),
    /// The number and the code, typed.
    Number(#[zeroize(skip)] CaseNumber, ReceiptCode),
}

/// Nobody who reads a log may open the case.
impl std::fmt::Debug for ReceiptProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptProof(hidden)")
    }
}

/// How a receipt was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryMethod {
    /// By a scanner.
    Scanned,
    /// On a keyboard.
    Typed,
}

impl ReceiptProof {
    /// How it came here.
    pub fn entry_method(&self) -> EntryMethod {
        match self {
            Self::Token(_) => EntryMethod::Scanned,
            Self::Number(..) => EntryMethod::Typed,
        }
    }
}

/// Which request an answer is for. One that is not waited for any more came after the visitor gave up or left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub u64);

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// No server is named, or it does not know this kiosk.
    NoServer,
    /// It did not answer in time.
    NoNetwork,
    /// It has too much to do.
    Busy,
    /// No receipt has this number with this code, or this QR code.
    Unknown,
    /// Too many wrong codes were tried; wait for so long.
    TooMany(Duration),
}
