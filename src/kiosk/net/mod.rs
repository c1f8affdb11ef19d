//! HTTP towards the server: addresses, the client, replies and request errors.
//!
//! Sync, content and the case lookup ask through [`Client`]. The HTTP library is named in this room and
//! nowhere above it.

pub mod address;
pub mod client;
pub mod response;

pub use address::{NoProxyAddress, NoServerAddress, ProxyAddress, ServerAddress};
pub use client::{Client, Roots, RootsError, Timeouts};
pub use response::{RequestError, Response};
