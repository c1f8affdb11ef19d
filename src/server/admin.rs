//! The commands of the operator on a data folder, such as adding a kiosk or a member of staff.
//!
//! They work beside a running server and without one. Each command calls a use case that the console calls
//! too, and waits for its end. Publishing content is in [`crate::publications::publish`].

use std::path::Path;

use domain::id::KioskNumber;
use tokio::runtime::Runtime;

use crate::accounts::password::{self, HashFailed};
use crate::clock::Clock;
use crate::data::{DataError, DataFolder};
use crate::random::Random;
use crate::secret::{EnrolmentCode, Password};
use crate::store::OpenError;
use crate::store::accounts::{Account, AccountError, Login, LoginShape, Role};
use crate::store::audit::AuditActor;
use crate::store::fleet::{FleetError, Kiosk};
use crate::store::{DisplayName, NameShape, Store, StoreError};

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The async runtime could not be created.
    #[error("the command could not be started: {0}")]
    Runtime(std::io::Error),
    #[error(transparent)]
    Hash(#[from] HashFailed),
    #[error(transparent)]
    Login(#[from] LoginShape),
    #[error(transparent)]
    Name(#[from] NameShape),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(transparent)]
    Fleet(#[from] FleetError),
}

/// The store of a data folder, for one command.
#[derive(Debug)]
pub struct Admin {
    store: Store,
    runtime: Runtime,
    clock: Clock,
    random: Random,
}

impl Admin {
    /// Opens the store of a data folder that `init` made.
    ///
    /// # Errors
    /// [`AdminError::Data`] with the command that helps, or [`AdminError::Open`].
    pub fn open(data: &Path, clock: Clock, random: Random) -> Result<Self, AdminError> {
        let folder = DataFolder::open(data)?;
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(AdminError::Runtime)?;
        Ok(Self { store: Store::open_for_command(&folder.database())?, runtime, clock, random })
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Runs a use case of the store to its end.
    pub fn run<T>(&self, use_case: impl Future<Output = T>) -> T {
        self.runtime.block_on(use_case)
    }

    pub(crate) fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }

    /// Adds a kiosk and returns its enrolment code, which one kiosk can use within 24 hours.
    ///
    /// # Errors
    /// [`AdminError::Fleet`], [`AdminError::Name`].
    pub fn add_kiosk(&self, name: &str) -> Result<(KioskNumber, EnrolmentCode), AdminError> {
        let (name, code) = (DisplayName::parse(name)?, EnrolmentCode::new(&self.random));
        let fleet = self.store.fleet();
        let added = fleet.add_kiosk(name, code.digest(), AuditActor::CommandLine, self.now());
        Ok((self.run(added)?, code))
    }

    /// Gives a kiosk a new enrolment code, after a new disk or a revocation.
    ///
    /// # Errors
    /// [`AdminError::Fleet`].
    pub fn renew_code(&self, kiosk: KioskNumber) -> Result<EnrolmentCode, AdminError> {
        let code = EnrolmentCode::new(&self.random);
        let fleet = self.store.fleet();
        self.run(fleet.renew_code(kiosk, code.digest(), AuditActor::CommandLine, self.now()))?;
        Ok(code)
    }

    /// Revokes a kiosk: its token and its code stop working. False if it was revoked before.
    ///
    /// # Errors
    /// [`AdminError::Fleet`].
    pub fn revoke_kiosk(&self, kiosk: KioskNumber) -> Result<bool, AdminError> {
        Ok(self.run(self.store.fleet().revoke_kiosk(kiosk, AuditActor::CommandLine, self.now()))?)
    }

    /// Asks a kiosk to retry the items in its quarantine. The reply to its next batch says so.
    ///
    /// # Errors
    /// [`AdminError::Fleet`].
    pub fn ask_retry(&self, kiosk: KioskNumber) -> Result<(), AdminError> {
        Ok(self.run(self.store.fleet().ask_retry(kiosk, AuditActor::CommandLine, self.now()))?)
    }

    /// Every kiosk, by number.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn kiosks(&self) -> Result<Vec<Kiosk>, AdminError> {
        Ok(self.run(self.store.fleet().kiosks(self.now()))?)
    }

    /// Adds a member of staff.
    ///
    /// # Errors
    /// [`AdminError::Account`], [`AdminError::Login`], [`AdminError::Name`].
    pub fn add_staff(
        &self,
        login: &str,
        name: &str,
        role: Role,
        password: &Password,
    ) -> Result<(), AdminError> {
        let (login, name) = (Login::parse(login)?, DisplayName::parse(name)?);
        let hash = password::hash(password, &self.random)?;
        let accounts = self.store.accounts();
        self.run(accounts.add_staff(login, name, role, hash, AuditActor::CommandLine, self.now()))?;
        Ok(())
    }

    /// Sets the password of a member of staff, and ends their sessions.
    ///
    /// # Errors
    /// [`AdminError::Account`].
    pub fn set_password(&self, login: &str, password: &Password) -> Result<(), AdminError> {
        let hash = password::hash(password, &self.random)?;
        let accounts = self.store.accounts();
        let set = accounts.set_password(login.to_owned(), hash, AuditActor::CommandLine, self.now());
        Ok(self.run(set)?)
    }

    /// Disables an account, and ends its sessions.
    ///
    /// # Errors
    /// [`AdminError::Account`].
    pub fn disable_staff(&self, login: &str) -> Result<(), AdminError> {
        let accounts = self.store.accounts();
        Ok(self.run(accounts.disable_staff(login.to_owned(), AuditActor::CommandLine, self.now()))?)
    }

    /// Every account, disabled ones included.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn staff(&self) -> Result<Vec<Account>, AdminError> {
        Ok(self.run(self.store.accounts().list())?)
    }
}
