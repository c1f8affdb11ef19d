//! The HTTP side of the kiosk: addresses, the client, replies and request errors.
//!
//! Sync, content and the case lookup send their requests through [`Client`]. No other module uses the HTTP
//! library.

pub mod address;
pub mod client;
pub mod response;

pub use address::{NoProxyAddress, NoServerAddress, ProxyAddress, ServerAddress};
pub use client::{Client, Roots, RootsError, Timeouts};
pub use response::{RequestError, Response};
