//! Intake: storing batches, the ingest queue of items to be opened, and the quarantine.
//!
//! A batch is stored with the priority of kiosks. Everything after that is background work, which other
//! writes overtake.

use std::sync::Arc;

use domain::Timestamp;
use domain::policy::SlaPolicy;
use domain::seal::{KeyId, PrivateKey};

use super::Store;
use super::error::StoreError;
use super::model::desk::DeskSummary;
pub use super::model::intake::*;
use super::model::publications::FormSource;
use super::sqlite::{OpenError, Reader, Sqlite, desk, forms, ingest_queue, intake, kiosks, quarantine};

pub use super::sqlite::Pending;

/// The use cases of intake.
#[derive(Clone, Copy, Debug)]
pub struct Intake<'a>(&'a Sqlite);

/// The ingest queue, for the thread that opens its items. Its methods block.
#[derive(Debug)]
pub struct IngestQueue(Reader);

impl Store {
    pub fn intake(&self) -> Intake<'_> {
        Intake(&self.db)
    }
}

impl Intake<'_> {
    /// Stores a batch. It is durable when this returns `Ok`.
    ///
    /// # Errors
    /// [`StoreError`]; nothing of the batch is stored then.
    pub async fn keep_batch(self, batch: ReceivedBatch, now: Timestamp) -> Result<KeptBatch, StoreError> {
        self.0.take_in(batch.items.len() + 1, move |db| intake::keep_batch(db, batch, now)).await
    }

    /// The newest items in quarantine, with the counts of the console's navigation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn quarantine(
        self,
        limit: usize,
        now: Timestamp,
    ) -> Result<(DeskSummary, Vec<QuarantinedItem>), StoreError> {
        self.0.read(move |db| Ok((desk::summary(db, now)?, quarantine::newest(db, limit)?))).await
    }

    /// The queue, on a connection of its own.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn queue(self) -> Result<IngestQueue, OpenError> {
        self.0.reader().map(IngestQueue)
    }

    /// Begins to put the quarantined items back into the queue that a newer program or a restored key may
    /// open.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Closed`].
    pub fn retry_quarantined(self) -> Result<Pending<usize>, StoreError> {
        self.0.begin_later(1, ingest_queue::try_again)
    }

    /// Begins to make cases of these items, or to put them into quarantine.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Closed`].
    pub fn settle(self, items: Arc<Vec<OpenedItem>>, policy: SlaPolicy) -> Result<Pending<()>, StoreError> {
        self.0.begin_later(items.len(), move |db| {
            items.iter().try_for_each(|item| ingest_queue::settle(db, item, &policy))
        })
    }

    /// Begins to make a case of one of these items, or to put it into quarantine.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Closed`].
    pub fn settle_one(
        self,
        items: Arc<Vec<OpenedItem>>,
        at: usize,
        policy: SlaPolicy,
    ) -> Result<Pending<()>, StoreError> {
        self.0.begin_later(1, move |db| ingest_queue::settle(db, &items[at], &policy))
    }

    /// Begins to quarantine an item that the store could not settle.
    ///
    /// # Errors
    /// [`StoreError::Busy`] and [`StoreError::Closed`].
    pub fn give_up(self, row: i64) -> Result<Pending<()>, StoreError> {
        self.0.begin_later(1, move |db| ingest_queue::quarantine(db, row, Some(QuarantineReason::Failed)))
    }
}

impl IngestQueue {
    /// The first items after `row`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn after(&self, row: i64, limit: usize) -> Result<Vec<PendingItem>, StoreError> {
        self.0.ask(|db| ingest_queue::after(db, row, limit))
    }

    /// The private key with this id, if a kiosk sent it when it enrolled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn opening_key(&self, id: &KeyId) -> Result<Option<PrivateKey>, StoreError> {
        self.0.ask(|db| kiosks::opening_key(db, &id.0))
    }

    /// The texts of all stored forms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forms(&self) -> Result<Vec<FormSource>, StoreError> {
        self.0.ask(forms::kept)
    }
}
