//! Errors of the store. They hide which database is behind it.

use std::error::Error;
use std::sync::Arc;

/// What keeps the database from writing, while it can still be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFault {
    /// There is no room left on the disk.
    DiskFull,
    /// The disk refuses, such as one that failed or may only be read.
    Refused,
}

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

impl StoreError {
    /// What kept the database from writing, if it was that.
    pub fn write_fault(&self) -> Option<WriteFault> {
        match self {
            Self::Database(cause) => cause.write_fault,
            Self::NotCommitted(cause) => Some(cause.write_fault.unwrap_or(WriteFault::Refused)),
            Self::Unreadable { .. } | Self::Busy | Self::Closed => None,
        }
    }
}

/// The error of the database. It can be logged and shown, but not matched: callers must not depend on its
/// kind.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct DatabaseError {
    cause: Box<dyn Error + Send + Sync>,
    write_fault: Option<WriteFault>,
}

impl DatabaseError {
    pub(super) fn new(cause: impl Error + Send + Sync + 'static, write_fault: Option<WriteFault>) -> Self {
        Self { cause: Box::new(cause), write_fault }
    }
}
