//! The data of a case lookup: the proof from a receipt, the id of the request, and the errors.

use std::time::Duration;

use domain::receipt::{CaseNumber, ReceiptCode, TrackingToken};
use zeroize::{Zeroize, ZeroizeOnDrop};

/// The longest wait for the server's answer, in seconds.
pub const PATIENCE_S: u8 = 10;

/// The proof that a visitor holds a receipt. It opens one case.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum ReceiptProof {
    /// The QR code, scanned.
    Token(TrackingToken),
    /// The number and the code, typed.
    Number(#[zeroize(skip)] CaseNumber, ReceiptCode),
}

/// A secret: a log must not reveal it.
impl std::fmt::Debug for ReceiptProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptProof(hidden)")
    }
}

/// How a receipt was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryMethod {
    /// With a scanner.
    Scanned,
    /// On a keyboard.
    Typed,
}

impl ReceiptProof {
    /// How this proof was entered.
    pub fn entry_method(&self) -> EntryMethod {
        match self {
            Self::Token(_) => EntryMethod::Scanned,
            Self::Number(..) => EntryMethod::Typed,
        }
    }
}

/// The id of a request. An answer with another id is late: the visitor has given up or left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RequestId(pub u64);

/// Why a lookup has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookupError {
    /// No server is configured, or it does not know this kiosk.
    NoServer,
    /// The server did not answer in time.
    NoNetwork,
    /// The server is overloaded.
    Busy,
    /// No receipt has this number with this code, or this token.
    Unknown,
    /// Too many wrong codes were tried. The next try is allowed after this time.
    TooMany(Duration),
}
