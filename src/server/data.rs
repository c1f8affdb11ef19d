//! The data folder: which files it has, and who may read them.
//!
//! ```text
//! galleria.db            the database: cases, kiosks, staff, audit, published content
//! galleria.db-id         tells a log that belongs to another file
//! keys/sealing.key       opens what the kiosks sealed; a backup of the database does not contain it
//! tls/ca.pem             the CA certificate, given to kiosks and browsers so that they trust this server
//! tls/ca-key.pem         signs a new certificate
//! tls/cert.pem, key.pem  the server's own certificate
//! server.toml            settings, if the operator wrote any
//! ```
//! The folder belongs to one account: it is created with mode 0700, and every secret in it with 0600.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// Why the data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// `init` was not run here.
    #[error(
        "{} is not a data folder yet: {missing} is missing. Make one with\n  galleria-server init --data {}",
        folder.display(), folder.display()
    )]
    NotInitialised {
        folder: PathBuf,
        /// The first required file that is missing.
        missing: &'static str,
    },
    /// A file could not be read or written.
    #[error("{}: {cause}", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        cause: io::Error,
    },
    /// Another server runs on the folder, or it is being restored.
    #[error("{} is in use by another galleria-server. Stop that one first", .0.display())]
    InUse(PathBuf),
    /// Other accounts can open the folder with the keys.
    #[error("{} can be opened by other accounts; close it with\n  chmod 700 {}", .0.display(), .0.display())]
    Open(PathBuf),
}

/// The data folder, and the paths in it.
#[derive(Clone, Debug)]
pub struct DataFolder(PathBuf);

/// The only server on a data folder. The system ends the lock with the process, however that ends.
#[derive(Debug)]
pub struct FolderLock {
    _folder: File,
}

/// Whether something was created or existed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    New,
    /// It existed, and was not changed.
    Existing,
}

impl DataFolder {
    /// Creates the folder for this account only, unless it exists.
    ///
    /// # Errors
    /// [`DataError::Io`].
    pub fn create(path: &Path) -> Result<(Self, Made), DataError> {
        let failed = |cause| DataError::Io { path: path.to_owned(), cause };
        let made = if path.is_dir() { Made::Existing } else { Made::New };
        if made == Made::Existing && fs::read_dir(path).map_err(failed)?.next().is_none() {
            // An empty folder, such as `mkdir` makes: nothing in it relies on its mode yet.
            fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(failed)?;
        }
        for folder in [path.to_owned(), path.join("keys"), path.join("tls")] {
            fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(failed)?;
        }
        Ok((Self(path.to_owned()), made))
    }

    /// Opens a folder that `init` has completed.
    ///
    /// # Errors
    /// [`DataError::NotInitialised`] with the command that helps; [`DataError::Open`] if others may read it.
    pub fn open(path: &Path) -> Result<Self, DataError> {
        let folder = Self(path.to_owned());
        folder.requires(&folder.database(), "galleria.db")?;
        Self::open_without_database(path)
    }

    /// Opens a folder whose database may be missing, to put a backup there.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_without_database(path: &Path) -> Result<Self, DataError> {
        let folder = Self(path.to_owned());
        folder.requires(&folder.sealing_key(), "keys/sealing.key")?;
        let mode = fs::metadata(path).map_err(|cause| DataError::Io { path: path.to_owned(), cause })?;
        if mode.permissions().mode() & 0o077 != 0 {
            return Err(DataError::Open(path.to_owned()));
        }
        Ok(folder)
    }

    fn requires(&self, file: &Path, missing: &'static str) -> Result<(), DataError> {
        if file.is_file() {
            Ok(())
        } else {
            Err(DataError::NotInitialised { folder: self.0.clone(), missing })
        }
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Keeps every other server off this folder for as long as the result lives. Commands work beside it.
    ///
    /// # Errors
    /// [`DataError::InUse`].
    pub fn lock(&self) -> Result<FolderLock, DataError> {
        let failed = |cause| DataError::Io { path: self.0.clone(), cause };
        let folder = File::open(&self.0).map_err(failed)?;
        match folder.try_lock() {
            Ok(()) => Ok(FolderLock { _folder: folder }),
            Err(TryLockError::WouldBlock) => Err(DataError::InUse(self.0.clone())),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }

    pub fn database(&self) -> PathBuf {
        self.0.join("galleria.db")
    }

    /// The private key that opens submissions.
    pub fn sealing_key(&self) -> PathBuf {
        self.0.join("keys").join("sealing.key")
    }

    /// The CA certificate that kiosks are given.
    pub fn ca(&self) -> PathBuf {
        self.0.join("tls").join("ca.pem")
    }

    /// The private key of [`Self::ca`].
    pub fn ca_key(&self) -> PathBuf {
        self.0.join("tls").join("ca-key.pem")
    }

    pub fn certificate(&self) -> PathBuf {
        self.0.join("tls").join("cert.pem")
    }

    /// The private key of [`Self::certificate`].
    pub fn certificate_key(&self) -> PathBuf {
        self.0.join("tls").join("key.pem")
    }

    /// The settings file, which the operator may have written.
    pub fn settings(&self) -> PathBuf {
        self.0.join("server.toml")
    }
}

/// Creates a file that only this account may read, and syncs it. It never replaces an existing file.
///
/// # Errors
/// [`DataError::Io`], also when the file exists.
pub fn write_secret(path: &Path, content: &str) -> Result<(), DataError> {
    let failed = |cause| DataError::Io { path: path.to_owned(), cause };
    let mut file =
        fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(content.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// Replaces a file that only this account may read, at once and synced.
///
/// # Errors
/// [`DataError::Io`]; the file is as it was.
pub fn replace_secret(path: &Path, content: &str) -> Result<(), DataError> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    let unfinished = PathBuf::from(unfinished);
    let _ = fs::remove_file(&unfinished);
    write_secret(&unfinished, content)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::rename(&unfinished, path)
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(|cause| DataError::Io { path: path.to_owned(), cause })
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

    /// The error names the command that helps and the first missing file.
    #[test]
    fn an_uninitialised_folder_is_refused_with_the_remedy() {
        let place = tempfile::tempdir().unwrap();
        let error = DataFolder::open(place.path()).unwrap_err().to_string();
        assert!(error.contains("galleria-server init --data"), "{error}");
        assert!(error.contains("galleria.db"), "{error}");
    }

    #[test]
    fn a_folder_has_one_server() {
        let place = tempfile::tempdir().unwrap();
        let (folder, _) = DataFolder::create(&place.path().join("data")).unwrap();
        let first = folder.lock().unwrap();
        let second = folder.lock().unwrap_err().to_string();
        assert!(second.contains("another galleria-server"), "{second}");
        drop(first);
        folder.lock().unwrap();
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
        assert!(write_secret(&folder.sealing_key(), "other").is_err(), "no secret is ever replaced");
        assert_eq!(DataFolder::create(&path).unwrap().1, Made::Existing);
    }

    /// `init` in an existing empty folder closes it to other accounts.
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
