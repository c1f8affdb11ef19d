//! The database file: how it is created, checked, opened and moved aside.
//!
//! It lies alone in the folder `outbox`. Moving it aside together with its write-ahead log is then one
//! rename, which a power cut cannot split.

use std::fs::{self, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior, ffi};

use super::error::Error;
use super::{rows, schema};

/// The write-ahead log is checkpointed from this many pages on. A small log does not hold deleted items for
/// long.
const LOG_PAGES: i64 = 64;

const FOLDER: &str = "outbox";
const FILE: &str = "queue.db";

/// The row of the table `counter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Counter {
    pub(super) epoch: Epoch,
    /// The kiosk number the epoch belongs to.
    pub(super) kiosk: KioskNumber,
    /// The number of this run of the program, counted by starts.
    pub(super) run: u32,
}

/// The condition of the database file.
pub(super) enum FileCondition {
    Sound(Connection, Counter),
    /// There is no file, or nothing was ever written to it.
    Missing,
    Unreadable(String),
}

/// Checks the database, and returns it open if it is sound.
pub(super) fn examine(folder: &Path) -> Result<FileCondition, Error> {
    let path = folder.join(FOLDER).join(FILE);
    match fs::metadata(&path) {
        Ok(found) if found.is_file() => {}
        Ok(_) => return Ok(FileCondition::Unreadable("it is no file".to_owned())),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(FileCondition::Missing),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotADirectory => {
            return Ok(FileCondition::Unreadable("its folder is no folder".to_owned()));
        }
        Err(source) => return Err(Error::Io { path, source }),
    }
    match check(&path) {
        Ok(condition) => Ok(condition),
        Err(cause) => damage(&cause).map(FileCondition::Unreadable).ok_or_else(|| cause.into()),
    }
}

fn check(path: &Path) -> Result<FileCondition, rusqlite::Error> {
    let db = connect(path)?;
    let verdict: String = db.query_row("pragma quick_check(1)", (), |row| row.get(0))?;
    if verdict != "ok" {
        return Ok(FileCondition::Unreadable(verdict));
    }
    let version: u32 = db.query_row("pragma user_version", (), |row| row.get(0))?;
    let tables: u64 = db.query_row("select count(*) from sqlite_schema", (), |row| row.get(0))?;
    match version {
        0 if tables == 0 => return Ok(FileCondition::Missing),
        schema::VERSION => {}
        _ => {
            let own = schema::VERSION;
            return Ok(FileCondition::Unreadable(format!(
                "it is of version {version}, this program reads {own}"
            )));
        }
    }
    let counter = db.query_row("select epoch, kiosk, run from counter", (), |row| {
        let kiosk = rows::parsed(row, 1, |text| text.parse().ok())?;
        Ok(Counter { epoch: Epoch(row.get(0)?), kiosk, run: row.get(2)? })
    });
    match counter {
        Ok(counter) => Ok(FileCondition::Sound(db, counter)),
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            Ok(FileCondition::Unreadable("its counter is gone".to_owned()))
        }
        Err(cause) => Err(cause),
    }
}

/// What is wrong with the file, unless the disk is full or the database locked.
fn damage(cause: &rusqlite::Error) -> Option<String> {
    let rusqlite::Error::SqliteFailure(failure, _) = cause else {
        return matches!(
            cause,
            rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::SqlInputError { .. }
        )
        .then(|| cause.to_string());
    };
    let of_the_file = match failure.code {
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => true,
        // A required table is missing.
        ErrorCode::Unknown => failure.extended_code == ffi::SQLITE_ERROR,
        ErrorCode::SystemIoFailure => {
            [ffi::SQLITE_IOERR_READ, ffi::SQLITE_IOERR_SHORT_READ, ffi::SQLITE_IOERR_CORRUPTFS]
                .contains(&failure.extended_code)
        }
        _ => false,
    };
    of_the_file.then(|| cause.to_string())
}

