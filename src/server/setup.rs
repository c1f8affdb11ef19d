//! Making a data folder: database, sealing key, certificate, first administrator.
//!
//! Running it again destroys nothing: what is there stays, what is missing is made.

use std::path::PathBuf;

use crate::admin::{Admin, AdminError};
use crate::clock::Clock;
use crate::data::{DataError, DataFolder, Made};
use crate::http::tls::{self, TlsError};
use crate::keys::{self, KeyError};
use crate::random::Random;
use crate::secret::Password;
use crate::store::OpenError;
use crate::store::accounts::Role;
use crate::store::{Store, StoreError};

/// What the operator wants to be made.
#[derive(Debug)]
pub struct InitOptions {
    pub data: PathBuf,
    /// Names and addresses, besides this machine's own, by which kiosks and browsers will call it.
    pub hosts: Vec<String>,
    /// The login of the first administrator.
    pub administrator: String,
    /// Their password; one is made if this is none.
    pub password: Option<Password>,
}

/// What was made.
#[derive(Debug)]
pub struct Report {
    pub folder: Made,
    pub database: Made,
    /// The sealing key.
    pub key: Made,
    /// Authority and certificate.
    pub certificate: Made,
    /// The first administrator.
    pub administrator: FirstAdministrator,
}

/// The first administrator.
#[derive(Debug)]
pub enum FirstAdministrator {
    /// There was one before.
    Existing,
    /// This one is new, with the password that was given.
    Made,
    /// This one is new, with a password to be shown once.
    MadeWith(Password),
}

/// Why the folder could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Data(#[from] DataError),
    /// The sealing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database file.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A question to the database.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Admin(#[from] AdminError),
}

/// Makes whatever is missing.
///
/// # Errors
/// [`SetupError`], which names the file.
pub fn init(wishes: InitOptions, clock: &Clock, random: &Random) -> Result<Report, SetupError> {
    let (folder, made) = DataFolder::create(&wishes.data)?;
    let key = keys::create(&folder, random)?;
    let certificate = tls::create(&folder, &wishes.hosts, clock.now())?;
    let database = if folder.database().exists() { Made::Existing } else { Made::New };
    drop(Store::beside(&folder.database())?);
    let admin = Admin::open(&wishes.data, clock.clone(), random.clone())?;
    let administrator = first_administrator(&admin, wishes.administrator, wishes.password, random)?;
    Ok(Report { folder: made, database, key, certificate, administrator })
}

fn first_administrator(
    admin: &Admin,
    login: String,
    password: Option<Password>,
    random: &Random,
) -> Result<FirstAdministrator, AdminError> {
    if admin.staff()?.iter().any(|one| one.staff.role == Role::Administrator && !one.disabled) {
        return Ok(FirstAdministrator::Existing);
    }
    match password {
        Some(password) => {
            admin.add_staff(&login, &login, Role::Administrator, &password)?;
            Ok(FirstAdministrator::Made)
        }
        None => {
            let password = Password::generated(random);
            admin.add_staff(&login, &login, Role::Administrator, &password)?;
            Ok(FirstAdministrator::MadeWith(password))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Timestamp;

    fn wishes(data: PathBuf) -> InitOptions {
        InitOptions { data, hosts: Vec::new(), administrator: "admin".to_owned(), password: None }
    }

    #[test]
    fn running_it_twice_destroys_nothing() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let (clock, random) = (Clock::new(|| Timestamp::UNIX_EPOCH), Random::from_seed([1; 32]));
        let first = init(wishes(data.clone()), &clock, &random).unwrap();
        assert!(matches!(first.administrator, FirstAdministrator::MadeWith(_)));
        let key = std::fs::read(data.join("keys/sealing.key")).unwrap();

        let second = init(wishes(data.clone()), &clock, &random).unwrap();
        assert!(matches!(second.administrator, FirstAdministrator::Existing));
        assert_eq!([second.folder, second.database, second.key, second.certificate], [Made::Existing; 4]);
        assert_eq!(std::fs::read(data.join("keys/sealing.key")).unwrap(), key);
    }
}
