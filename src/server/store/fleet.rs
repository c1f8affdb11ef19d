//! The fleet: adding, enrolling and revoking kiosks, requesting retries, and the state of each kiosk.
//!
//! What a command changes and its audit entry are one transaction. Batches of kiosks are in `intake`.

use domain::Timestamp;
use domain::id::KioskNumber;
use domain::seal::{KeyId, PrivateKey};

use super::Store;
use super::error::StoreError;
use super::model::audit::{AuditAction, AuditActor};
use super::model::desk::DeskSummary;
pub use super::model::fleet::*;
use super::model::name::DisplayName;
use super::sqlite::{Sqlite, audit, desk, kiosks, ledger};
use crate::secret::Digest;

/// Why a use case failed. Nothing was changed then, and no audit entry was written.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no kiosk {0}")]
    NoKiosk(KioskNumber),
    /// All numbers are in use.
    #[error("there are {} kiosks already, the most that case numbers can tell apart", KioskNumber::HIGHEST)]
    NoNumberLeft,
}

/// The use cases of kiosks.
#[derive(Clone, Copy, Debug)]
pub struct Fleet<'a>(&'a Sqlite);

impl Store {
    pub fn fleet(&self) -> Fleet<'_> {
        Fleet(&self.db)
    }
}

impl Fleet<'_> {
    /// Adds a kiosk under the next number. One kiosk can enrol with the code, within [`CODE_VALID`].
    ///
    /// # Errors
    /// [`FleetError::NoNumberLeft`].
    pub async fn add_kiosk(
        self,
        name: DisplayName,
        code: Digest,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<KioskNumber, FleetError> {
        self.0
            .write(move |db| {
                let number = kiosks::add(db, name.as_str(), code, now)?.ok_or(FleetError::NoNumberLeft)?;
                audit::done(db, &by, AuditAction::KioskAdded, name.as_str(), now)?;
                Ok(number)
            })
            .await
    }

    /// Gives a kiosk a new code, for a new disk or after a revocation.
    ///
    /// # Errors
    /// [`FleetError::NoKiosk`].
    pub async fn renew_code(
        self,
        kiosk: KioskNumber,
        code: Digest,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), FleetError> {
        self.0
            .write(move |db| {
                if !kiosks::renew_code(db, kiosk, code, now)? {
                    return Err(FleetError::NoKiosk(kiosk));
                }
                Ok(audit::done(db, &by, AuditAction::KioskCode, &kiosk.to_string(), now)?)
            })
            .await
    }

    /// Revokes a kiosk: its token and its code stop working at once. False if it was revoked before.
    ///
    /// # Errors
    /// [`FleetError::NoKiosk`].
    pub async fn revoke_kiosk(
        self,
        kiosk: KioskNumber,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<bool, FleetError> {
        self.0
            .write(move |db| {
                if !kiosks::exists(db, kiosk)? {
                    return Err(FleetError::NoKiosk(kiosk));
                }
                let new = kiosks::revoke(db, kiosk, now)?;
                audit::done(db, &by, AuditAction::KioskRevoked, &kiosk.to_string(), now)?;
                Ok(new)
            })
            .await
    }

    /// Asks a kiosk to retry the items in its quarantine. The reply to its next batch says so.
    ///
    /// # Errors
    /// [`FleetError::NoKiosk`].
    pub async fn ask_retry(
        self,
        kiosk: KioskNumber,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), FleetError> {
        self.0
            .write(move |db| {
                if !kiosks::ask_retry(db, kiosk)? {
                    return Err(FleetError::NoKiosk(kiosk));
                }
                Ok(audit::done(db, &by, AuditAction::KioskRetry, &kiosk.to_string(), now)?)
            })
            .await
    }

    /// Exchanges an enrolment code for number and token. The same kiosk may repeat it while the code is
    /// valid.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn enrol(self, with: Redemption, now: Timestamp) -> Result<Redeemed, StoreError> {
        self.0
            .take_in(1, move |db| {
                let redeemed = kiosks::redeem(db, &with, now)?;
                if let Redeemed::Enrolled { kiosk, name, .. } = &redeemed {
                    tracing::info!(%kiosk, "a kiosk enrolled");
                    let by = AuditActor::Kiosk(name.clone());
                    audit::done(db, &by, AuditAction::KioskEnrolled, &kiosk.to_string(), now)?;
                }
                Ok(redeemed)
            })
            .await
    }

    /// The kiosk that a token belongs to; none if the token is unknown.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn caller(self, token: Digest) -> Result<Option<Caller>, StoreError> {
        self.0.read_for_kiosk(move |db| kiosks::caller(db, token)).await
    }

    /// Notes that a batch with a kiosk's token did not have that kiosk's signature.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_wrong_signature(self, kiosk: KioskNumber, now: Timestamp) -> Result<(), StoreError> {
        self.0.take_in(1, move |db| kiosks::note_wrong_signature(db, kiosk, now)).await
    }

    /// The private key with this id, if a kiosk sent it when it enrolled.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn opening_key(self, key_id: KeyId) -> Result<Option<PrivateKey>, StoreError> {
        self.0.read(move |db| kiosks::opening_key(db, &key_id.0)).await
    }

    /// Every kiosk, by number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn kiosks(self, now: Timestamp) -> Result<Vec<Kiosk>, StoreError> {
        self.0.read(move |db| kiosks::page(db, KioskFilter::All, 0, usize::MAX, now)).await
    }

    /// A page of these kiosks, by number, with the counts of the console's navigation.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        self,
        which: KioskFilter,
        skip: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<(DeskSummary, FleetPage), StoreError> {
        self.0
            .read(move |db| {
                let mut shown = kiosks::page(db, which, skip, limit + 1, now)?;
                let more = shown.len() > limit;
                shown.truncate(limit);
                let received = ledger::received(db, shown.iter().map(|kiosk| kiosk.number))?;
                let all = kiosks::how_many(db, KioskFilter::All, now)?;
                let troubled = kiosks::how_many(db, KioskFilter::Troubled, now)?;
                let page = FleetPage { kiosks: shown, received, more, all, troubled };
                Ok((desk::summary(db, now)?, page))
            })
            .await
    }
}
