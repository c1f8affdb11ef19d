//! Puts a backup in the place of the database.
//!
//! The backup itself is never opened: a copy of it is checked, and brought up to date, before anything else changes.
//! The old database is moved aside with its log, under a name that keeps the two together. Kiosks notice what is
//! missing since then and send it again, as far back as a week.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use domain::Timestamp;
use rusqlite::{Connection, OpenFlags};

use super::log_owner::{self, beside};
use super::open::{self, OpenError};
use super::{count, database_error, moment};
use crate::store::error::DatabaseError;

/// Why a backup was not restored. The database is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// A file cannot be read, written or moved.
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// The copy is damaged, or of a newer version.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file has a log beside it, so it is a part of a database only.
    #[error(
        "{} has a log beside it, so it was copied from a database in use and is not whole. Copies that are whole are \
         made with galleria-server backup", .0.display()
    )]
    Unfinished(PathBuf),
    #[error("the copy of the backup could not be prepared")]
    Preparing(#[source] DatabaseError),
}

/// What a database holds, to compare two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// When something was last written down in it.
    pub newest: Option<Timestamp>,
    pub cases: u64,
    /// Entries in the history of the cases.
    pub events: u64,
    pub kiosks: u64,
    pub staff: u64,
}

/// A database that was restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    pub contents: Contents,
    /// Where the old database is now, if there was one, and what it holds, if it can be read.
    pub before: Option<(PathBuf, Option<Contents>)>,
}

/// Puts a copy of `backup` in the place of `database`. No server may run on it.
///
/// # Errors
/// [`RestoreError`]; the database is as it was.
pub fn put_back(database: &Path, backup: &Path, now: Timestamp) -> Result<Restored, RestoreError> {
    if fs::metadata(beside(backup, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(RestoreError::Unfinished(backup.to_owned()));
    }
    let unfinished = beside(database, ".restoring");
    remove_all(&unfinished);
    let prepared = prepare(backup, &unfinished);
    let contents = prepared.inspect_err(|_| remove_all(&unfinished))?;
    let is_mixed = log_owner::is_foreign(database);
    let aside = beside(database, &format!(".before-{}", now.format("%Y%m%dT%H%M%SZ")));
    let moved = move_files(database, &aside)
        .and_then(|before| fs::rename(&unfinished, database).map_err(at(database)).map(|()| before));
    let before = moved.inspect_err(|_| {
        // Back as it was. What cannot be moved back is still there, under the name of `aside`.
        let _ = move_files(&aside, database);
        remove_all(&unfinished);
    })?;
    let _ = fs::remove_file(beside(database, "-id"));
    let folder = database.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    let before = before.map(|old| {
        // A file with the log of another is not opened: what could be read would be neither.
        let read = || read_only(&old).and_then(|db| contents_of(&db)).ok();
        let contents = if is_mixed { None } else { read() };
        (old, contents)
    });
    Ok(Restored { contents, before })
}

/// Copies the backup to `to`, brings the copy up to date, and checks it.
fn prepare(backup: &Path, to: &Path) -> Result<Contents, RestoreError> {
    let mut from = File::open(backup).map_err(at(backup))?;
    let copy = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
    let mut copy = copy.map_err(at(to))?;
    io::copy(&mut from, &mut copy).and_then(|_| copy.sync_all()).map_err(at(to))?;
    let db = open::open(to)?;
    open::check(&db, to)?;
    let failed = |cause| RestoreError::Preparing(database_error(cause));
    log_owner::set_own(&db).map_err(failed)?;
    let contents = contents_of(&db).map_err(failed)?;
    // Closing the only connection puts the log into the file and deletes it.
    db.close().map_err(|(_, cause)| failed(cause))?;
    File::open(to).and_then(|file| file.sync_all()).map_err(at(to))?;
    Ok(contents)
}

/// Moves a database with its log, the file first: a folder without it is no data folder, until another one is there.
fn move_files(database: &Path, target: &Path) -> Result<Option<PathBuf>, RestoreError> {
    let mut moved = None;
    for ending in ["", "-wal", "-shm"] {
        let (from, to) = (beside(database, ending), beside(target, ending));
        match fs::rename(&from, &to) {
            Ok(()) if ending.is_empty() => moved = Some(to),
            Ok(()) => {}
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(at(&from)(cause)),
        }
    }
    Ok(moved)
}

fn read_only(path: &Path) -> Result<Connection, rusqlite::Error> {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)
}

