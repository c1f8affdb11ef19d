//! Errors of the outbox.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::identity;

/// Why an operation of the outbox failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// The disk fails, or is read-only.
    #[error("the disk failed")]
    Disk(#[source] rusqlite::Error),
    /// Another process is using the database.
    #[error("the outbox is busy")]
    Busy(#[source] rusqlite::Error),
    /// The database was damaged while the program was running. The next start moves it aside.
    #[error("the outbox is damaged: {0}")]
    Damaged(String),
    /// Any other database error.
    #[error("the outbox failed")]
    Database(#[source] rusqlite::Error),
    /// A file or folder cannot be used.
    #[error("{} cannot be used", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        source: std::io::Error,
    },
    /// The new epoch could not be recorded.
    #[error(transparent)]
    Identity(#[from] identity::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(cause: rusqlite::Error) -> Self {
        match cause.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(cause),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy(cause),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(cause.to_string()),
            Some(
                ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied,
            ) => Self::Disk(cause),
            _ => Self::Database(cause),
        }
    }
}

impl Error {
    /// Whether the same call may succeed later without any repair.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}
