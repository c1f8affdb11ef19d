//! The store: one SQLite database, one writer, several readers.
//!
//! What is asked of it are plain functions on a connection, one question each, in the files beside this
//! one; they are tested without threads. [`Store`] runs them: writes go one after the other through a
//! single thread that commits many of them together, reads run beside it on connections of their own.
//! A write has been synced to the disk before its caller hears of it.

pub mod audit;
pub mod backup;
pub mod cases;
pub mod content;
pub mod counts;
pub mod forms;
pub mod intake;
pub mod kiosks;
mod lanes;
pub mod ledger;
pub mod open;
mod pool;
pub mod quarantine;
pub mod sessions;
pub mod staff;
pub mod unopened;
mod writer;

use std::path::Path;

use domain::Timestamp;
use rusqlite::Connection;
use tokio::sync::watch;

use lanes::Lane;
pub use open::open;

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused or failed.
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
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
    #[error("the database could not commit: {0}")]
    NotCommitted(String),
}

/// Readers for people. More than there are cores would only wait for each other.
const FOR_PEOPLE: usize = 3;
/// Readers for kiosks, so that ten thousand of them never stand before a person.
const FOR_KIOSKS: usize = 2;

/// A running store.
#[derive(Debug)]
pub struct Store {
    writer: writer::Writer,
    for_people: pool::Readers,
    for_kiosks: pool::Readers,
}

/// A write that is under way.
#[derive(Debug)]
pub struct Pending<T>(writer::Answer<T>);

impl<T> Pending<T> {
    /// Waits on a thread that may block. The write is durable when this returns `Ok`.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn wait(self) -> Result<T, StoreError> {
        self.0.blocking_recv().map_err(|_| StoreError::Closed)?
    }
}

impl Store {
    /// Opens the database at `path`, brings it up to date, looks whether it is whole, and starts the writer.
    ///
    /// # Errors
    /// [`open::OpenError`], which names the file.
    pub fn start(path: &Path) -> Result<Self, open::OpenError> {
        let connection = open(path)?;
        open::check(&connection, path)?;
        let for_people = pool::Readers::open(path, FOR_PEOPLE)?;
        let for_kiosks = pool::Readers::open(path, FOR_KIOSKS)?;
        Ok(Self { writer: writer::Writer::start(connection), for_people, for_kiosks })
    }

    /// Runs `job` in a write transaction, before anything that kiosks sent. It is durable when this returns
    /// `Ok`.
    ///
    /// # Errors
    /// What the job returned, after undoing it; [`StoreError`] when it could not be run or committed.
    pub async fn write<T, J>(&self, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.put(Lane::People, 1, job)?.await.map_err(|_| StoreError::Closed)?
    }

    /// Like [`Self::write`], for what a kiosk sent: about `rows` of it. Comes after what people do.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn take_in<T, J>(&self, rows: usize, job: J) -> Result<T, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.put(Lane::Kiosks, rows, job)?.await.map_err(|_| StoreError::Closed)?
    }

    /// Begins a write that nobody waits for, one of which is done in each commit.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Closed`].
    pub fn begin_later<T, J>(&self, rows: usize, job: J) -> Result<Pending<T>, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.writer.put(Lane::Later, rows, job).map(Pending)
    }

    /// Runs `question` on a consistent view of what is committed, for somebody at a screen.
    ///
    /// # Errors
    /// What the question returned.
    pub async fn read<T, Q>(&self, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.for_people.run(question).await
    }

    /// Like [`Self::read`], for a kiosk, and on connections that only kiosks use.
    ///
    /// # Errors
    /// What the question returned.
    pub async fn read_for_kiosk<T, Q>(&self, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.for_kiosks.run(question).await
    }

    /// The id of the newest event of any case; changes when something happens.
    pub fn events(&self) -> watch::Receiver<i64> {
        self.writer.events()
    }

    /// Ends the writer after everything that is waiting, and tidies the database.
    pub fn close(&self) {
        self.writer.close();
    }
}

/// A moment as it is stored.
pub(crate) fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A stored moment. What is out of range was not stored by this program; it reads as 1970.
pub(crate) fn moment(millis: i64) -> Timestamp {
    Timestamp::from_timestamp_millis(millis).unwrap_or_default()
}

/// A stored number of things.
pub(crate) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