/// Creates a database whose sequence begins at 1, in one transaction.
pub(super) fn create(folder: &Path, epoch: Epoch, kiosk: KioskNumber) -> Result<Connection, Error> {
    let own = folder.join(FOLDER);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(&own).map_err(at(&own))?;
    let mut db = connect(&own.join(FILE))?;
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::make(&transaction)?;
    transaction.execute(
        "insert into counter (only_row, epoch, next_seq, kiosk) values (1, ?1, 1, ?2)",
        (epoch.0, kiosk.to_string()),
    )?;
    transaction.commit()?;
    // SQLite syncs the folder of its files, but not the folder above it, which may also be new.
    sync(&own)?;
    sync(folder)?;
    Ok(db)
}

/// Starts a new epoch in the same database. Waiting items keep their epoch.
pub(super) fn begin_epoch(db: &Connection, epoch: Epoch, kiosk: KioskNumber) -> Result<(), rusqlite::Error> {
    db.execute("update counter set epoch = ?1, next_seq = 1, kiosk = ?2", (epoch.0, kiosk.to_string()))?;
    Ok(())
}

/// Records the number of this run of the program.
pub(super) fn begin_run(db: &Connection, run: u32) -> Result<(), rusqlite::Error> {
    db.execute("update counter set run = ?1", [run])?;
    Ok(())
}

fn connect(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let db = Connection::open_with_flags(path, flags)?;
    db.busy_timeout(Duration::from_secs(2))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // In WAL mode with `synchronous = normal` the last commits may be gone after a power cut. A kiosk is
    // switched off at the wall every night, and gets less than one submission a second, so it can afford
    // `full`.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "secure_delete", "on")?;
    db.pragma_update(None, "foreign_keys", "on")?;
    db.pragma_update(None, "trusted_schema", "off")?;
    db.pragma_update(None, "cell_size_check", "on")?;
    db.pragma_update(None, "temp_store", "memory")?;
    // A batch takes some twenty different queries, each prepared once. Without this setting SQLite
    // re-prepares those with a parameter in their `limit`.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(64);
    // `tidy` checkpoints the log while no visitor is waiting. This limit is for a program that never calls
    // it.
    db.pragma_update(None, "wal_autocheckpoint", 16 * LOG_PAGES)?;
    Ok(db)
}

/// Checkpoints the log if it has grown, and restarts it. That takes four syncs; the next submission then
/// takes one.
pub(super) fn tidy(db: &Connection) -> Result<(), rusqlite::Error> {
    let pages: i64 = db
        .prepare_cached("pragma wal_checkpoint(noop)")?
        .query_row((), |row| Ok(row.get::<_, i64>(1)? - row.get::<_, i64>(2)?))?;
    if pages < LOG_PAGES {
        return Ok(());
    }
    db.query_row("pragma wal_checkpoint(passive)", (), |_| Ok(()))?;
    db.execute("update counter set next_seq = next_seq", ())?;
    Ok(())
}

/// Opens a database that was moved aside, read-only.
pub(super) fn connect_aside(aside: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(aside.join(FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Moves the database and its log aside, with one atomic rename.
pub(super) fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, Error> {
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let to = (1..)
        .map(|n| folder.join(format!("outbox-damaged-{stamp}-{n}")))
        .find(|to| !to.exists())
        .expect("some number is free");
    fs::rename(folder.join(FOLDER), &to).map_err(at(&to))?;
    sync(folder)?;
    Ok(to)
}

fn sync(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))
}

fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}

const RESERVE: &str = "reserve";
/// Enough to settle many batches on a full disk.
const RESERVE_BYTES: usize = 1024 * 1024;

/// Reserves disk space. It is freed when the disk is full, so that the queue can still be emptied. Does
/// nothing if the disk is already full.
pub(super) fn make_reserve(folder: &Path) {
    let path = folder.join(RESERVE);
    if path.exists() {
        return;
    }
    let written = fs::write(&path, vec![0; RESERVE_BYTES]).and_then(|()| File::open(&path)?.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(&path);
    }
}

/// Frees the reserve; returns whether there was one.
pub(super) fn free_reserve(folder: &Path) -> bool {
    fs::remove_file(folder.join(RESERVE)).is_ok()
}
