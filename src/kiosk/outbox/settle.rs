//! Settling: applies the server's reply to the rows.
//!
//! A reply is applied in one transaction. It moves an item to `delivered` or `quarantined`, queues lost and
//! released items again, or leaves an item waiting.

use domain::Timestamp;
use domain::id::SubmissionId;
use domain::wire::{ItemResult, ItemStatus, Limits};
use rusqlite::{OptionalExtension as _, Transaction};

use super::quarantine::{Reason, quarantine_row};
use super::{Error, Outbox, ServerReport, database, delivered, quarantine};

/// What the refusal of a single item is attributed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The item: the server has accepted others since its last refusal.
    Item,
    /// Possibly the server: it has accepted nothing since its last refusal.
    Server,
}

/// The numbers of rows that a reply changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Items that the server stored.
    pub delivered: u64,
    pub quarantined: u64,
    pub kept: u64,
    /// Items queued again, because the server has lost them.
    pub revived: u64,
    /// Items released from quarantine, because the reason may be gone.
    pub released: u64,
}

impl Outbox {
    /// Applies a reply, in one transaction.
    ///
    /// An item is delivered only by `stored` or `duplicate` with its own hash. An item that is `rejected`, in
    /// `conflict` or larger than the server accepts is quarantined. With any other result the item stays and
    /// is sent again later. If the disk is full, the reserve is freed for this.
    ///
    /// # Errors
    /// [`Error`]: nothing was changed. Sending the same items again is idempotent.
    pub fn settle(
        &mut self,
        results: &[ItemResult],
        report: &ServerReport,
        now: Timestamp,
    ) -> Result<Settlement, Error> {
        self.alarms.set_time(now);
        // Checking the size of every row is slow, so it is done only if the limits have changed.
        let changed = report.limits.filter(|limits| self.limits != Some(*limits));
        let mut outcome = self.in_one_transaction(|db| apply(db, results, report, changed, now));
        if matches!(outcome, Err(Error::Full(_))) && database::free_reserve(&self.folder) {
            outcome = self
                .note_disk_failure(outcome)
                .or_else(|_| self.in_one_transaction(|db| apply(db, results, report, changed, now)));
        }
        let settlement = self.note_disk_failure(outcome)?;
        self.limits = report.limits.or(self.limits);
        Ok(settlement)
    }

    /// Counts that the server refused a request with only this item. The item becomes a suspect, the last of
    /// the round-robin. Returns how many refusals are attributed to the item.
    ///
    /// # Errors
    /// [`Error`].
    pub fn count_refusal(&mut self, id: SubmissionId, fault: Fault) -> Result<u32, Error> {
        let counted = match fault {
            Fault::Item => 1,
            Fault::Server => 0,
        };
        let outcome = self.in_one_transaction(|transaction| {
            let refusals = transaction
                .query_row(
                    "update waiting set refusals = refusals + ?2, suspect = 1, deferrals = 1 + max(deferrals,
                         (select coalesce(max(deferrals), 0) from waiting where suspect = 1))
                     where id = ?1 returning refusals",
                    (id.to_string(), counted),
                    |row| row.get(0),
                )
                .optional()?;
            Ok(refusals.unwrap_or_default())
        });
        self.note_disk_failure(outcome)
    }
}

fn apply(
    db: &Transaction<'_>,
    results: &[ItemResult],
    report: &ServerReport,
    changed: Option<Limits>,
    now: Timestamp,
) -> Result<Settlement, rusqlite::Error> {
    // This comes first, so that items delivered by this reply are not treated as lost.
    let revived = delivered::revive_missing(db, &report.missing)?;
    let mut settlement = Settlement { revived, ..Settlement::default() };
    // A server that lost one delivered item may have lost any. It cannot always name them: in an epoch that
    // two kiosks share, the other kiosk's item fills the gap; and a late copy of a request can make the
    // newest item known again.
    if revived > 0 || report.newest_unknown {
        settlement.revived += delivered::revive_all(db)?;
    }
    for result in results {
        settle_one(db, result, report, now, &mut settlement)?;
    }
    settlement.released = quarantine::release_due(db, report)?;
    if let Some(limits) = changed {
        settlement.quarantined += quarantine::quarantine_too_large(db, limits, now)?;
    }
    delivered::prune(db, report.server_time)?;
    Ok(settlement)
}

fn settle_one(
    db: &Transaction<'_>,
    result: &ItemResult,
    report: &ServerReport,
    now: Timestamp,
    settlement: &mut Settlement,
) -> Result<(), rusqlite::Error> {
    let id = result.id.to_string();
    match result.status {
        ItemStatus::Stored | ItemStatus::Duplicate => {
            if delivered::deliver(db, &id, &result.sha256, report.server_time)? {
                settlement.delivered += 1;
                return Ok(());
            }
        }
        ItemStatus::Conflict | ItemStatus::Rejected => {
            let word = if result.status == ItemStatus::Conflict { "conflict" } else { "rejected" };
            let why = result.reason.as_deref().map_or(word.to_owned(), |why| format!("{word}: {why}"));
            let reason = Reason { why, most_bytes: report.limits.map(|l| l.max_item_bytes), try_after: None };
            if quarantine_row(db, &id, &reason, now)? {
                settlement.quarantined += 1;
                return Ok(());
            }
        }
        ItemStatus::Retry | ItemStatus::Unknown => {}
    }
    // Suspects are sent round-robin, however often each was deferred before.
    let kept = db
        .prepare_cached(
            "update waiting set deferrals = 1 + case suspect
                 when 1 then (select max(deferrals) from waiting where suspect = 1) else deferrals end
             where id = ?1",
        )?
        .execute([&id])?;
    settlement.kept += u64::try_from(kept).unwrap_or_default();
    Ok(())
}
