//! The outbox: submissions that are safe on this disk and not yet on the server.
//!
//! One enters, sealed, in the transaction that ends a visitor's form; only when that transaction is synced
//! does the visitor get a [`Receipt`]. It leaves when the server has said that it stored the same bytes.
//! What the server refuses for good goes into quarantine, where it stays until a person decides.
//! Nothing here is ever deleted for any other reason, and a database that cannot be read is moved aside.
//!
//! Invariant: this module opens no socket, and no word of a visitor reaches the disk unsealed.

mod database;
mod quarantine;
mod queue;
mod salvage;
mod settle;

use std::fmt;
use std::path::{Path, PathBuf};

use domain::Timestamp;
use domain::id::Epoch;
use domain::wire::{Item, Limits};
use rusqlite::{Connection, ErrorCode};

use crate::identity::{self, Identity};

pub use quarantine::Quarantined;
pub use queue::{Receipt, Said};
pub use settle::{Count, Settlement};

/// Why the outbox could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no room on the disk.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// The disk does not read or write as it should, or may not be written.
    #[error("the disk failed")]
    Disk(#[source] rusqlite::Error),
    /// Another program is using the database.
    #[error("the outbox is busy")]
    Busy(#[source] rusqlite::Error),
    /// The database broke while the program was running. Opening it again moves it aside.
    #[error("the outbox is damaged: {0}")]
    Damaged(String),
    /// Something else is wrong with the database.
    #[error("the outbox failed")]
    Database(#[source] rusqlite::Error),
    /// A file or folder beside it cannot be touched.
    #[error("{} cannot be used", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
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
    /// Whether the same call may succeed later without anyone doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}

/// Something that whoever looks after the kiosk should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The database could not be read. A new one was begun.
    MovedAside {
        /// The folder in which it lies now.
        to: PathBuf,
        /// What was wrong with it.
        reason: String,
        /// How many waiting submissions could be carried over into the new one.
        carried_over: u64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::MovedAside { to, reason, carried_over } = self;
        write!(
            f,
            "the outbox could not be read ({reason}). It lies in {} now and was not changed; \
             {carried_over} waiting submissions were carried over into a new one",
            to.display()
        )
    }
}

/// The submissions of this kiosk that are not on the server yet.
pub struct Outbox {
    folder: PathBuf,
    db: Connection,
    epoch: Epoch,
    trust: Trust,
}

/// Whether what SQLite believes to be on the disk is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Sound,
    /// A write or a sync failed. The kernel may have dropped the pages and call them clean all the same
    /// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
    Doubtful,
}

impl Outbox {
    /// Opens the outbox in `folder`, or makes one. One that cannot be read is moved aside first.
    ///
    /// # Errors
    /// [`Error`]: the disk is full, fails or may not be written. Nothing is lost then, and nothing can be
    /// taken in.
    pub fn open(
        folder: &Path,
        identity: &mut Identity,
        now: Timestamp,
    ) -> Result<(Self, Vec<Notice>), Error> {
        let mut notices = Vec::new();
        let aside = match database::examine(folder)? {
            database::State::Sound(db, epoch) => {
                identity.acknowledge_epoch(epoch)?;
                return Ok((Self::new(folder, db, epoch), notices));
            }
            database::State::Unreadable(reason) => Some((database::move_aside(folder, now)?, reason)),
            database::State::Missing => None,
        };
        let epoch = identity.begin_epoch()?;
        let mut db = database::create(folder, epoch)?;
        if let Some((to, reason)) = aside {
            let carried_over = salvage::carry_over(&to, &mut db)?;
            notices.push(Notice::MovedAside { to, reason, carried_over });
        }
        Ok((Self::new(folder, db, epoch), notices))
    }

    fn new(folder: &Path, db: Connection, epoch: Epoch) -> Self {
        Self { folder: folder.to_owned(), db, epoch, trust: Trust::Sound }
    }

    /// Which count this outbox keeps.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How many submissions have not reached the server.
    ///
    /// # Errors
    /// [`Error`].
    pub fn waiting(&self) -> Result<u64, Error> {
        Ok(self.db.query_row("select count(*) from waiting", (), |row| row.get(0))?)
    }

    /// What to send next, oldest first, within `limits`; at least one item if any is waiting.
    ///
    /// Items that the server has put off or refused come after all others: no item blocks another.
    ///
    /// # Errors
    /// [`Error`].
    pub fn next_batch(&self, limits: &Limits) -> Result<Vec<Item>, Error> {
        let mut query = self.db.prepare_cached(
            "select id, kiosk, epoch, seq, kind, created_at, key_id, sha256, sealed
             from waiting order by setbacks, epoch, seq limit ?1",
        )?;
        let most = i64::try_from(limits.max_items.max(1)).unwrap_or(i64::MAX);
        let mut rows = query.query([most])?;
        let (mut batch, mut bytes) = (Vec::new(), BATCH_FRAME_BYTES);
        while let Some(row) = rows.next()? {
            let item = queue::item(row)?;
            bytes += wire_length(&item);
            if bytes > limits.max_bytes && !batch.is_empty() {
                break;
            }
            batch.push(item);
        }
        batch.sort_by_key(|item| (item.epoch, item.seq));
        Ok(batch)
    }

    /// The connection to write with. After a failed write the file is closed, opened and checked anew.
    fn writer(&mut self) -> Result<&mut Connection, Error> {
        if self.trust == Trust::Doubtful {
            self.db = Connection::open_in_memory()?;
            match database::examine(&self.folder)? {
                database::State::Sound(db, epoch) if epoch == self.epoch => self.db = db,
                database::State::Sound(..) | database::State::Missing => {
                    return Err(Error::Damaged("another database lies in its place".to_owned()));
                }
                database::State::Unreadable(reason) => return Err(Error::Damaged(reason)),
            }
            self.trust = Trust::Sound;
        }
        Ok(&mut self.db)
    }

    /// Passes `outcome` on, and remembers if the disk cannot be trusted any more.
    fn noting<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
        if let Err(Error::Disk(_) | Error::Full(_) | Error::Damaged(_)) = outcome {
            self.trust = Trust::Doubtful;
        }
        outcome
    }
}

/// More than `{"sent_at":…,"items":[…],"waiting":…}` takes without its items.
const BATCH_FRAME_BYTES: usize = 128;
/// More than the clear fields of an item take, with their names and the comma after it.
const ITEM_FRAME_BYTES: usize = 384;

/// No fewer bytes than the item takes in the body of a request.
fn wire_length(item: &Item) -> usize {
    ITEM_FRAME_BYTES + item.sealed.0.len().div_ceil(3) * 4
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox(epoch {})", self.epoch.0)
    }
}

#[cfg(test)]
mod tests;
