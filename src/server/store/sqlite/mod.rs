//! The store on SQLite: one writer, several readers, and plain functions on a connection.
//!
//! Each function does one query or one change, and is tested without threads. [`Sqlite`] runs them: writes go
//! one after the other through a single thread that commits many of them together; reads run beside it on
//! connections of their own. A write has been synced to the disk before its caller gets the result.

pub(super) mod audit;
pub(super) mod backup;
pub(super) mod cases;
pub(super) mod content;
pub(super) mod desk;
pub(super) mod form_tokens;
pub(super) mod forms;
pub(super) mod ingest_queue;
pub(super) mod intake;
pub(super) mod kiosks;
mod lanes;
pub(super) mod ledger;
mod log_owner;
pub(super) mod open;
mod pool;
pub(super) mod quarantine;
pub(super) mod restore;
pub(super) mod sessions;
pub(super) mod staff;
pub(super) mod tally;
mod tokens;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::{Timestamp, calendar};
use rusqlite::ffi::{SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE};
use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::error::{DatabaseError, StoreError, WriteFault};
use lanes::Lane;
pub use open::OpenError;
use open::open;

/// Reading connections for people. More than there are cores would only wait for each other.
const FOR_PEOPLE: usize = 3;
/// Reading connections for kiosks. They are separate, so that no person waits behind ten thousand kiosks.
const FOR_KIOSKS: usize = 2;

/// A database in use.
#[derive(Debug)]
pub(super) struct Sqlite {
    path: PathBuf,
    user: User,
}

/// Who uses the database.
#[derive(Debug)]
enum User {
    Server {
        writer: writer::Writer,
        for_people: pool::Readers,
        for_kiosks: pool::Readers,
    },
    /// One command, beside a server or without one, which does one job after the other.
    Command(Mutex<Connection>),
}

/// A write that is under way.
#[derive(Debug)]
pub struct Pending<T, E = StoreError>(oneshot::Receiver<Result<T, E>>);

impl<T, E: From<StoreError>> Pending<T, E> {
    /// Waits on a thread that may block. The write is durable when this returns `Ok`.
    ///
    /// # Errors
    /// What the write returned.
    pub fn wait(self) -> Result<T, E> {
        self.0.blocking_recv().map_err(|_| StoreError::Closed)?
    }
}

/// A connection that only reads.
#[derive(Debug)]
pub(super) struct Reader(Connection);

impl Reader {
    /// Runs `question` on the calling thread.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        question(&self.0)
    }
}

impl Sqlite {
    /// Opens the database at `path`, migrates it, checks its pages, and starts the writer.
    pub(super) fn open_for_server(path: &Path) -> Result<Self, OpenError> {
        let old_id = log_owner::id(path).unwrap_or_default();
        let connection = open(path)?;
        open::check(&connection, path)?;
        // A server starts on a full disk too, and shows there what is wrong.
        if let Err(cause) = log_owner::renew(&connection, path, old_id) {
            tracing::warn!(%cause, "the database could not be given a new id");
        }
        let for_people = pool::Readers::open(path, FOR_PEOPLE)?;
        let for_kiosks = pool::Readers::open(path, FOR_KIOSKS)?;
        let writer = writer::Writer::start(connection);
        let user = User::Server { writer, for_people, for_kiosks };
        Ok(Self { path: path.to_owned(), user })
    }

    /// Opens the database at `path` and migrates it.
    pub(super) fn open_for_command(path: &Path) -> Result<Self, OpenError> {
        Ok(Self { path: path.to_owned(), user: User::Command(Mutex::new(open(path)?)) })
    }

