//! Kiosks: adding, enrolling, revoking and asking them, and how they are.

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

/// Why something could not be done with a kiosk. Nothing was changed then, and nothing noted.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such kiosk.
    #[error("there is no kiosk {0}")]
    NoKiosk(KioskNumber),
    /// All numbers are in use.
    #[error("there are {} kiosks already, the most that case numbers can tell apart", KioskNumber::HIGHEST)]
    NoNumberLeft,
}

/// What is done with kiosks.
#[derive(Clone, Copy, Debug)]
pub struct Fleet<'a>(&'a Sqlite);

impl Store {
    pub fn fleet(&self) -> Fleet<'_> {
        Fleet(&self.db)
    }
}

impl Fleet<'_> {
    /// Adds a kiosk under the next free number; the code lets it in once, within [`CODE_VALID`].
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

    /// Stops a kiosk's token and code at once. False if it was revoked before.
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

    /// Asks a kiosk to try again what it keeps in quarantine, as soon as it calls.
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

    /// Exchanges a code for an identity. The same kiosk may repeat it while the code is valid.
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

    /// Whose token this is, if it is anybody's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn caller(self, token: Digest) -> Result<Option<Caller>, StoreError> {
        self.0.read_for_kiosk(move |db| kiosks::caller(db, token)).await
    }

    /// Notes that something came under a kiosk's token that it had not signed so.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_wrong_signature(self, kiosk: KioskNumber, now: Timestamp) -> Result<(), StoreError> {
        self.0.take_in(1, move |db| kiosks::note_wrong_signature(db, kiosk, now)).await
    }

    /// The private key with this id that some kiosk brought along.
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
        self.0.read(move |db| kiosks::page(db, Which::All, 0, usize::MAX, now)).await
    }

    /// Some of these kiosks, by number, with what surrounds them in the console.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        self,
        which: Which,
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
                let all = kiosks::how_many(db, Which::All, now)?;
                let troubled = kiosks::how_many(db, Which::Troubled, now)?;
                let page = FleetPage { kiosks: shown, received, more, all, troubled };
                Ok((desk::summary(db, now)?, page))
            })
            .await
    }
}
