//! What a reply tells about the server.

use domain::Timestamp;
use domain::wire::{BatchReply, Limits, MissingSeqs};

/// What a reply tells about the server, beside the results for single items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerReport {
    /// The server's clock.
    pub server_time: Timestamp,
    /// What the server accepts, if the reply can be trusted that far.
    pub limits: Option<Limits>,
    /// The gaps in what it has received.
    pub missing: Vec<MissingSeqs>,
    /// It does not know the item that it confirmed last: it lost data.
    pub newest_unknown: bool,
    /// How often staff have asked to retry what is quarantined.
    pub retries_requested: u64,
}

impl ServerReport {
    /// Nothing but the time.
    pub fn at(server_time: Timestamp) -> Self {
        Self { server_time, limits: None, missing: Vec::new(), newest_unknown: false, retries_requested: 0 }
    }

    /// What `reply` tells.
    pub fn of(reply: &BatchReply) -> Self {
        Self {
            server_time: reply.server_time,
            limits: Some(reply.limits),
            missing: reply.missing.clone(),
            newest_unknown: reply.newest_unknown,
            retries_requested: reply.retries_requested,
        }
    }
}
