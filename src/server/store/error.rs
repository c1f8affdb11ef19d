//! Why the store could not do something, without a word about which database is behind it.

use std::error::Error;
use std::sync::Arc;

/// Why the store could not do what it was asked.
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
    /// Too many writes are waiting.
    #[error("the database has more to write than it can")]
    Busy,
    /// The server is going down.
    #[error("the database is closed")]
    Closed,
    /// The changes were made but could not be written to the disk.
    #[error("the database could not commit")]
    NotCommitted(#[source] Arc<DatabaseError>),
}

/// What the database said. It can be logged and shown, not matched: callers must not depend on its kind.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DatabaseError(Box<dyn Error + Send + Sync>);

impl DatabaseError {
    pub(super) fn new(cause: impl Error + Send + Sync + 'static) -> Self {
        Self(Box::new(cause))
    }
}
