//! What a batch reply says about the server.

use domain::Timestamp;
use domain::wire::{BatchReply, Limits, MissingSeqs};

/// What a batch reply says about the server, without the results of the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerReport {
    /// The server's clock.
    pub server_time: Timestamp,
    /// The limits that the server accepts, if the reply can be trusted that far.
    pub limits: Option<Limits>,
    /// The gaps in the sequence that the server has.
    pub missing: Vec<MissingSeqs>,
    /// The server does not know the last delivered item: it has lost data.
    pub newest_unknown: bool,
    /// How often staff have asked to retry the quarantined items.
    pub retries_requested: u64,
}

impl ServerReport {
    /// A report with only the time.
    pub fn at(server_time: Timestamp) -> Self {
        Self { server_time, limits: None, missing: Vec::new(), newest_unknown: false, retries_requested: 0 }
    }

    /// The report in `reply`.
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
