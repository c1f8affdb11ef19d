//! Intake: what kiosks send, from the request to the case that is made of it.
//!
//! A request passes the limits, then the token, then the size limit, and only then is its body read. What
//! arrives is kept as it came and acknowledged; [`opener`] opens it afterwards.

pub mod batch_api;
pub mod item;
mod number;
pub mod opener;
pub mod quarantine_page;
#[cfg(test)]
mod tests;
pub mod work_signal;
