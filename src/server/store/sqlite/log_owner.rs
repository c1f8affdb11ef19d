//! Which database file a write-ahead log belongs to.
//!
//! SQLite takes `galleria.db-wal` for the newest part of whatever file is called `galleria.db`. When a backup was put
//! in its place and the old log was forgotten, the first look at it would mix pages of both, and destroy it.
//!
//! So each file has an id of its own in its header (`application_id`). A server gives the file a new id when it
//! starts, and a backup gives one to the copy. The id is also written beside the database, in `galleria.db-id`. If
//! there is a log and the ids differ, the log belongs to another file, and nothing opens either.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

/// Where the id is in the header of a database file.
const OFFSET: u64 = 68;

/// `path` with `ending` behind its name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Whether the log of the database at `path`, if it has one, belongs to another file. Only before this process has a
/// connection to it, as for [`id`].
pub fn is_foreign(path: &Path) -> bool {
    let has_log = fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0);
    let (Ok(of_log), Ok(of_file)) = (fs::read_to_string(id_file(path)), id(path)) else { return false };
    has_log && !of_log.split_whitespace().any(|id| id == of_file.to_string())
}

/// Gives the database, which has no log yet or a log of its own, a new id in place of the `old` one.
pub fn renew(db: &Connection, path: &Path, old: i32) -> Result<(), rusqlite::Error> {
    let new = new_id(db)?;
    // The id gets into the file by way of the log. Until it is there, both are right.
    write_id(path, &format!("{old} {new}\n"));
    db.pragma_update(None, "application_id", new)?;
    let is_busy: bool = db.query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))?;
    if !is_busy {
        write_id(path, &format!("{new}\n"));
    }
    Ok(())
}

/// Gives a copy, which has no log, an id of its own.
pub fn set_own(copy: &Connection) -> Result<(), rusqlite::Error> {
    copy.pragma_update(None, "application_id", new_id(copy)?)
}

fn new_id(db: &Connection) -> Result<i32, rusqlite::Error> {
    db.query_row("select abs(random() % 2147483646) + 1", [], |row| row.get(0))
}

fn id_file(path: &Path) -> PathBuf {
    beside(path, "-id")
}

/// The id in the header of a database file.
///
/// Only before this process has a connection to the file: closing a file takes all locks of its process from it, so
/// SQLite would hold none any more, and the next program beside a server would delete the log under it.
pub fn id(path: &Path) -> io::Result<i32> {
    let mut bytes = [0; 4];
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(OFFSET))?;
    file.read_exact(&mut bytes)?;
    Ok(i32::from_be_bytes(bytes))
}

/// Without the file, which a full disk prevents, a foreign log is not noticed. Nothing else depends on it.
fn write_id(path: &Path, text: &str) {
    let (place, unfinished) = (id_file(path), beside(path, "-id.unfinished"));
    let written = File::create(&unfinished)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, &place))
        .and_then(|()| File::open(place.parent().unwrap_or(Path::new(".")))?.sync_all());
    if let Err(cause) = written {
        tracing::warn!(%cause, path = %place.display(), "the id of the database could not be written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::{Sqlite, backup, open};

    fn names(db: &Connection) -> Vec<String> {
        let mut query = db.prepare("select name from server_meta order by name").unwrap();
        let names = query.query_map([], |row| row.get(0)).unwrap();
        names.collect::<Result<_, _>>().unwrap()
    }

    fn add(db: &Connection, name: &str) {
        db.execute("insert into server_meta (name, value) values (?1, '')", [name]).unwrap();
    }

    /// A backup is put in the place of the database, and the log of a server that was killed is still there.
    #[test]
    fn a_log_of_another_file_is_noticed_and_nothing_changes() {
        let place = tempfile::tempdir().unwrap();
        let (path, copy) = (place.path().join("galleria.db"), place.path().join("monday.db"));
        let db = open::open(&path).unwrap();
        renew(&db, &path, 0).unwrap();
        add(&db, "monday");
        backup::write(&path, &copy).unwrap();
        add(&db, "tuesday");
        let log = fs::read(beside(&path, "-wal")).unwrap();
        drop(db);
        fs::copy(&copy, &path).unwrap();
        fs::write(beside(&path, "-wal"), &log).unwrap();

        for refused in [
            open::open(&path).map(drop).unwrap_err().to_string(),
            backup::write(&path, &place.path().join("other.db")).map(drop).unwrap_err().to_string(),
            Sqlite::open_for_server(&path).map(drop).unwrap_err().to_string(),
        ] {
            assert!(refused.contains("galleria.db-wal") && refused.contains("restore"), "{refused}");
        }
        assert_eq!(fs::read(&path).unwrap(), fs::read(&copy).unwrap());
        assert_eq!(fs::read(beside(&path, "-wal")).unwrap(), log);

        fs::remove_file(beside(&path, "-wal")).unwrap();
        let restored = open::open(&path).unwrap();
        assert_eq!(names(&restored), ["monday"]);
    }

    /// A file that was copied while no server ran, and put back over a later one, is noticed too.
    #[test]
    fn a_log_of_a_later_time_is_noticed() {
        let place = tempfile::tempdir().unwrap();
        let (path, copy) = (place.path().join("galleria.db"), place.path().join("copy.db"));
        renew(&open::open(&path).unwrap(), &path, 0).unwrap();
        fs::copy(&path, &copy).unwrap();
        let old = id(&path).unwrap();
        let db = open::open(&path).unwrap();
        renew(&db, &path, old).unwrap();
        add(&db, "later");
        let log = fs::read(beside(&path, "-wal")).unwrap();
        drop(db);
        fs::copy(&copy, &path).unwrap();
        fs::write(beside(&path, "-wal"), &log).unwrap();
        assert!(is_foreign(&path));
    }

    #[test]
    fn the_log_of_a_killed_server_is_its_own() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("galleria.db");
        let db = open::open(&path).unwrap();
        renew(&db, &path, 0).unwrap();
        add(&db, "kept");
        let (file, log) = (fs::read(&path).unwrap(), fs::read(beside(&path, "-wal")).unwrap());
        drop(db);
        fs::write(&path, file).unwrap();
        fs::write(beside(&path, "-wal"), log).unwrap();
        let old = id(&path).unwrap();
        let db = open::open(&path).unwrap();
        assert_eq!(names(&db), ["kept"]);
        renew(&db, &path, old).unwrap();
        assert!(!is_foreign(&path));
    }
}
