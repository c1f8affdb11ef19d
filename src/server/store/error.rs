//! Errors of the store. They hide which database is behind it.

use std::error::Error;
use std::sync::Arc;

/// Why a use case of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed")]
    Database(#[source] DatabaseError),
    /// A stored value is not what this program writes.
    #[error("the database holds a {what} that this version does not understand")]
    Unreadable {
        /// What it should have been.
        what: &'static str,
    },
    /// Too many writes are waiting, or no connection for a read became free in time.
    #[error("the database has more to write than it can")]
    Busy,
    /// The store is closed, because the server stops.
    #[error("the database is closed")]
    Closed,
    /// The changes were made but could not be written to the disk.
    #[error("the database could not commit")]
    NotCommitted(#[source] Arc<DatabaseError>),
}

/// The error of the database. It can be logged and shown, but not matched: callers must not depend on its
/// kind.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(Box<dyn Error + Send + Sync>);

impl DatabaseError {
    pub(super) fn new(cause: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(cause))
    }
}
