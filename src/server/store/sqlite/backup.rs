//! A backup of the database, as of one moment, while the server runs.
//!
//! The copy is written under a temporary name, checked and synced, and only then gets its name: a file with
//! that name is a good backup. `restore` puts one back.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::database_error;
use super::log_owner;
use super::open::{OpenError, check, reader, refuse_foreign_log};
use crate::store::error::DatabaseError;

/// Why a backup failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file exists, or cannot be written.
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// The database or its copy cannot be opened, or is damaged.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database could not be copied.
    #[error("the database could not be copied to {}", path.display())]
    Copying { path: PathBuf, source: DatabaseError },
}

/// Copies the database at `database` to `to`. Only this account may read the copy. Returns its size in bytes.
///
/// # Errors
/// [`BackupError`]; an existing file is not touched.
pub fn write(database: &Path, to: &Path) -> Result<u64, BackupError> {
    let at = |path: &Path| {
        let path = path.to_owned();
        move |cause| BackupError::Io { path, cause }
    };
    if to.exists() {
        return Err(at(to)(io::ErrorKind::AlreadyExists.into()));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".unfinished");
    let unfinished = PathBuf::from(name);
    // An earlier backup that was interrupted may have left it.
    let _ = fs::remove_file(&unfinished);
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished).map_err(at(&unfinished))?;
    let copied = copy(database, &unfinished).and_then(|()| {
        let file = File::open(&unfinished).and_then(|file| file.sync_all().map(|()| file));
        let bytes = file.and_then(|file| file.metadata()).map_err(at(&unfinished))?.len();
        // Unlike a rename, a hard link never replaces a file that was created in the meantime.
        fs::hard_link(&unfinished, to).map_err(at(to))?;
        let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
        Ok(bytes)
    });
    let _ = fs::remove_file(&unfinished);
    copied
}

fn copy(database: &Path, to: &Path) -> Result<(), BackupError> {
    let failed = |cause| BackupError::Copying { path: to.to_owned(), source: database_error(cause) };
    refuse_foreign_log(database)?;
    let db = reader(database)?;
    // `vacuum into` does not change the database, but SQLite does not allow it with `query_only`.
    db.pragma_update(None, "query_only", "off").map_err(failed)?;
    db.execute("vacuum into ?1", [to.to_string_lossy()]).map_err(failed)?;
    let copy = Connection::open(to).map_err(failed)?;
    check(&copy, to)?;
    log_owner::set_own(&copy).map_err(failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::store::sqlite::open::open;

    /// The backup of a database in use holds what is committed, is private, and replaces no file.
    #[test]
    fn a_backup_is_whole_and_private() {
        let place = tempfile::tempdir().unwrap();
        let (path, to) = (place.path().join("galleria.db"), place.path().join("monday.db"));
        let db = open(&path).unwrap();
        db.execute("insert into server_meta (name, value) values ('a', 'b')", []).unwrap();
        let busy = db.unchecked_transaction().unwrap();
        busy.execute("insert into server_meta (name, value) values ('not', 'yet')", []).unwrap();
        let bytes = write(&path, &to).unwrap();
        busy.commit().unwrap();
        let mode = fs::metadata(&to).unwrap().permissions().mode() & 0o777;
        assert_eq!((bytes, mode), (fs::metadata(&to).unwrap().len(), 0o600));
        let copy = open(&to).unwrap();
        let facts: i64 = copy
            .query_row("select count(*) from server_meta where name in ('a', 'not')", [], |row| row.get(0))
            .unwrap();
        assert_eq!(facts, 1, "what was committed, and nothing else");
        let error = write(&path, &to).unwrap_err().to_string();
        assert!(error.contains("monday.db") && error.contains("exist"), "{error}");
        let nowhere = place.path().join("no/such/folder.db");
        assert!(write(&path, &nowhere).unwrap_err().to_string().contains("no/such"));
        let left: Vec<_> = fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("unfinished"))
            .collect();
        assert_eq!(left, [] as [String; 0]);
    }
}
