//! Intake: what kiosks send, from the request to the case that is made of it.
//!
//! A request passes the limits, then the token, then the size limit, and only then is its body read. What
//! arrives is kept as it came and acknowledged; `opener` opens it afterwards.

pub(crate) mod batch_api;
mod clock_start;
mod item;
mod number;
pub(crate) mod opener;
pub(crate) mod quarantine_page;
#[cfg(test)]
mod tests;
pub(crate) mod work_signal;
