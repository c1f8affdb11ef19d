//! A pool of a few reading connections. Each query borrows one.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::store::error::StoreError;
use crate::store::sqlite::open::{OpenError, reader};

/// How long a query waits for a connection. A caller who waited longer has probably gone.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(path: &Path, many: usize) -> Result<Self, OpenError> {
        let idle = (0..many).map(|_| reader(path)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), free: Arc::new(Semaphore::new(many)) })
    }

    /// Runs a query on a thread that may block, in one transaction, so that it sees one snapshot.
    pub(super) async fn run<T, E, Q>(&self, question: Q) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        Q: FnOnce(&Connection) -> Result<T, E> + Send + 'static,
    {
        let free = tokio::time::timeout(PATIENCE, Arc::clone(&self.free).acquire_owned());
        let permit = free.await.map_err(|_| StoreError::Busy)?.map_err(|_| StoreError::Closed)?;
        let idle = Arc::clone(&self.idle);
        let asked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let lent = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = lent.ok_or(StoreError::Closed)?;
            let answer = connection
                .unchecked_transaction()
                .map_err(|cause| StoreError::from(cause).into())
                .and_then(|transaction| question(&transaction));
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            answer
        });
        asked.await.map_err(|_| StoreError::Closed)?
    }
}
