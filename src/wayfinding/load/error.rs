//! Why a map cannot be read at all.

use std::path::PathBuf;

use super::packed::ZipError;

/// Why a map could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is nothing of that name.
    #[error("{} cannot be read; name the folder that holds manifest.json, or a zip of it", .folder.display())]
    Folder {
        /// The folder that was named.
        folder: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("{} cannot be read", .file.display())]
    File {
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A zip cannot be unpacked.
    #[error("{} cannot be unpacked", .file.display())]
    Zip {
        file: PathBuf,
        /// What is wrong with it.
        #[source]
        cause: ZipError,
    },
    /// The files together hold far more than those of any mall.
    #[error("the map has {found} {what}; no mall needs more than {limit}")]
    TooMuch {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        found: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// A file is far larger than that of any mall.
    #[error("{} has {size} bytes; no map of a mall needs more than {limit} in one file", .file.display())]
    TooLarge {
        file: PathBuf,
        size: u64,
        /// The most that is accepted.
        limit: u64,
    },
    /// A file without which there is nothing to draw is missing or holds nothing usable.
    #[error("{file} holds no usable {what}: {reason}")]
    Nothing {
        file: &'static str,
        /// What was looked for in it.
        what: &'static str,
        /// Why nothing was found.
        reason: String,
    },
}
