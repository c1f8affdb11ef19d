//! The file `identity.json` and its folder. The folder is locked; the file is read whole and replaced
//! atomically; the old copy is overwritten.
//!
//! Flash memory may still hold another copy, so the folder should lie on an encrypted partition if possible.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use domain::Timestamp;
use domain::id::Epoch;
use zeroize::Zeroizing;

use super::error::Error;
use super::record::{self, Keys, Registration};

const NAME: &str = "identity.json";
const NEW: &str = "identity.json.new";
const LOCK: &str = "lock";
/// Far more than the file ever has; no more is read.
const MAX_BYTES: u64 = 64 * 1024;

/// The condition of the file.
pub(super) enum Found {
    Nothing,
    Kept(Box<(Epoch, Keys, Registration)>),
    Damaged(String),
}

/// Creates the folder if need be, and locks it until the file is dropped.
pub(super) fn lock(folder: &Path) -> Result<File, Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(at(folder))?;
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(at(&path))?;
    match lock.try_lock() {
        Ok(()) => {
            // A power cut leaves this file behind, during a change that was not yet reported as done.
            let _ = fs::remove_file(folder.join(NEW));
            Ok(lock)
        }
        Err(TryLockError::WouldBlock) => Err(Error::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(Error::Io { path, source }),
    }
}

pub(super) fn read(folder: &Path) -> Result<Found, Error> {
    let path = folder.join(NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(source) => return Err(Error::Io { path, source }),
    };
    let mut text = Zeroizing::new(Vec::with_capacity(8 * 1024));
    // A directory by that name, or an unreadable sector, counts as damage too.
    if let Err(cause) = file.take(MAX_BYTES).read_to_end(&mut text) {
        return Ok(Found::Damaged(cause.to_string()));
    }
    Ok(record::parse(&text).map_or_else(Found::Damaged, |kept| Found::Kept(Box::new(kept))))
}

/// Replaces the file atomically.
pub(super) fn write(
    folder: &Path,
    epoch: Epoch,
    keys: &Keys,
    registration: &Registration,
) -> Result<(), Error> {
    replace(folder, &record::to_json(epoch, keys, registration))
}

fn replace(folder: &Path, text: &[u8]) -> Result<(), Error> {
    let (path, new) = (folder.join(NAME), folder.join(NEW));
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(at(&new))?;
    file.write_all(text).and_then(|()| file.sync_all()).map_err(at(&new))?;
    let old = OpenOptions::new().write(true).open(&path).ok();
    fs::rename(&new, &path).map_err(at(&path))?;
    sync_folder(folder)?;
    if let Some(old) = old {
        scrub(old).map_err(at(&path))?;
    }
    Ok(())
}

/// Overwrites with zeroes a file that has no name any more.
fn scrub(mut file: File) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&vec![0; length])?;
    file.sync_data()
}

pub(super) fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, Error> {
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let to = (1..)
        .map(|n| folder.join(format!("identity-damaged-{stamp}-{n}.json")))
        .find(|to| !to.exists())
        .expect("some number is free");
    fs::rename(folder.join(NAME), &to).map_err(at(&to))?;
    sync_folder(folder)?;
    Ok(to)
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
