//! Letting go: what the server's answers do to the rows.

use domain::Timestamp;
use domain::id::SubmissionId;
use domain::wire::{ItemResult, Status};
use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior};

use super::{Error, Outbox};

/// Whose fault a refusal seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The server has taken others since it was refused before: it is the item.
    AgainstIt,
    /// The server takes nothing at present: it may be the server.
    AgainstTheServer,
}

/// What became of the items that were sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Safe on the server, and gone from here.
    pub delivered: u64,
    /// Put into quarantine.
    pub quarantined: u64,
    /// Still waiting.
    pub kept: u64,
}

impl Outbox {
    /// Obeys the server's answers, all of them in one transaction.
    ///
    /// An item is let go only for `stored` or `duplicate` with its own hash. One that is `rejected` or in
    /// `conflict` goes into quarantine. Whatever else is said, the item stays and takes its turn again.
    ///
    /// # Errors
    /// [`Error`]: nothing was let go; sending the same items again does no harm.
    pub fn settle(&mut self, results: &[ItemResult], now: Timestamp) -> Result<Settlement, Error> {
        let outcome = self.in_one_transaction(|transaction| {
            let mut settlement = Settlement::default();
            for result in results {
                settle_one(transaction, result, now, &mut settlement)?;
            }
            Ok(settlement)
        });
        self.noting(outcome)
    }

    /// The server would not take a request with nothing but this item in it. It comes after all others
    /// from now on. Answers how often that was counted against it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn refused(&mut self, id: SubmissionId, count: Count) -> Result<u32, Error> {
        let one = match count {
            Count::AgainstIt => 1,
            Count::AgainstTheServer => 0,
        };
        let outcome = self.in_one_transaction(|transaction| {
            let refusals = transaction
                .query_row(
                    "update waiting set setbacks = setbacks + 1, refusals = refusals + ?2 where id = ?1
                     returning refusals",
                    (id.to_string(), one),
                    |row| row.get(0),
                )
                .optional()?;
            Ok(refusals.unwrap_or_default())
        });
        self.noting(outcome)
    }

    pub(super) fn in_one_transaction<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, rusqlite::Error>,
    ) -> Result<T, Error> {
        let transaction = self.writer()?.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

fn settle_one(
    db: &Transaction<'_>,
    result: &ItemResult,
    now: Timestamp,
    settlement: &mut Settlement,
) -> Result<(), rusqlite::Error> {
    let id = result.id.to_string();
    match result.status {
        Status::Stored | Status::Duplicate => {
            let gone =
                db.execute("delete from waiting where id = ?1 and sha256 = ?2", (&id, &result.sha256))?;
            if gone == 1 {
                settlement.delivered += 1;
                return Ok(());
            }
        }
        Status::Conflict | Status::Rejected => {
            let word = if result.status == Status::Conflict { "conflict" } else { "rejected" };
            let reason = result.reason.as_deref().map_or(word.to_owned(), |why| format!("{word}: {why}"));
            if super::quarantine::shut_away(db, &id, &reason, now)? {
                settlement.quarantined += 1;
                return Ok(());
            }
        }
        Status::Retry | Status::Unknown => {}
    }
    let kept = db.execute("update waiting set setbacks = setbacks + 1 where id = ?1", [&id])?;
    settlement.kept += u64::try_from(kept).unwrap_or_default();
    Ok(())
}
