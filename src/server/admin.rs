//! What the command line does beside a running server: kiosks and staff, straight in the database.
//!
//! It opens a connection of its own; SQLite keeps the two apart.

use std::path::Path;

use domain::id::KioskNumber;
use rusqlite::{Connection, TransactionBehavior};

use crate::clock::Clock;
use crate::data::{DataError, DataFolder};
use crate::password::{self, HashFailed};
use crate::random::Random;
use crate::secret::{EnrolmentCode, Password};
use crate::store::audit::{self, Deed};
use crate::store::kiosks::{self, Kiosk};
use crate::store::open::OpenError;
use crate::store::staff::{self, Role, Staff};
use crate::store::{self, StoreError};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The data folder.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A question to the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The machine has not the memory for a password.
    #[error(transparent)]
    Hash(#[from] HashFailed),
    /// Somebody has it.
    #[error("the login {0:?} is taken")]
    LoginTaken(String),
    /// Nobody has it.
    #[error("there is nobody with the login {0:?}")]
    NobodyCalled(String),
    /// Logins go into addresses and tables.
    #[error("a login has 2 to 40 letters, digits, dots, dashes or underscores; {0:?} has not")]
    LoginShape(String),
    /// A name that is empty or does not fit.
    #[error("a name has 1 to 60 characters")]
    NameShape,
    /// All numbers are in use.
    #[error("there are {} kiosks already, the most that case numbers can tell apart", KioskNumber::HIGHEST)]
    NoNumberLeft,
    /// No such kiosk.
    #[error("there is no kiosk {0}")]
    NoKiosk(KioskNumber),
}

/// The database of a data folder, for one command.
#[derive(Debug)]
pub struct Admin {
    db: Connection,
    clock: Clock,
    random: Random,
}

impl Admin {
    /// Opens the database of a data folder that `init` made.
    ///
    /// # Errors
    /// [`AdminError::Data`] with the command that helps, or [`AdminError::Open`].
    pub fn open(data: &Path, clock: Clock, random: Random) -> Result<Self, AdminError> {
        let folder = DataFolder::open(data)?;
        Ok(Self { db: store::open(&folder.database())?, clock, random })
    }

    /// Runs `job` in a transaction and remembers who did what.
    pub(crate) fn change<T>(
        &self,
        what: &'static str,
        about: &str,
        job: impl FnOnce(&Connection) -> Result<T, AdminError>,
    ) -> Result<T, AdminError> {
        let sql = StoreError::from;
        let transaction =
            rusqlite::Transaction::new_unchecked(&self.db, TransactionBehavior::Immediate).map_err(sql)?;
        let done = job(&transaction)?;
        let deed = Deed { staff: None, who: "command line", what, about, result: "done" };
        audit::add(&transaction, &deed, self.clock.now())?;
        transaction.commit().map_err(sql)?;
        Ok(done)
    }

    /// Asks the database something.
    pub(crate) fn look<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, AdminError> {
        Ok(question(&self.db)?)
    }

    /// The present.
    pub(crate) fn now(&self) -> domain::Timestamp {
        self.clock.now()
    }

    /// Adds a kiosk; the code lets it in once, within 24 hours.
    ///
    /// # Errors
    /// [`AdminError::NoNumberLeft`], [`AdminError::NameShape`].
    pub fn add_kiosk(&self, name: &str) -> Result<(KioskNumber, EnrolmentCode), AdminError> {
        let name = shown_name(name)?;
        let code = EnrolmentCode::new(&self.random);
        let number = self.change("kiosk-added", name, |db| {
            kiosks::add(db, name, code.digest(), self.clock.now())?.ok_or(AdminError::NoNumberLeft)
        })?;
        Ok((number, code))
    }

    /// Gives a kiosk a new code: after a new disk, or to let a revoked one in again.
    ///
    /// # Errors
    /// [`AdminError::NoKiosk`].
    pub fn renew_code(&self, kiosk: KioskNumber) -> Result<EnrolmentCode, AdminError> {
        let code = EnrolmentCode::new(&self.random);
        self.change("kiosk-code", &kiosk.to_string(), |db| {
            let found = kiosks::renew_code(db, kiosk, code.digest(), self.clock.now())?;
            if found { Ok(()) } else { Err(AdminError::NoKiosk(kiosk)) }
        })?;
        Ok(code)
    }

    /// Stops a kiosk's token and code. False if it was revoked before.
    ///
    /// # Errors
    /// [`AdminError::NoKiosk`].
    pub fn revoke_kiosk(&self, kiosk: KioskNumber) -> Result<bool, AdminError> {
        if !self.kiosks()?.iter().any(|k| k.number == kiosk) {
            return Err(AdminError::NoKiosk(kiosk));
        }
        self.change("kiosk-revoked", &kiosk.to_string(), |db| {
            Ok(kiosks::revoke(db, kiosk, self.clock.now())?)
        })
    }

    /// Asks a kiosk to try again what it holds back, as soon as it calls.
    ///
    /// # Errors
    /// [`AdminError::NoKiosk`].
    pub fn ask_retry(&self, kiosk: KioskNumber) -> Result<(), AdminError> {
        self.change("kiosk-retry", &kiosk.to_string(), |db| {
            if kiosks::ask_retry(db, kiosk)? { Ok(()) } else { Err(AdminError::NoKiosk(kiosk)) }
        })
    }

    /// Every kiosk.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn kiosks(&self) -> Result<Vec<Kiosk>, AdminError> {
        Ok(kiosks::list(&self.db, self.clock.now())?)
    }

    /// Adds somebody who may sign in.
    ///
    /// # Errors
    /// [`AdminError::LoginTaken`], [`AdminError::LoginShape`], [`AdminError::NameShape`].
    pub fn add_staff(
        &self,
        login: &str,
        name: &str,
        role: Role,
        password: &Password,
    ) -> Result<(), AdminError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if !(2..=40).contains(&login.len()) || !login.chars().all(fits) {
            return Err(AdminError::LoginShape(login.to_owned()));
        }
        let name = shown_name(name)?;
        let hash = password::hash(password, &self.random)?;
        self.change("staff-added", login, |db| {
            let added = staff::add(db, login, name, role, &hash, self.clock.now())?;
            added.map(|_| ()).ok_or_else(|| AdminError::LoginTaken(login.to_owned()))
        })
    }

    /// Sets somebody's password and ends their sessions.
    ///
    /// # Errors
    /// [`AdminError::NobodyCalled`].
    pub fn set_password(&self, login: &str, password: &Password) -> Result<(), AdminError> {
        let hash = password::hash(password, &self.random)?;
        self.change("staff-password", login, |db| {
            let found = staff::set_password(db, login, &hash)?;
            if found { Ok(()) } else { Err(AdminError::NobodyCalled(login.to_owned())) }
        })
    }

    /// Ends somebody's access.
    ///
    /// # Errors
    /// [`AdminError::NobodyCalled`].
    pub fn disable_staff(&self, login: &str) -> Result<(), AdminError> {
        self.change("staff-disabled", login, |db| {
            let found = staff::disable(db, login, self.clock.now())?;
            if found { Ok(()) } else { Err(AdminError::NobodyCalled(login.to_owned())) }
        })
    }

    /// Everybody, and whether their access ended.
    ///
    /// # Errors
    /// [`AdminError::Store`].
    pub fn staff(&self) -> Result<Vec<(Staff, bool)>, AdminError> {
        Ok(staff::list(&self.db)?)
    }
}

fn shown_name(name: &str) -> Result<&str, AdminError> {
    let name = name.trim();
    let fits = (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(AdminError::NameShape) }
}
