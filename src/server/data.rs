//! The data folder: which files it has, and who may read them.
//!
//! ```text
//! galleria.db            everything that was said and done
//! keys/sealing.key       opens what the kiosks sealed; without it the backup of the database is dumb
//! tls/ca.pem             what kiosks and browsers are given, so that they trust this server
//! tls/ca-key.pem         signs a new certificate
//! tls/cert.pem, key.pem  the server's own certificate
//! server.toml            settings, if the operator wrote any
//! ```
//! The folder belongs to one account: it is made 0700, and every secret in it 0600.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// Nobody ran `init` here.
    #[error(
        "{} is not a data folder yet: {missing} is missing. Make one with\n  galleria-server init --data {}",
        folder.display(), folder.display()
    )]
    NotInitialised {
        folder: PathBuf,
        /// The first file that was looked for.
        missing: &'static str,
    },
    /// A file could not be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Others can read the folder with the keys.
    #[error("{} can be opened by other accounts; close it with\n  chmod 700 {}", .0.display(), .0.display())]
    Open(PathBuf),
}

/// The data folder and the names in it.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

/// Whether something was made or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// It is new.
    New,
    /// It was there and is as it was.
    Existing,
}

impl DataFolder {
    /// Makes the folder, for this account only, unless it is there.
    ///
    /// # Errors
    /// [`DataError::Io`].
    pub fn create(path: &Path) -> Result<(Self, Made), DataError> {
        let failed = |cause| DataError::Io { path: path.to_owned(), cause };
        let made = if path.is_dir() { Made::Existing } else { Made::New };
        if made == Made::Existing && fs::read_dir(path).map_err(failed)?.next().is_none() {
            // Somebody made room for it, as `mkdir` does: nothing is in it yet that others could rely on.
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        }
        for folder in [path.to_owned(), path.join("keys"), path.join("tls")] {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
        }
        Ok((Self(path.to_owned()), made))
    }

    /// A folder that `init` has finished.
    ///
    /// # Errors
    /// [`DataError::NotInitialised`] with the command that helps; [`DataError::Open`] if others may read it.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let folder = Self(path.to_owned());
        for (file, missing) in
            [(folder.database(), "galleria.db"), (folder.sealing_key(), "keys/sealing.key")]
        {
            if !file.is_file() {
                return Err(DataError::NotInitialised { folder: path.to_owned(), missing });
            }
        }
        let mode = fs::metadata(path).map_err(|cause| DataError::Io { path: path.to_owned(), cause })?;
        if mode.permissions().mode() & 0o077 != 0 {
            return Err(DataError::Open(path.to_owned()));
        }
        Ok(folder)
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("galleria.db")
    }

    /// The private key that opens submissions.
    pub fn sealing_key(&self) -> PathBuf {
        self.0.join("keys").join("sealing.key")
    }

    /// The certificate that kiosks are given.
    pub fn ca(&self) -> PathBuf {
        self.0.join("tls").join("ca.pem")
    }

    /// The key behind [`Self::ca`].
    pub fn ca_key(&self) -> PathBuf {
        self.0.join("tls").join("ca-key.pem")
    }

    /// The server's certificate.
    pub fn certificate(&self) -> PathBuf {
        self.0.join("tls").join("cert.pem")
    }

    /// The key behind [`Self::certificate`].
    pub fn certificate_key(&self) -> PathBuf {
        self.0.join("tls").join("key.pem")
    }

    /// Settings of the operator, if there are any.
    pub fn settings(&self) -> PathBuf {
        self.0.join("server.toml")
    }
}

/// Writes a file that only this account may read, synced, and never over an existing one.
///
/// # Errors
/// [`DataError::Io`], also when the file exists.
pub fn write_secret(path: &Path, content: &str) -> Result<(), DataError> {
    let failed = |cause| DataError::Io { path: path.to_owned(), cause };
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// Reads a small text file.
///
/// # Errors
/// [`DataError::Io`], which names the file.
pub fn read_text(path: &Path) -> Result<String, DataError> {
    fs::read_to_string(path).map_err(|cause| DataError::Io { path: path.to_owned(), cause })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder without init is refused with the command that helps.
    #[test]
    fn an_uninitialised_folder_is_refused_with_the_remedy() {
        let place = tempfile::tempdir().unwrap();
        let error = DataFolder::open(place.path()).unwrap_err().to_string();
        assert!(error.contains("galleria-server init --data"), "{error}");
        assert!(error.contains("galleria.db"), "{error}");
    }

    /// The folder and its secrets are for one account only.
    #[test]
    fn folder_and_secrets_are_private() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data");
        let (folder, made) = DataFolder::create(&path).unwrap();
        write_secret(&folder.sealing_key(), "secret").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((made, mode(&path), mode(&folder.sealing_key())), (Made::New, 0o700, 0o600));
        assert!(write_secret(&folder.sealing_key(), "other").is_err(), "a secret is never written over");
        assert_eq!(DataFolder::create(&path).unwrap().1, Made::Existing);
    }

    /// An empty folder that somebody made is closed to others.
    #[test]
    fn an_existing_empty_folder_is_made_private() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("data");
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        DataFolder::create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    }
}
