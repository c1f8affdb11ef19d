//! The HTTP side of the kiosk: addresses, the client, replies and request errors.
//!
//! Sync, content and the case lookup send their requests through [`Client`]. No other module uses the HTTP
//! library.

pub mod address;
pub mod client;
pub mod download;
pub mod network;
pub mod response;
pub mod roots;

pub use address::{NoProxyAddress, NoServerAddress, ProxyAddress, PublicUrl, ServerAddress};
pub use client::{Client, Timeouts};
pub use download::Download;
pub use network::Network;
pub use response::{RequestError, Response};
pub use roots::{Roots, RootsError};
