//! Intake: what kiosks send, from the request to the case.
//!
//! A request passes load shedding, then the token check, then the size limit; only then its body is read.
//! Items are stored as they arrive and acknowledged; `opener` opens them afterwards.

pub(crate) mod batch_api;
mod clock_start;
mod item;
mod number;
pub(crate) mod opener;
pub(crate) mod quarantine_page;
#[cfg(test)]
mod tests;
pub(crate) mod work_signal;
