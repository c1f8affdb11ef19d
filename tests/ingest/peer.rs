//! The most that this machine allows: the same sealed bytes written to a bare SQLite table, with the same
//! durability, in commits of the same size, without any other load.

use std::time::Instant;

use rusqlite::Connection;

use crate::sealed::Sealed;

/// Rows per commit, as in the server's writer.
const TOGETHER: usize = 1024;

/// Writes all rows; returns the rows per second.
pub fn bare_sqlite(bodies: &[Vec<Sealed>]) -> f64 {
    let rows: Vec<(String, Vec<u8>)> = bodies
        .iter()
        .flatten()
        .flat_map(|sealed| sealed.batch().items)
        .map(|item| (item.id.to_string(), item.sealed.0))
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mut db = Connection::open(folder.path().join("bare.db")).unwrap();
    db.pragma_update(None, "journal_mode", "wal").unwrap();
    db.pragma_update(None, "synchronous", "full").unwrap();
    db.execute_batch(
        "create table item (id integer primary key, uuid text not null unique, sealed blob not null)",
    )
    .unwrap();
    let began = Instant::now();
    for chunk in rows.chunks(TOGETHER) {
        let commit = db.transaction().unwrap();
        let mut insert = commit.prepare_cached("insert into item (uuid, sealed) values (?1, ?2)").unwrap();
        for (uuid, sealed) in chunk {
            insert.execute((uuid, sealed)).unwrap();
        }
        drop(insert);
        commit.commit().unwrap();
    }
    rows.len() as f64 / began.elapsed().as_secs_f64()
}
