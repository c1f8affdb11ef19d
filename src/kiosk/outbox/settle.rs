//! Letting go: what the server's answers do to the rows.

use domain::Timestamp;
use domain::id::SubmissionId;
use domain::wire::{BatchReply, ItemResult, ItemStatus, Limits, MissingSeqs};
use rusqlite::{OptionalExtension as _, Transaction, TransactionBehavior};

use super::quarantine::{Reason, shut_away};
use super::{Error, Outbox, database, delivered, quarantine};

/// Whose fault a refusal seems to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// The server has taken others since it was refused before: it is the item.
    AgainstIt,
    /// The server takes nothing at present: it may be the server.
    AgainstTheServer,
}

/// What became of the items that were sent, and of others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Safe on the server.
    pub delivered: u64,
    /// Put into quarantine.
    pub quarantined: u64,
    /// Still waiting.
    pub kept: u64,
    /// Waiting again, because the server has lost them.
    pub revived: u64,
    /// Waiting again, because the reason for which they were in quarantine may have gone away.
    pub released: u64,
}

/// What a reply says beside its results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The server's clock.
    pub server_time: Timestamp,
    /// What the server takes, if the reply can be trusted that far.
    pub limits: Option<Limits>,
    /// What it lacks.
    pub missing: Vec<MissingSeqs>,
    /// It does not know what it said last that it stored.
    pub forgot: bool,
    /// How often staff have asked to try again what is in quarantine.
    pub retries_asked: u64,
}

impl News {
    /// Nothing but the time.
    pub fn at(server_time: Timestamp) -> Self {
        Self { server_time, limits: None, missing: Vec::new(), forgot: false, retries_asked: 0 }
    }

    /// What `reply` says.
    pub fn of(reply: &BatchReply) -> Self {
        Self {
            server_time: reply.server_time,
            limits: Some(reply.limits),
            missing: reply.missing.clone(),
            forgot: reply.forgot,
            retries_asked: reply.retries_asked,
        }
    }
}

impl Outbox {
    /// Obeys the server's answers and its news, all in one transaction.
    ///
    /// An item is delivered only by `stored` or `duplicate` with its own hash. One that is `rejected` or in
    /// `conflict` goes into quarantine, and so does one that is larger than the server takes. Whatever else
    /// is said, the item stays and takes its turn again. If the disk is full, a reserve is given up for it.
    ///
    /// # Errors
    /// [`Error`]: nothing was let go; sending the same items again does no harm.
    pub fn settle(
        &mut self,
        results: &[ItemResult],
        news: &News,
        now: Timestamp,
    ) -> Result<Settlement, Error> {
        self.alarms.look_at(now);
        // To look at every row takes a while: only when the limits are not what they were.
        let changed = news.limits.filter(|limits| self.limits != Some(*limits));
        let mut outcome = self.in_one_transaction(|db| obey(db, results, news, changed, now));
        if matches!(outcome, Err(Error::Full(_))) && database::give_up_reserve(&self.folder) {
            outcome = self
                .noting(outcome)
                .or_else(|_| self.in_one_transaction(|db| obey(db, results, news, changed, now)));
        }
        let settlement = self.noting(outcome)?;
        self.limits = news.limits.or(self.limits);
        Ok(settlement)
    }

    /// The server would not take a request with nothing but this item in it. It comes alone from now on, and
    /// after all others that do. Answers how often that was counted against it.
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
                    "update waiting set refusals = refusals + ?2, suspect = 1, setbacks = 1 + max(setbacks,
                         (select coalesce(max(setbacks), 0) from waiting where suspect = 1))
                     where id = ?1 returning refusals",
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

fn obey(
    db: &Transaction<'_>,
    results: &[ItemResult],
    news: &News,
    changed: Option<Limits>,
    now: Timestamp,
) -> Result<Settlement, rusqlite::Error> {
    // First, so that what is delivered now is not taken for something that the server forgot.
    let revived = delivered::revive_missing(db, &news.missing)?;
    let mut settlement = Settlement { revived, ..Settlement::default() };
    if news.forgot {
        settlement.revived += delivered::revive_all(db)?;
    }
    for result in results {
        settle_one(db, result, news, now, &mut settlement)?;
    }
    settlement.released = quarantine::release_what_may_pass(db, news)?;
    if let Some(limits) = changed {
        settlement.quarantined += quarantine::shut_away_too_large(db, limits, now)?;
    }
    delivered::prune(db, news.server_time)?;
    Ok(settlement)
}

fn settle_one(
    db: &Transaction<'_>,
    result: &ItemResult,
    news: &News,
    now: Timestamp,
    settlement: &mut Settlement,
) -> Result<(), rusqlite::Error> {
    let id = result.id.to_string();
    match result.status {
        ItemStatus::Stored | ItemStatus::Duplicate => {
            if delivered::deliver(db, &id, &result.sha256, news.server_time)? {
                settlement.delivered += 1;
                return Ok(());
            }
        }
        ItemStatus::Conflict | ItemStatus::Rejected => {
            let word = if result.status == ItemStatus::Conflict { "conflict" } else { "rejected" };
            let why = result.reason.as_deref().map_or(word.to_owned(), |why| format!("{word}: {why}"));
            let reason = Reason { why, most_bytes: news.limits.map(|l| l.max_item_bytes), try_after: None };
            if shut_away(db, &id, &reason, now)? {
                settlement.quarantined += 1;
                return Ok(());
            }
        }
        ItemStatus::Retry | ItemStatus::Unknown => {}
    }
    // Those that come alone take turns, however often each of them was put off before.
    let kept = db
        .prepare_cached(
            "update waiting set setbacks = 1 + case suspect
                 when 1 then (select max(setbacks) from waiting where suspect = 1) else setbacks end
             where id = ?1",
        )?
        .execute([&id])?;
    settlement.kept += u64::try_from(kept).unwrap_or_default();
    Ok(())
}
