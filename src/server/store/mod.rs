//! The store: everything that is kept, asked for in the words of the domain.
//!
//! Use cases are grouped by capability, such as [`Store::fleet`]; each runs in one transaction, audit entry
//! included, and a write is durable when its caller hears of it. Who goes first (people, then kiosks, then
//! what nobody waits for) is decided here, use case by use case. How it is kept is private: today in one
//! SQLite file. Nothing in a signature depends on that, or on there being one process.

pub mod accounts;
pub mod audit;
pub mod cases;
#[cfg(test)]
mod contract;
mod error;
pub mod fleet;
pub mod intake;
mod model;
pub mod publications;
mod sqlite;

use std::path::Path;

pub use error::{DatabaseError, StoreError};
pub use model::desk::{DeskSummary, SOON};
pub use model::name::{DisplayName, NameShape};
use sqlite::Sqlite;
pub use sqlite::backup::BackupError;
pub use sqlite::open::OpenError;
#[cfg(test)]
pub(crate) use sqlite::rows;

/// Looks at every page of the database at `path`, which takes about a second for each gigabyte.
///
/// # Errors
/// [`OpenError`] with the first fault.
pub fn check(path: &Path) -> Result<(), OpenError> {
    sqlite::open::check(&sqlite::open::open(path)?, path)
}

/// Copies the database at `path` to `to`, whole and of one moment, for the eyes of this account only. Answers
/// its bytes.
///
/// # Errors
/// [`BackupError`]; an existing file is not touched.
pub fn back_up(path: &Path, to: &Path) -> Result<u64, BackupError> {
    sqlite::backup::write(path, to)
}

/// Everything that is kept.
#[derive(Debug)]
pub struct Store {
    db: Sqlite,
}

impl Store {
    /// Opens the database at `path` for a server: brings it up to date, looks whether it is whole.
    ///
    /// # Errors
    /// [`OpenError`], which names the file.
    pub fn start(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { db: Sqlite::serve(path)? })
    }

    /// Opens the database at `path` for one command, beside a server or without one.
    ///
    /// # Errors
    /// [`OpenError`], which names the file.
    pub fn beside(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { db: Sqlite::beside(path)? })
    }

    /// Ends writing after everything that is waiting, and tidies the database.
    pub fn close(&self) {
        self.db.close();
    }
}
