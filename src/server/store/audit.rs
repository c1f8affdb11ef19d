//! The audit: reading it, and checking its hash chain. Other use cases write it.

use domain::Timestamp;

use super::Store;
use super::error::StoreError;
pub use super::model::audit::*;
use super::model::desk::DeskSummary;
use super::sqlite::{Sqlite, audit, desk};

/// The use cases of the audit.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(&'a Sqlite);

impl Store {
    pub fn audit(&self) -> Audit<'_> {
        Audit(&self.db)
    }
}

impl Audit<'_> {
    /// The newest entries before `before`, newest first, with the counts of the console's navigation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        self,
        before: Option<i64>,
        limit: usize,
        now: Timestamp,
    ) -> Result<(DeskSummary, Vec<AuditEntry>), StoreError> {
        self.0.read(move |db| Ok((desk::summary(db, now)?, audit::list(db, before, limit)?))).await
    }

    /// The first entry whose hash does not follow from the entry before; none if the chain is intact.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn first_break(self) -> Result<Option<i64>, StoreError> {
        self.0.read(audit::first_break).await
    }
}