fn contents_of(db: &Connection) -> Result<Contents, rusqlite::Error> {
    db.query_row(
        "select (select max(at) from (select max(at) as at from audit_entry
                                      union all select max(at) from case_event
                                      union all select max(received_at) from sealed_item)),
                (select count(*) from cases), (select count(*) from case_event),
                (select count(*) from kiosk), (select count(*) from staff)",
        [],
        |row| {
            Ok(Contents {
                newest: row.get::<_, Option<i64>>(0)?.map(moment),
                cases: count(row.get(1)?),
                events: count(row.get(2)?),
                kiosks: count(row.get(3)?),
                staff: count(row.get(4)?),
            })
        },
    )
}

fn at(path: &Path) -> impl Fn(io::Error) -> RestoreError + use<> {
    let path = path.to_owned();
    move |cause| RestoreError::Io { path: path.clone(), cause }
}

fn remove_all(path: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(beside(path, ending));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::backup;

    fn add(db: &Connection, kiosk: i64) {
        let sql = "insert into kiosk (number, name, added_at) values (?1, 'K', 0)";
        db.execute(sql, [kiosk]).unwrap();
    }

    #[test]
    fn a_restored_database_is_the_backup_and_the_old_one_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let (path, copy) = (place.path().join("galleria.db"), place.path().join("monday.db"));
        let db = open::open(&path).unwrap();
        log_owner::renew(&db, &path, 0).unwrap();
        add(&db, 1);
        backup::write(&path, &copy).unwrap();
        add(&db, 2);
        // As after a power cut: the second kiosk is in the log only.
        let (file, log) = (fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap());
        drop(db);
        fs::write(&path, file).unwrap();
        fs::write(beside(&path, "-wal"), log).unwrap();

        let bytes = fs::read(&copy).unwrap();
        let restored = put_back(&path, &copy, Timestamp::UNIX_EPOCH).unwrap();
        let (old, before) = restored.before.unwrap();
        assert_eq!((restored.contents.kiosks, before.unwrap().kiosks), (1, 2));
        assert_eq!(contents_of(&open::open(&path).unwrap()).unwrap().kiosks, 1);
        assert_eq!(contents_of(&open::open(&old).unwrap()).unwrap().kiosks, 2);
        assert_eq!(fs::read(&copy).unwrap(), bytes, "the backup is as it was");
    }

    #[test]
    fn a_damaged_backup_changes_nothing() {
        let place = tempfile::tempdir().unwrap();
        let (path, copy) = (place.path().join("galleria.db"), place.path().join("monday.db"));
        add(&open::open(&path).unwrap(), 1);
        fs::write(&copy, "this is no database").unwrap();
        let error = put_back(&path, &copy, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(error.contains("not a database"), "{error}");
        assert!(put_back(&path, &place.path().join("no.db"), Timestamp::UNIX_EPOCH).is_err());
        assert_eq!(contents_of(&open::open(&path).unwrap()).unwrap().kiosks, 1);
        assert!(!beside(&path, ".restoring").exists());
    }

    /// A file that was copied without its log is a part of a database only.
    #[test]
    fn a_copy_with_a_log_beside_it_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let (path, raw) = (place.path().join("galleria.db"), place.path().join("raw.db"));
        let db = open::open(&path).unwrap();
        add(&db, 1);
        fs::copy(&path, &raw).unwrap();
        fs::copy(beside(&path, "-wal"), beside(&raw, "-wal")).unwrap();
        let error = put_back(&path, &raw, Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(error.contains("raw.db") && error.contains("backup"), "{error}");
    }
}
