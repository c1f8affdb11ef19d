//! The state of the case lookup in this visit.
//!
//! A worker waits for the server, not this module. The proof and the answer belong to the visit and overwrite
//! themselves.

use domain::wire::CaseStatus;

use crate::case_lookup::{EntryMethod, LookupError, ReceiptProof, RequestId};

/// A case lookup, from the fields to the answer.
#[derive(Default)]
pub struct CaseLookup {
    /// Whether the visitor pressed the primary button, so that errors are shown.
    pub checked: bool,
    /// The proof of the last request, kept to repeat it in another language.
    pub proof: Option<ReceiptProof>,
    /// The running request, and how many seconds it has been running.
    pub waiting: Option<(RequestId, u8)>,
    /// The server's answer.
    pub status: Option<Box<CaseStatus>>,
    /// Why there is no answer.
    pub failure: Option<LookupFailure>,
}

/// A failed request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupFailure {
    pub why: LookupError,
    /// How the receipt was entered.
    pub with: EntryMethod,
    pub at: domain::Timestamp,
}
