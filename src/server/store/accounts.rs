//! Staff: accounts, signing in, and sessions.
//!
//! Passwords come in as hashes and session tokens as digests. Adding or disabling an account, setting a
//! password and signing in write an audit entry in the same transaction.

use domain::Timestamp;
use domain::language::Language;

use super::Store;
use super::error::StoreError;
pub use super::model::accounts::*;
use super::model::audit::{AuditAction, AuditActor, AuditResult};
use super::model::name::DisplayName;
use super::sqlite::{Sqlite, audit, sessions, staff};
use crate::secret::Digest;

/// Why a use case failed. Nothing was changed then, and no audit entry was written.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the login {0:?} is taken")]
    LoginTaken(String),
    /// There is no account with this login, or it is disabled already.
    #[error("there is nobody with the login {0:?}")]
    NobodyCalled(String),
}

/// The use cases of accounts.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'a>(&'a Sqlite);

impl Store {
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(&self.db)
    }
}

impl Accounts<'_> {
    /// Adds a member of staff.
    ///
    /// # Errors
    /// [`AccountError::LoginTaken`].
    pub async fn add_staff(
        self,
        login: Login,
        name: DisplayName,
        role: Role,
        password_hash: String,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<StaffId, AccountError> {
        self.0
            .write(move |db| {
                let login = login.as_str();
                let id = staff::add(db, login, name.as_str(), role, &password_hash, now)?
                    .ok_or_else(|| AccountError::LoginTaken(login.to_owned()))?;
                audit::done(db, &by, AuditAction::StaffAdded, login, now)?;
                Ok(id)
            })
            .await
    }

    /// Sets the password of an account, and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError::NobodyCalled`].
    pub async fn set_password(
        self,
        login: String,
        password_hash: String,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.0
            .write(move |db| {
                if !staff::set_password(db, &login, &password_hash)? {
                    return Err(AccountError::NobodyCalled(login));
                }
                Ok(audit::done(db, &by, AuditAction::StaffPassword, &login, now)?)
            })
            .await
    }

    /// Replaces the hash of a password with another of the same password. No session ends.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn renew_hash(self, who: StaffId, old: String, new: String) -> Result<(), StoreError> {
        self.0.write(move |db| staff::renew_hash(db, who, &old, &new)).await
    }

    /// Disables an account, and ends its sessions.
    ///
    /// # Errors
    /// [`AccountError::NobodyCalled`].
    pub async fn disable_staff(
        self,
        login: String,
        by: AuditActor,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        self.0
            .write(move |db| {
                if !staff::disable(db, &login, now)? {
                    return Err(AccountError::NobodyCalled(login));
                }
                Ok(audit::done(db, &by, AuditAction::StaffDisabled, &login, now)?)
            })
            .await
    }

    /// Every account, disabled ones included.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(self) -> Result<Vec<Account>, StoreError> {
        self.0.read(staff::list).await
    }

    /// The member of staff with this login, and the hash of their password. None for a disabled account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn credentials(self, login: String) -> Result<Option<(Staff, String)>, StoreError> {
        self.0.read(move |db| staff::by_login(db, &login)).await
    }

    /// Writes an audit entry for a failed sign-in with this login.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_refused_sign_in(self, login: String, now: Timestamp) -> Result<(), StoreError> {
        let by = AuditActor::Stranger(login);
        self.0.write(move |db| audit::add(db, &by, AuditAction::SignIn, "", AuditResult::Refused, now)).await
    }

    /// Begins a session of a member of staff, and deletes the sessions that have ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_session(self, token: Digest, owner: Staff, now: Timestamp) -> Result<(), StoreError> {
        self.0
            .write(move |db| {
                audit::done(db, &AuditActor::from(&owner), AuditAction::SignIn, "", now)?;
                sessions::begin(db, token, owner.id, now)
            })
            .await
    }

    /// The session that this token opens, if it has not ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(self, token: Digest, now: Timestamp) -> Result<Option<Session>, StoreError> {
        self.0.read(move |db| sessions::find(db, token, now)).await
    }

    /// Notes in the background that a session is in use. If the write fails, the session only ends earlier.
    pub fn note_use(self, token: Digest, now: Timestamp) {
        if let Err(error) = self.0.begin_later(1, move |db| sessions::seen(db, token, now)) {
            tracing::debug!(error = &error as &dyn std::error::Error, "the use of a session was not noted");
        }
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_session(self, token: Digest) -> Result<(), StoreError> {
        self.0.write(move |db| sessions::end(db, token)).await
    }

    /// Stores the language that a member of staff chose for the console.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn choose_language(self, who: StaffId, language: Language) -> Result<(), StoreError> {
        self.0.write(move |db| staff::choose_language(db, who, language)).await
    }
}
