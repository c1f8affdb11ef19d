//! The server's sealing key: the private key that opens sealed items, in one file.

use domain::seal::{PrivateKey, SealError};

use crate::data::{self, DataError, DataFolder, Made};
use crate::random::Random;

/// Why there is no sealing key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The file holds no valid key.
    #[error("{path} holds no sealing key. Restore it from a backup: nothing else opens what was sent so far")]
    Unreadable {
        path: String,
        /// Why the text is not a key.
        source: SealError,
    },
}

/// Creates the key, unless it exists.
///
/// # Errors
/// [`KeyError::Data`].
pub fn create(folder: &DataFolder, random: &Random) -> Result<Made, KeyError> {
    if folder.sealing_key().exists() {
        return read(folder).map(|_| Made::Existing);
    }
    let key = random.with(PrivateKey::new);
    data::write_secret(&folder.sealing_key(), &format!("{}\n", key.to_base64()))?;
    Ok(Made::New)
}

/// Reads the key.
///
/// # Errors
/// [`KeyError`], which names the file.
pub fn read(folder: &DataFolder) -> Result<PrivateKey, KeyError> {
    let text = data::read_text(&folder.sealing_key())?;
    PrivateKey::from_base64(&text)
        .map_err(|source| KeyError::Unreadable { path: folder.sealing_key().display().to_string(), source })
}
