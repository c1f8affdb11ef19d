//! Following what was sent: what a visitor holds, what they are told, and why not.
//!
//! A question goes out with a ticket. It waits on a worker, never here; an answer whose ticket is not the
//! one that is waited for came after the visitor gave up or left, and is dropped. All of it belongs to the
//! session and overwrites itself.

use std::time::Duration;

use domain::receipt::{CaseNumber, ReceiptCode, TrackingToken};
use domain::wire::CaseStatus;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Seconds after which nobody waits any longer.
pub const PATIENCE_S: u8 = 10;

/// What opens a case: what stands on the receipt.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub enum Held {
    /// The QR code, scanned.
    Token(TrackingToken),
    /// The number and the code, typed.
    Number(#[zeroize(skip)] CaseNumber, ReceiptCode),
}

/// Whoever reads a log must not be able to open the case.
impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held(hidden)")
    }
}

/// Which question an answer is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticket(pub u64);

/// Why somebody was told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTold {
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

/// How far following has come in this visit.
#[derive(Default)]
pub struct Following {
    /// Whether the visitor tried to go on, so that what is missing may now be said.
    pub checked: bool,
    /// What was asked with, kept to ask again in another language.
    pub held: Option<Held>,
    /// The question that is under way, and for how many seconds it has been.
    pub waiting: Option<(Ticket, u8)>,
    /// What came back.
    pub told: Option<Box<CaseStatus>>,
    /// Why nothing did, and whether a scanner had read it.
    pub trouble: Option<Trouble>,
}

/// A question that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Why.
    pub why: NotTold,
    /// With what it was asked.
    pub with: Way,
    /// When it happened.
    pub at: domain::Timestamp,
}

/// How a receipt was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Scanned.
    Scanned,
    /// Typed.
    Typed,
}

impl Held {
    /// How it came here.
    pub fn way(&self) -> Way {
        match self {
            Self::Token(_) => Way::Scanned,
            Self::Number(..) => Way::Typed,
        }
    }
}
