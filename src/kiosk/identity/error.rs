//! Errors of the identity.

use std::path::PathBuf;

/// Why there is no identity, or why a change to it is not on the disk.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be made, read or written.
    #[error("{} cannot be used", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        source: std::io::Error,
    },
    /// Another program has locked it.
    #[error("{} is in use by another kiosk program", .0.display())]
    InUse(PathBuf),
}
