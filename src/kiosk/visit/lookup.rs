//! How far asking after a case has come in this visit.
//!
//! A request waits on a worker, never here. What opens the case and what the server answered belong to the
//! visit and overwrite themselves.

use domain::wire::CaseStatus;

use crate::case_lookup::{EntryMethod, LookupError, ReceiptProof, RequestId};

/// A case lookup, from the fields to the answer.
#[derive(Default)]
pub struct CaseLookup {
    /// Whether the visitor tried to go on, so that what is missing may now be said.
    pub checked: bool,
    /// What was asked with, kept to ask again in another language.
    pub proof: Option<ReceiptProof>,
    /// The request that is under way, and for how many seconds it has been.
    pub waiting: Option<(RequestId, u8)>,
    /// The server's answer.
    pub status: Option<Box<CaseStatus>>,
    /// Why there is none.
    pub failure: Option<LookupFailure>,
}

/// A request that was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookupFailure {
    pub why: LookupError,
    /// With what it was asked.
    pub with: EntryMethod,
    pub at: domain::Timestamp,
}
