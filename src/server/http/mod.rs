//! The frame of every request: who is calling, how much may come, what a refusal says.

pub mod bearer;
pub mod body;
pub mod caller;
pub mod files;
pub mod handshakes;
pub mod headers;
pub mod load_shedder;
pub mod problem;
pub mod rate_limiter;
pub mod tls;
