//! The audit: reading it, and checking that nothing was taken out. Other use cases write it.

use domain::Timestamp;

use super::Store;
use super::error::StoreError;
pub use super::model::audit::*;
use super::model::desk::DeskSummary;
use super::sqlite::{Sqlite, audit, desk};

/// What is done with the audit.
#[derive(Clone, Copy, Debug)]
pub struct Audit<'a>(&'a Sqlite);

impl Store {
    /// Who did or saw what.
    pub fn audit(&self) -> Audit<'_> {
        Audit(&self.db)
    }
}

impl Audit<'_> {
    /// The newest entries before `before`, newest first, with what surrounds them in the console.
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

    /// The first entry that does not follow from the one before; none when the chain is whole.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn first_break(self) -> Result<Option<i64>, StoreError> {
        self.0.read(audit::first_break).await
    }
}
