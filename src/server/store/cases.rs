//! Cases: the inbox, changes by staff, replies and case lookups of visitors, events for consoles, the export.
//!
//! Cases are not created here: `intake` makes them of the items that it opens.

use domain::Timestamp;
use domain::policy::SlaPolicy;
use domain::receipt::{CaseNumber, ReceiptCode, TrackingToken};
use tokio::sync::watch;

use super::Store;
use super::error::StoreError;
use super::model::accounts::{Staff, StaffId};
use super::model::audit::{AuditAction, AuditActor};
pub use super::model::cases::*;
use super::model::form_token::Sending;
use super::model::intake::Envelope;
use super::sqlite::cases::{change, inbox, lookup, news, read};
use super::sqlite::{Sqlite, audit, desk, form_tokens, ingest_queue};

/// Cases read at a time for an export.
const EXPORTED: usize = 500;

/// The use cases of cases.
#[derive(Clone, Copy, Debug)]
pub struct Cases<'a>(&'a Sqlite);

/// Takes the cases of an export, one after the other.
pub trait CaseSink: Send + 'static {
    /// Why the sink cannot take more.
    type Error: From<StoreError> + Send + 'static;

    /// Takes the next case. Promises and events are empty if the export does not need them.
    ///
    /// # Errors
    /// [`Self::Error`], which ends the export.
    fn take(&mut self, record: &CaseRecord) -> Result<(), Self::Error>;
}

/// Tells that there may be new case events.
#[derive(Clone, Debug)]
pub struct CaseFeed(watch::Receiver<i64>);

impl CaseFeed {
    /// Lets the next wait end at once.
    pub fn look_again(&mut self) {
        self.0.mark_changed();
    }

    /// Waits until there may be new events since the last wait.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub async fn changed(&mut self) -> Result<(), StoreError> {
        self.0.changed().await.map_err(|_| StoreError::Closed)?;
        self.0.mark_unchanged();
        Ok(())
    }
}

impl Store {
    pub fn cases(&self) -> Cases<'_> {
        Cases(&self.db)
    }
}

impl Cases<'_> {
    /// A page of the inbox, and the case `open` beside it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn inbox(
        self,
        filter: CaseFilter,
        skip: usize,
        limit: usize,
        open: Option<CaseId>,
        now: Timestamp,
    ) -> Result<CasePage, StoreError> {
        self.0
            .read(move |db| {
                let mut cases = inbox::list(db, &filter, skip, limit + 1)?;
                let more = cases.len() > limit;
                cases.truncate(limit);
                let open = open.map(|id| read::by_id(db, id)).transpose()?.flatten();
                let open = open.map(|case| read::record(db, case)).transpose()?;
                let done = open.as_ref().map(|open| form_tokens::of_case(db, open.case.id)).transpose()?;
                let done = done.unwrap_or_default();
                Ok(CasePage { desk: desk::summary(db, now)?, cases, more, open, done })
            })
            .await
    }

    /// Applies a change of staff, if the case is still at the version that they saw. The same form changes it once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change(
        self,
        id: CaseId,
        seen: Seen,
        by: StaffId,
        change: Change,
        now: Timestamp,
        policy: SlaPolicy,
    ) -> Result<Changed, StoreError> {
        let sending = seen.form.map(|form| Sending { form, content: change.digest() });
        let version = seen.version;
        self.0
            .write(move |db| {
                let make = || change::apply(db, id, version, by, &change, now, &policy);
                form_tokens::once(db, id, sending.as_ref(), now, make)
            })
            .await
    }

    /// Marks cases as read, each if it is still at the version that the reader saw and wants no answer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark_read(
        self,
        cases: Vec<(CaseId, i64)>,
        by: StaffId,
        now: Timestamp,
        policy: SlaPolicy,
    ) -> Result<(), StoreError> {
        self.0
            .write(move |db| {
                for (id, version) in &cases {
                    change::apply(db, *id, *version, by, &Change::Read, now, &policy)?;
                }
                Ok(())
            })
            .await
    }

    /// Applies a reply of the visitor. The same form is stored once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn reply(
        self,
        id: CaseId,
        reply: Reply,
        form: Option<FormToken>,
        now: Timestamp,
        policy: SlaPolicy,
    ) -> Result<Changed, StoreError> {
        let sending = form.map(|form| Sending { form, content: reply.digest() });
        self.0
            .write(move |db| {
                let make = || change::reply(db, id, &reply, now, &policy);
                form_tokens::once(db, id, sending.as_ref(), now, make)
            })
            .await
    }

    /// The envelope of a case, which holds how to reach the visitor. Writes an audit entry. None if there is
    /// no such case.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact(
        self,
        id: CaseId,
        by: Staff,
        now: Timestamp,
    ) -> Result<Option<Envelope>, StoreError> {
        self.0
            .write(move |db| {
                let Some(case) = read::by_id(db, id)? else { return Ok(None) };
                audit::done(db, &AuditActor::from(&by), AuditAction::ContactSeen, &case.number, now)?;
                ingest_queue::behind(db, id)
            })
            .await
    }

    /// Looks a tracking token up. A made-up token takes as long as one that a kiosk issued.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn by_token(self, token: Option<TrackingToken>) -> Result<Lookup, StoreError> {
        self.0.read(move |db| lookup::by_token(db, token.as_ref())).await
    }

    /// Looks a case number with a receipt code up. An unknown number takes as long as a wrong code.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn by_code(self, number: CaseNumber, code: ReceiptCode) -> Result<Lookup, StoreError> {
        self.0.read(move |db| lookup::by_code(db, number, &code)).await
    }

    /// A feed of the events from now on.
    pub fn feed(self) -> CaseFeed {
        CaseFeed(self.0.events())
    }

    /// The first events after `last`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn news(self, last: i64, limit: usize) -> Result<Vec<CaseNews>, StoreError> {
        self.0.read(move |db| news(db, last, limit)).await
    }

    /// Passes every case to `sink`, oldest first, as of one moment. Returns the sink.
    ///
    /// # Errors
    /// [`StoreError`], and what the sink returned.
    pub async fn export<S: CaseSink>(self, depth: ExportDepth, mut sink: S) -> Result<S, S::Error> {
        self.0
            .read(move |db| {
                let mut after = 0;
                loop {
                    let page = inbox::after(db, after, EXPORTED)?;
                    let last = page.len() < EXPORTED;
                    for case in page {
                        after = case.id.0;
                        let record = match depth {
                            ExportDepth::Case => {
                                CaseRecord { case, promises: Vec::new(), events: Vec::new() }
                            }
                            ExportDepth::Record => read::record(db, case)?,
                        };
                        sink.take(&record)?;
                    }
                    if last {
                        return Ok(sink);
                    }
                }
            })
            .await
    }
}
