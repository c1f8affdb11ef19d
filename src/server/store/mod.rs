//! The store: all persistent data, behind use cases in the terms of the domain.
//!
//! Use cases are grouped by capability, such as [`Store::fleet`]. Each runs in one transaction, audit entry
//! included, and a write is durable when its caller gets the result. Each use case has a priority: people
//! before kiosks before background work. The storage is private: today it is one SQLite file. No signature
//! depends on that, or on there being one process.

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

use domain::Timestamp;

pub use error::{DatabaseError, StoreError, WriteFault};
pub use model::desk::{DeskSummary, SOON};
pub use model::moment::BELIEVED_AHEAD;
pub use model::name::{DisplayName, NameShape};
use sqlite::Sqlite;
pub use sqlite::backup::BackupError;
pub use sqlite::open::OpenError;
pub use sqlite::restore::{Contents, RestoreError, Restored};
#[cfg(test)]
pub(crate) use sqlite::rows;

/// Checks every page of the database at `path`, which takes about a second for each gigabyte.
///
/// # Errors
/// [`OpenError`] with the first fault.
pub fn check(path: &Path) -> Result<(), OpenError> {
    sqlite::open::check(&sqlite::open::open(path)?, path)
}

/// Copies the database at `path` to `to`, as of one moment. Only this account may read the copy. Returns its
/// size in bytes.
///
/// # Errors
/// [`BackupError`]; an existing file is not touched.
pub fn back_up(path: &Path, to: &Path) -> Result<u64, BackupError> {
    sqlite::backup::write(path, to)
}

/// Puts a copy of `backup` in the place of the database at `path`, on which no server runs. The old one is moved aside.
///
/// # Errors
/// [`RestoreError`]; the database is as it was.
pub fn put_back(path: &Path, backup: &Path, now: Timestamp) -> Result<Restored, RestoreError> {
    sqlite::restore::put_back(path, backup, now)
}

/// A handle to the persistent data.
#[derive(Debug)]
pub struct Store {
    db: Sqlite,
}

impl Store {
    /// Opens the database at `path` for a server: migrates it, and checks its pages.
    ///
    /// # Errors
    /// [`OpenError`], which names the file.
    pub fn open_for_server(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { db: Sqlite::open_for_server(path)? })
    }

    /// Opens the database at `path` for one command, beside a server or without one.
    ///
    /// # Errors
    /// [`OpenError`], which names the file.
    pub fn open_for_command(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { db: Sqlite::open_for_command(path)? })
    }

    /// See [`sqlite::leave_no_room`].
    #[cfg(test)]
    pub(crate) async fn leave_no_room(&self) -> Result<(), StoreError> {
        self.db.write(sqlite::leave_no_room).await
    }

    /// Whether anything can be read.
    ///
    /// # Errors
    /// [`StoreError`], as a page would get it.
    pub async fn try_reading(&self) -> Result<(), StoreError> {
        self.db.read(|db| sqlite::kiosks::fleet(db).map(|_| ())).await
    }

    /// Whether anything can be written: writes something small.
    ///
    /// # Errors
    /// [`StoreError`], as whoever saves something would get it.
    pub async fn try_writing(&self, now: Timestamp) -> Result<(), StoreError> {
        self.db.write(move |db| sqlite::try_disk(db, now)).await
    }

    /// Does the writes that are waiting, refuses new ones, and optimises the database.
    pub fn close(&self) {
        self.db.close();
    }
}
