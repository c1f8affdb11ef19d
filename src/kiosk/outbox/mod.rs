//! The outbox: submissions that are safe on this disk and not yet on the server.
//!
//! One enters, sealed, in the transaction that ends a visitor's form; only when that transaction is synced
//! does the visitor get a [`Receipt`]. It is done with when the server has said that it stored the same
//! bytes, and stays for a week after that, in case the server has to be restored from a backup.
//! What the server refuses for good goes into quarantine, where it stays until the reason goes away.
//! Nothing here is ever deleted for any other reason, and a database that cannot be read is moved aside.
//!
//! Invariant: this module opens no socket, and no word of a visitor reaches the disk unsealed.

mod alarms;
mod batch;
mod database;
mod delivered;
mod quarantine;
mod queue;
mod salvage;
mod schema;
mod settle;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::id::{CryptoRng, Epoch};
use domain::seal::Sealer;
use domain::wire::Limits;
use rusqlite::{Connection, ErrorCode};

use self::alarms::Alarms;
use crate::identity::{self, Identity};

pub use batch::{Turn, Waiting};
pub use quarantine::Quarantined;
pub use queue::{Receipt, Said};
pub use settle::{Count, News, Settlement};

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
    run: u32,
    /// How long this run of the program has lasted.
    clock: Uptime,
    trust: Trust,
    alarms: Alarms,
    /// What the server said last that it takes.
    limits: Option<Limits>,
    /// For the next visitor, see [`Self::make_ready`].
    sealer: Option<Sealer>,
}

/// Says how long the program has run, by a clock that nobody sets.
pub type Uptime = Box<dyn Fn() -> Duration + Send>;

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
    /// A kiosk that was enrolled under another number since then begins another count.
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
            database::State::Sound(db, count) => {
                identity.acknowledge_epoch(count.epoch)?;
                let run = count.run.wrapping_add(1);
                database::begin_run(&db, run)?;
                let mut outbox = Self::new(folder, db, count.epoch, run, now);
                if count.kiosk != identity.kiosk() {
                    outbox.begin_count(identity)?;
                }
                return Ok((outbox, notices));
            }
            database::State::Unreadable(reason) => Some((database::move_aside(folder, now)?, reason)),
            database::State::Missing => None,
        };
        let epoch = identity.begin_epoch()?;
        let mut db = database::create(folder, epoch, identity.kiosk())?;
        if let Some((to, reason)) = aside {
            let carried_over = salvage::carry_over(&to, &mut db)?;
            notices.push(Notice::MovedAside { to, reason, carried_over });
        }
        Ok((Self::new(folder, db, epoch, 0, now), notices))
    }

    /// The folder it lies in, which is the kiosk's own.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn new(folder: &Path, db: Connection, epoch: Epoch, run: u32, now: Timestamp) -> Self {
        database::set_reserve_aside(folder);
        let began = Instant::now();
        Self {
            folder: folder.to_owned(),
            db,
            epoch,
            run,
            clock: Box::new(move || began.elapsed()),
            trust: Trust::Sound,
            alarms: Alarms::begin(folder, now),
            limits: None,
            sealer: None,
        }
    }

    /// Counts the time of this run by another clock: a simulation has its own.
    pub fn count_time_by(&mut self, clock: Uptime) {
        self.clock = clock;
    }

    /// Begins another count, because the kiosk has another number now.
    ///
    /// # Errors
    /// [`Error`]; the next start of the program makes up for it.
    pub fn begin_count(&mut self, identity: &mut Identity) -> Result<(), Error> {
        let epoch = identity.begin_epoch()?;
        self.switch_to(epoch, identity)
    }

    /// Begins another count far away from this one, because another disk counts under the same epoch. It
    /// may be told so as well.
    ///
    /// # Errors
    /// [`Error`]; the server says it again.
    pub fn begin_count_apart(
        &mut self,
        identity: &mut Identity,
        random: &mut impl CryptoRng,
    ) -> Result<(), Error> {
        let epoch = identity.begin_epoch_apart(random)?;
        self.switch_to(epoch, identity)
    }

    fn switch_to(&mut self, epoch: Epoch, identity: &Identity) -> Result<(), Error> {
        let kiosk = identity.kiosk();
        let outcome = self.in_one_transaction(|db| database::begin_count(db, epoch, kiosk));
        self.noting(outcome)?;
        self.epoch = epoch;
        Ok(())
    }

    /// Which count this outbox keeps.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Puts the database in order after something was written, which nobody should wait for.
    ///
    /// # Errors
    /// [`Error`]; nothing is lost, and it is done the next time.
    pub fn tidy(&mut self) -> Result<(), Error> {
        let outcome = self.writer().and_then(|db| Ok(database::tidy(db)?));
        self.noting(outcome)
    }

    /// The connection to write with. After a failed write the file is closed, opened and checked anew.
    fn writer(&mut self) -> Result<&mut Connection, Error> {
        if self.trust == Trust::Doubtful {
            self.db = Connection::open_in_memory()?;
            match database::examine(&self.folder)? {
                database::State::Sound(db, count) if count.epoch == self.epoch => self.db = db,
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
        if let Err(error @ (Error::Disk(_) | Error::Full(_) | Error::Damaged(_))) = &outcome {
            self.trust = Trust::Doubtful;
            self.alarms.raise(error);
        }
        outcome
    }
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Outbox(epoch {})", self.epoch.0)
    }
}

#[cfg(test)]
mod tests;
