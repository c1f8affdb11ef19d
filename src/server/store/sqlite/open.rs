//! Opens a database: settings of the connection, a check of its pages, migrations.
//!
//! A database that cannot be read is reported with its file and the reason, and left alone: nothing here
//! repairs, moves or deletes a database.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::log_owner;

mod migrations {
    refinery::embed_migrations!("store/sqlite/migrations");
}

/// Why a database cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the database {} cannot be used: {cause}", path.display())]
pub struct OpenError {
    path: PathBuf,
    cause: OpenCause,
}

#[derive(Debug, thiserror::Error)]
enum OpenCause {
    #[error("{0}")]
    Making(std::io::Error),
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("it is damaged: {0}. Restore it from a backup")]
    Damaged(String),
    #[error("it was written by a newer galleria-server, or its history was changed: {0}")]
    Migration(#[from] refinery::Error),
    #[error(
        "galleria.db-wal belongs to another database file. A backup was probably put in the place of galleria.db \
         while the log of the old one was left. Nothing was changed. Restore the backup with\n  \
         galleria-server restore FILE --data DIR\nwhich moves the old log aside"
    )]
    ForeignLog,
    #[error("{0} rows break a foreign key since it was brought up to date. Restore it from a backup")]
    Dangling(i64),
}

/// Opens the database and migrates it; creates it if there is none.
///
/// # Errors
/// [`OpenError`].
pub fn open(path: &Path) -> Result<Connection, OpenError> {
    refuse_foreign_log(path)?;
    prepare(path).map_err(|cause| OpenError { path: path.to_owned(), cause })
}

/// Checks every page of a database, which takes about a second for each gigabyte.
///
/// # Errors
/// [`OpenError`] with the first fault.
pub fn check(db: &Connection, path: &Path) -> Result<(), OpenError> {
    let verdict = db.query_row("pragma quick_check(1)", [], |row| row.get::<_, String>(0));
    let cause = match verdict {
        Ok(verdict) if verdict == "ok" => return Ok(()),
        Ok(verdict) => OpenCause::Damaged(verdict),
        Err(error) => OpenCause::Sqlite(error),
    };
    Err(OpenError { path: path.to_owned(), cause })
}

/// A second connection to a database that [`open`] has prepared, for reading only.
///
/// # Errors
/// [`OpenError`].
pub(crate) fn reader(path: &Path) -> Result<Connection, OpenError> {
    let open = || -> Result<Connection, OpenCause> {
        let db = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        settle(&db)?;
        db.pragma_update(None, "query_only", "on")?;
        Ok(db)
    };
    open().map_err(|cause| OpenError { path: path.to_owned(), cause })
}

/// A database in memory, for tests of the queries.
#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    let mut db = Connection::open_in_memory().unwrap();
    settle(&db).unwrap();
    bring_up_to_date(&mut db).unwrap();
    db
}

/// Refuses a database whose log belongs to another file. Only before this process has a connection to it.
///
/// # Errors
/// [`OpenError`].
pub(crate) fn refuse_foreign_log(path: &Path) -> Result<(), OpenError> {
    if log_owner::is_foreign(path) {
        return Err(OpenError { path: path.to_owned(), cause: OpenCause::ForeignLog });
    }
    Ok(())
}

fn prepare(path: &Path) -> Result<Connection, OpenCause> {
    if !path.exists() {
        // SQLite creates the files beside a database with the file mode of the database.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        made.map_err(OpenCause::Making)?;
    }
    let mut db = Connection::open(path)?;
    settle(&db)?;
    bring_up_to_date(&mut db)?;
    Ok(db)
}

/// Runs the migrations that are missing. A migration that rebuilds a table drops it in between. So foreign
/// keys are not enforced until the end, and then all of them are checked.
fn bring_up_to_date(db: &mut Connection) -> Result<(), OpenCause> {
    db.pragma_update(None, "foreign_keys", "off")?;
    let report = migrations::migrations::runner().run(db)?;
    if !report.applied_migrations().is_empty() {
        let dangling = db.query_row("select count(*) from pragma_foreign_key_check", [], |row| row.get(0))?;
        if dangling != 0 {
            return Err(OpenCause::Dangling(dangling));
        }
    }
    db.pragma_update(None, "foreign_keys", "on")?;
    Ok(())
}

fn settle(db: &Connection) -> Result<(), rusqlite::Error> {
    // The commands `kiosk add` and `staff add` write while the server runs.
    db.busy_timeout(Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // With `normal`, the last commits may be gone after a power cut, and the kiosk has already deleted what
    // they held.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", "on")?;
    // Deleted data is overwritten.
    db.pragma_update(None, "secure_delete", "on")?;
    db.pragma_update(None, "cache_size", -16_384)?;
    // Without this, SQLite prepares a cached statement again if it has a parameter after its `limit`.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The error names the file, and the file is left as it is.
    #[test]
    fn a_foreign_file_is_named_and_untouched() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("galleria.db");
        std::fs::write(&path, "this is no database, but it is somebody's file").unwrap();
        let error = open(&path).unwrap_err().to_string();
        assert!(error.contains("galleria.db") && error.contains("not a database"), "{error}");
        assert!(std::fs::read_to_string(&path).unwrap().starts_with("this is"));
    }

    #[test]
    fn a_damaged_page_is_found_and_told() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("galleria.db");
        let db = open(&path).unwrap();
        for n in 0..2000 {
            db.execute("insert into server_meta (name, value) values (?1, ?1)", [n.to_string()]).unwrap();
        }
        db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())).unwrap();
        check(&db, &path).unwrap();
        drop(db);
        let mut bytes = std::fs::read(&path).unwrap();
        let end = bytes.len();
        bytes[end - 4096..].fill(0x5a);
        std::fs::write(&path, bytes).unwrap();
        let damaged = open(&path).and_then(|db| check(&db, &path)).unwrap_err().to_string();
        assert!(damaged.contains("galleria.db") && damaged.contains("backup"), "{damaged}");
    }

    #[test]
    fn a_database_of_a_newer_version_is_refused() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("galleria.db");
        let db = open(&path).unwrap();
        db.execute(
            "insert into refinery_schema_history (version, name, applied_on, checksum)
             values (9999, 'from_the_future', '2030-01-01T00:00:00Z', '1')",
            [],
        )
        .unwrap();
        drop(db);
        let error = open(&path).unwrap_err().to_string();
        assert!(error.contains("newer galleria-server"), "{error}");
    }

    #[test]
    fn history_and_audit_are_append_only() {
        let db = in_memory();
        db.execute(
            "insert into audit_entry (at, who, what, about, result, hash) values (1, 'a', 'b', 'c', 'd', x'00')",
            [],
        )
        .unwrap();
        assert!(db.execute("delete from audit_entry", []).is_err());
        assert!(db.execute("update audit_entry set who = 'x'", []).is_err());
    }

    #[test]
    fn commits_are_synced_to_a_write_ahead_log() {
        let place = tempfile::tempdir().unwrap();
        let db = open(&place.path().join("galleria.db")).unwrap();
        let ask = |pragma| db.query_row(pragma, [], |row| row.get::<_, String>(0)).unwrap();
        assert_eq!(ask("pragma journal_mode"), "wal");
        assert_eq!(db.query_row("pragma synchronous", [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    }
}
