//! Errors of the pinyin engine.

use std::path::PathBuf;

/// Why pinyin input is not available.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library is not installed.
    #[error("librime is not installed (Debian package librime1)")]
    NoLibrary(#[source] libloading::Error),
    /// The library is too old.
    #[error("this librime is too old; version 1.6 or newer is needed (Debian package librime1)")]
    TooOld,
    /// The dictionary is not installed.
    #[error("{} is missing (Debian package rime-data-pinyin-simp)", .0.display())]
    NoDictionary(PathBuf),
    /// The library does not start with the dictionary.
    #[error("librime does not start with the dictionary in {}", .0.display())]
    NoSession(PathBuf),
    /// The folder that must be empty cannot be emptied.
    #[error("{} has to be empty, and cannot be emptied", .0.display())]
    NotEmpty(PathBuf),
    /// A folder or file cannot be written.
    #[error("{} cannot be written", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        source: std::io::Error,
    },
    /// Another engine is running in this process.
    #[error("librime is in use in this program already")]
    InUse,
    /// A path contains a zero byte, which C cannot represent.
    #[error("{} has a zero byte in it", .0.display())]
    Path(PathBuf),
}
