//! The outbox: submissions that are safe on this disk and not yet on the server.
//!
//! An item enters, sealed, in the transaction that ends a visitor's form; then the visitor gets a
//! [`Receipt`]. It is delivered when the server has confirmed that it stored the same bytes. It stays for a
//! week after that, in case the server is restored from a backup. An item that the server refuses is
//! quarantined and tried again later. An item is deleted only after its delivery, and an unreadable database
//! is moved aside.
//!
//! Invariant: this module opens no socket, and no text of a visitor reaches the disk unsealed.

mod alarms;
mod batch;
mod database;
mod delivered;
mod error;
mod quarantine;
mod queue;
mod report;
mod rows;
mod salvage;
mod schema;
mod server_report;
mod settle;

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::id::{CryptoRng, Epoch};
use domain::seal::Sealer;
use domain::wire::Limits;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::alarms::Alarms;
use self::database::FileCondition;
use crate::identity::Identity;

pub use batch::{BatchKind, Waiting};
pub use error::Error;
pub use quarantine::Quarantined;
pub use queue::{Draft, Receipt};
pub use server_report::ServerReport;
pub use settle::{Fault, Settlement};

/// The database could not be read and was moved aside; a new one was created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The folder that holds the old database.
    pub to: PathBuf,
    /// Why the database could not be read.
    pub reason: String,
    /// The number of waiting submissions that were copied into the new database.
    pub carried_over: u64,
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, reason, carried_over } = self;
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
    uptime: UptimeClock,
    trust: Trust,
    alarms: Alarms,
    /// The limits in the server's last reply.
    limits: Option<Limits>,
    /// The sealer for the next submission, see [`Self::make_ready`].
    sealer: Option<Sealer>,
}

/// Returns how long the program has run, by a monotonic clock.
pub type UptimeClock = Box<dyn Fn() -> Duration + Send>;

/// Whether SQLite's view of the file can be trusted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trust {
    Sound,
    /// A write or a sync failed. The kernel may have dropped the pages and still report them as clean
    /// (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
    Doubtful,
}

impl Outbox {
    /// Opens the outbox in `folder`, or creates one. A database that cannot be read is moved aside first.
    ///
    /// If the kiosk was enrolled under another number since, the outbox begins a new epoch.
    ///
    /// # Errors
    /// [`Error`]: the disk is full, fails or is read-only. Nothing is lost, but nothing can be queued.
    pub fn open(
        folder: &Path,
        identity: &mut Identity,
        now: Timestamp,
    ) -> Result<(Self, Option<Replaced>), Error> {
        let damaged = match database::examine(folder)? {
            FileCondition::Sound(db, counter) => {
                identity.acknowledge_epoch(counter.epoch)?;
                let run = counter.run.wrapping_add(1);
                database::begin_run(&db, run)?;
                let mut outbox = Self::new(folder, db, counter.epoch, run, now);
                if counter.kiosk != identity.kiosk() {
                    outbox.begin_epoch(identity)?;
                }
                return Ok((outbox, None));
            }
            FileCondition::Unreadable(reason) => Some((database::move_aside(folder, now)?, reason)),
            FileCondition::Missing => None,
        };
        let epoch = identity.begin_epoch()?;
        let mut db = database::create(folder, epoch, identity.kiosk())?;
        let mut replaced = None;
        if let Some((to, reason)) = damaged {
            let carried_over = salvage::carry_over(&to, &mut db)?;
            replaced = Some(Replaced { to, reason, carried_over });
        }
        Ok((Self::new(folder, db, epoch, 0, now), replaced))
    }

    /// The kiosk's data folder, which contains the outbox.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn new(folder: &Path, db: Connection, epoch: Epoch, run: u32, now: Timestamp) -> Self {
        database::make_reserve(folder);
        let began = Instant::now();
        Self {
            folder: folder.to_owned(),
            db,
            epoch,
            run,
            uptime: Box::new(move || began.elapsed()),
            trust: Trust::Sound,
            alarms: Alarms::begin(folder, now),
            limits: None,
            sealer: None,
        }
    }

    /// Replaces the uptime clock, for a simulation.
    pub fn set_uptime_clock(&mut self, clock: UptimeClock) {
        self.uptime = clock;
    }

    /// Begins a new epoch, because the kiosk's number has changed.
    ///
    /// # Errors
    /// [`Error`]; the next start of the program tries again.
    pub fn begin_epoch(&mut self, identity: &mut Identity) -> Result<(), Error> {
        let epoch = identity.begin_epoch()?;
        self.switch_to(epoch, identity)
    }

    /// Begins a new epoch far from this one, because another disk uses the same epoch. That disk may get the
    /// same order.
    ///
    /// # Errors
    /// [`Error`]; the server repeats its request.
    pub fn begin_distant_epoch(
        &mut self,
        identity: &mut Identity,
        random: &mut impl CryptoRng,
    ) -> Result<(), Error> {
        let epoch = identity.begin_distant_epoch(random)?;
        self.switch_to(epoch, identity)
    }

    fn switch_to(&mut self, epoch: Epoch, identity: &Identity) -> Result<(), Error> {
        let kiosk = identity.kiosk();
        let outcome = self.in_one_transaction(|db| database::begin_epoch(db, epoch, kiosk));
        self.note_disk_failure(outcome)?;
        self.epoch = epoch;
        Ok(())
    }

    /// The epoch of this outbox.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// Checkpoints the write-ahead log if it has grown. Call it while no visitor is waiting.
    ///
    /// # Errors
    /// [`Error`]; nothing is lost, and the next call tries again.
    pub fn tidy(&mut self) -> Result<(), Error> {
        let outcome = self.writer().and_then(|db| Ok(database::tidy(db)?));
        self.note_disk_failure(outcome)
    }

    /// The connection for writing. After a failed write the file is reopened and checked first.
    fn writer(&mut self) -> Result<&mut Connection, Error> {
        if self.trust == Trust::Doubtful {
            self.db = Connection::open_in_memory()?;
            match database::examine(&self.folder)? {
                FileCondition::Sound(db, counter) if counter.epoch == self.epoch => self.db = db,
                FileCondition::Sound(..) | FileCondition::Missing => {
                    return Err(Error::Damaged("another database lies in its place".to_owned()));
                }
                FileCondition::Unreadable(reason) => return Err(Error::Damaged(reason)),
            }
            self.trust = Trust::Sound;
        }
        Ok(&mut self.db)
    }

    fn in_one_transaction<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, Error> {
        let transaction = self.writer()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// Returns `outcome` unchanged. A disk error raises an alarm and forces a check of the file before the
    /// next write.
    fn note_disk_failure<T>(&mut self, outcome: Result<T, Error>) -> Result<T, Error> {
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
