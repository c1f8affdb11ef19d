//! Creates a data folder: database, sealing key, certificate, first administrator.
//!
//! Running it again destroys nothing: what exists stays, and what is missing is created.

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

/// The options of `init`.
#[derive(Debug)]
pub struct InitOptions {
    pub data: PathBuf,
    /// Host names and addresses, besides the loopback ones, by which kiosks and browsers call this machine.
    pub hosts: Vec<String>,
    /// The login of the first administrator.
    pub administrator: String,
    /// Their password. If there is none, one is generated.
    pub password: Option<Password>,
}

/// What was created.
#[derive(Debug)]
pub struct Report {
    pub folder: Made,
    pub database: Made,
    pub key: Made,
    /// Certificate authority and certificate.
    pub certificate: Made,
    pub administrator: FirstAdministrator,
}

#[derive(Debug)]
pub enum FirstAdministrator {
    /// There is an administrator already.
    Existing,
    /// A new account, with the password that was given.
    Made,
    /// A new account, with a generated password to be shown once.
    MadeWith(Password),
}

/// Why `init` failed.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Admin(#[from] AdminError),
}

/// Creates whatever is missing.
///
/// # Errors
/// [`SetupError`], which names the file.
pub fn init(options: InitOptions, clock: &Clock, random: &Random) -> Result<Report, SetupError> {
    let (folder, made) = DataFolder::create(&options.data)?;
    let key = keys::create(&folder, random)?;
    let certificate = tls::create(&folder, &options.hosts, clock.now())?;
    let database = if folder.database().exists() { Made::Existing } else { Made::New };
    drop(Store::open_for_command(&folder.database())?);
    let admin = Admin::open(&options.data, clock.clone(), random.clone())?;
    let administrator = first_administrator(&admin, options.administrator, options.password, random)?;
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

    fn options(data: PathBuf) -> InitOptions {
        InitOptions { data, hosts: Vec::new(), administrator: "admin".to_owned(), password: None }
    }

    #[test]
    fn running_it_twice_destroys_nothing() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let (clock, random) = (Clock::new(|| Timestamp::UNIX_EPOCH), Random::from_seed([1; 32]));
        let first = init(options(data.clone()), &clock, &random).unwrap();
        assert!(matches!(first.administrator, FirstAdministrator::MadeWith(_)));
        let key = std::fs::read(data.join("keys/sealing.key")).unwrap();

        let second = init(options(data.clone()), &clock, &random).unwrap();
        assert!(matches!(second.administrator, FirstAdministrator::Existing));
        assert_eq!([second.folder, second.database, second.key, second.certificate], [Made::Existing; 4]);
        assert_eq!(std::fs::read(data.join("keys/sealing.key")).unwrap(), key);
    }
}