    /// Runs `job` in a write transaction, with the priority of people. It is durable when this returns `Ok`;
    /// a job that fails is rolled back.
    pub(super) async fn write<T, E, J>(&self, job: J) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        J: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        self.put(Lane::People, 1, job)?.await.map_err(|_| StoreError::Closed)?
    }

    /// Like [`Self::write`], with the priority of kiosks. The job writes about `rows` rows.
    pub(super) async fn take_in<T, E, J>(&self, rows: usize, job: J) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        J: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        self.put(Lane::Kiosks, rows, job)?.await.map_err(|_| StoreError::Closed)?
    }

    /// Begins a background write. Each commit holds at most one of them.
    pub(super) fn begin_later<T, J>(&self, rows: usize, job: J) -> Result<Pending<T>, StoreError>
    where
        T: Send + 'static,
        J: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        self.put(Lane::Later, rows, job).map(Pending)
    }

    fn put<T, E, J>(&self, lane: Lane, rows: usize, job: J) -> Result<writer::Answer<T, E>, StoreError>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        J: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        match &self.user {
            User::Server { writer, .. } => writer.put(lane, rows, job),
            User::Command(connection) => {
                let (tell, answer) = oneshot::channel();
                let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                let _ = tell.send(at_once(&connection, job));
                Ok(answer)
            }
        }
    }

    /// Runs `question` on a snapshot of what is committed, for a person.
    pub(super) async fn read<T, E, Q>(&self, question: Q) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        match &self.user {
            User::Server { for_people, .. } => for_people.run(question).await,
            User::Command(connection) => look(connection, question),
        }
    }

    /// Like [`Self::read`], on the connections that only kiosks use.
    pub(super) async fn read_for_kiosk<T, Q>(&self, question: Q) -> Result<T, StoreError>
    where
        T: Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.user {
            User::Server { for_kiosks, .. } => for_kiosks.run(question).await,
            User::Command(connection) => look(connection, question),
        }
    }

    /// A connection that only reads, for a thread of its own.
    pub(super) fn reader(&self) -> Result<Reader, OpenError> {
        open::reader(&self.path).map(Reader)
    }

    /// The id of the newest case event; changes with every new one.
    pub(super) fn events(&self) -> watch::Receiver<i64> {
        match &self.user {
            User::Server { writer, .. } => writer.events(),
            User::Command(_) => watch::channel(0).1,
        }
    }

    /// Does the writes that are waiting, ends the writer, and optimises the database.
    pub(super) fn close(&self) {
        if let User::Server { writer, .. } = &self.user {
            writer.close();
        }
    }
}

fn at_once<T, E>(db: &Connection, job: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError>,
{
    let transaction = Transaction::new_unchecked(db, TransactionBehavior::Immediate);
    let transaction = transaction.map_err(StoreError::from)?;
    let done = job(&transaction)?;
    let committed = transaction.commit();
    committed.map_err(|cause| StoreError::NotCommitted(Arc::new(database_error(cause))))?;
    Ok(done)
}

fn look<T, E: From<StoreError>>(
    connection: &Mutex<Connection>,
    question: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    let connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
    let moment = connection.unchecked_transaction().map_err(StoreError::from)?;
    question(&moment)
}

/// From now on there is no room for anything that is written, as on a full disk.
#[cfg(test)]
pub(super) fn leave_no_room(db: &Connection) -> Result<(), StoreError> {
    for table in ["server_meta", "session", "kiosk", "audit_entry"] {
        db.execute_batch(&format!(
            "create temp trigger large_{table} before insert on main.{table} begin
               insert into server_meta (name, value) values (hex(randomblob(8)), hex(zeroblob(200000)));
             end"
        ))?;
    }
    db.pragma_update_and_check(None, "max_page_count", 1, |_| Ok(()))?;
    Ok(())
}

/// Opens the database at `path` for a test that looks at its rows.
#[cfg(test)]
pub(crate) fn rows(path: &Path) -> Connection {
    open(path).unwrap()
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Database(database_error(cause))
    }
}

fn database_error(cause: rusqlite::Error) -> DatabaseError {
    let fault = match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Some(WriteFault::DiskFull),
        Some(ErrorCode::ReadOnly) => Some(WriteFault::Refused),
        Some(ErrorCode::SystemIoFailure) => is_of_writing(&cause).then_some(WriteFault::Refused),
        _ => None,
    };
    DatabaseError::new(cause, fault)
}

/// Whether a failure of the disk happened when something was written.
fn is_of_writing(cause: &rusqlite::Error) -> bool {
    cause.sqlite_error().is_some_and(|error| {
        matches!(
            error.extended_code,
            SQLITE_IOERR_WRITE | SQLITE_IOERR_FSYNC | SQLITE_IOERR_TRUNCATE | SQLITE_IOERR_SHMSIZE
        )
    })
}

/// Writes something small, so that a disk that takes nothing is noticed.
pub(super) fn try_disk(db: &Connection, now: Timestamp) -> Result<(), StoreError> {
    db.execute(
        "insert into server_meta (name, value) values ('disk-tried', ?1)
         on conflict (name) do update set value = excluded.value",
        [millis(now).to_string()],
    )?;
    Ok(())
}

/// A moment as it is stored.
pub(super) fn millis(at: Timestamp) -> i64 {
    at.timestamp_millis()
}

/// A stored moment, or the nearest one that a page can show: the disk may hold what this program never stored. A
/// value out of range is read as 1970.
pub(super) fn moment(millis: i64) -> Timestamp {
    calendar::nearest(Timestamp::from_timestamp_millis(millis).unwrap_or_default())
}

/// A stored number of things.
pub(super) fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
