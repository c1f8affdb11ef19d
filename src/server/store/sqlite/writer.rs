//! The one thread that writes, with group commit.
//!
//! A commit costs a sync of the disk, whether it holds one change or a hundred. So the thread takes all jobs
//! that are waiting, runs each under a savepoint of its own, commits once, and only then answers the callers.
//! A job that fails is rolled back alone.
//!
//! There are three lanes: people, then kiosks, then one job of the background work. The rows of a commit are
//! bounded, so that a person waits for one commit at most, however many kiosks send.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, DropBehavior, Transaction, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::database_error;
use super::lanes::{Lane, Lanes, Refused};
use crate::store::error::{DatabaseError, StoreError};

/// About how many rows share a commit: some 20 ms of work.
const ROWS_PER_COMMIT: usize = 1024;

/// Sends the result to the caller, once it is known whether the commit worked.
type Tell = Box<dyn FnOnce(Committed) + Send>;
type Committed = Result<(), Arc<DatabaseError>>;
pub(super) type Job = Box<dyn FnOnce(&mut Transaction<'_>) -> Tell + Send>;
/// The result of a job, once it is known.
pub(super) type Answer<T, E> = oneshot::Receiver<Result<T, E>>;

#[derive(Debug)]
pub(super) struct Writer {
    lanes: Arc<Lanes<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    events: watch::Receiver<i64>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Self {
        let lanes = Arc::new(Lanes::new());
        let (happened, events) = watch::channel(newest_event(&connection));
        let waiting = Arc::clone(&lanes);
        let thread = std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || work(connection, &waiting, &happened))
            .expect("the system lets a program start a thread");
        Self { lanes, thread: Mutex::new(Some(thread)), events }
    }

    pub(super) fn events(&self) -> watch::Receiver<i64> {
        self.events.clone()
    }

    /// Puts a job into its lane. `weight` is about how many rows it writes.
    pub(super) fn put<T, E, J>(&self, lane: Lane, weight: usize, job: J) -> Result<Answer<T, E>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        J: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let (answer, heard) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let done = under_savepoint(transaction, job);
            Box::new(move |committed| {
                let result = match committed {
                    Ok(()) => done,
                    Err(cause) => done.and(Err(StoreError::NotCommitted(cause).into())),
                };
                // If the connection of the caller broke, nobody receives this. The write stands.
                let _ = answer.send(result);
            })
        });
        match self.lanes.put(lane, weight, job) {
            Ok(()) => Ok(heard),
            Err(Refused::Full) => Err(StoreError::Busy),
            Err(Refused::Closed) => Err(StoreError::Closed),
        }
    }

    pub(super) fn close(&self) {
        self.lanes.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|t| t.join().is_err()) {
            tracing::error!("the thread that writes to the database had died");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

fn under_savepoint<T, E: From<StoreError>>(
    transaction: &mut Transaction<'_>,
    job: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let mut savepoint = transaction.savepoint().map_err(StoreError::from)?;
    savepoint.set_drop_behavior(DropBehavior::Rollback);
    let done = job(&savepoint)?;
    savepoint.commit().map_err(StoreError::from)?;
    Ok(done)
}

fn work(mut db: Connection, lanes: &Lanes<Job>, happened: &watch::Sender<i64>) {
    while lanes.wait() {
        let mut to_tell = Vec::new();
        let committed = commit_together(&mut db, lanes, &mut to_tell);
        if let Err(cause) = &committed {
            tracing::error!(%cause, "a commit failed; its callers are told");
        }
        for tell in to_tell {
            tell(committed.clone());
        }
        let newest = newest_event(&db);
        happened.send_if_modified(|known| std::mem::replace(known, newest) != newest);
    }
    let _ = db.pragma_update(None, "optimize", "");
    if let Err(cause) = db.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(())) {
        tracing::warn!(%cause, "the write-ahead log could not be checkpointed");
    }
}

fn commit_together(db: &mut Connection, lanes: &Lanes<Job>, to_tell: &mut Vec<Tell>) -> Committed {
    let failed = |cause| Arc::new(database_error(cause));
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate);
    let mut transaction = transaction.map_err(|e| {
        // The job is dropped with its channel, so its caller gets an error. Nothing was written.
        drop(lanes.take());
        failed(e)
    })?;
    let (mut weight, mut later) = (0, false);
    while weight < ROWS_PER_COMMIT && !later {
        let Some((lane, heavy, job)) = lanes.take() else { break };
        weight += heavy;
        later = lane == Lane::Later;
        to_tell.push(job(&mut transaction));
    }
    // Every commit does one background job, however much the kiosks send.
    if !later && let Some(job) = lanes.take_later() {
        to_tell.push(job(&mut transaction));
    }
    transaction.commit().map_err(failed)
}

fn newest_event(db: &Connection) -> i64 {
    db.prepare_cached("select coalesce(max(id), 0) from case_event")
        .and_then(|mut query| query.query_row([], |row| row.get(0)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::Sqlite;

    fn a_store(place: &tempfile::TempDir) -> Sqlite {
        Sqlite::open_for_server(&place.path().join("galleria.db")).unwrap()
    }

    fn set(db: &Connection, name: &str) -> Result<(), StoreError> {
        db.execute("insert into server_meta (name, value) values (?1, '')", [name])?;
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_write_is_rolled_back_alone() {
        let place = tempfile::tempdir().unwrap();
        let store = a_store(&place);
        let failing = store.write(|db| {
            set(db, "half")?;
            Err::<(), _>(StoreError::Unreadable { what: "test" })
        });
        let (failed, kept) = tokio::join!(failing, store.write(|db| set(db, "whole")));
        assert!(failed.is_err() && kept.is_ok());
        let names = store.read::<_, StoreError, _>(|db| {
            let mut query = db.prepare("select name from server_meta")?;
            let rows = query.query_map([], |row| row.get::<_, String>(0))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        });
        assert_eq!(names.await.unwrap(), ["whole"]);
    }

    /// Writes that wait when the store closes are done, and later writes are refused.
    #[tokio::test(flavor = "multi_thread")]
    async fn waiting_writes_survive_the_close() {
        let place = tempfile::tempdir().unwrap();
        let store = a_store(&place);
        let writes: Vec<_> = (0..200)
            .map(|n| {
                let name = n.to_string();
                store.write(move |db| set(db, &name))
            })
            .collect();
        assert!(futures_util::future::join_all(writes).await.iter().all(Result::is_ok));
        store.close();
        assert!(matches!(store.write(|db| set(db, "late")).await, Err(StoreError::Closed)));
        let db = crate::store::sqlite::open::open(&place.path().join("galleria.db")).unwrap();
        let kept: i64 = db.query_row("select count(*) from server_meta", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 200);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_reader_cannot_write() {
        let place = tempfile::tempdir().unwrap();
        let store = a_store(&place);
        assert!(store.read(|db| set(db, "no")).await.is_err());
    }
}
