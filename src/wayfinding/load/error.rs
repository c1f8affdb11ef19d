//! The errors of a map that cannot be read at all.

use std::path::PathBuf;

use super::packed::ZipError;

/// Why a map could not be read at all.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The map folder or zip does not exist or cannot be accessed.
    #[error("{} cannot be read; name the folder that holds manifest.json, or a zip of it", .folder.display())]
    Folder {
        folder: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A file could not be read.
    #[error("{} cannot be read", .file.display())]
    File {
        file: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A zip cannot be unpacked.
    #[error("{} cannot be unpacked", .file.display())]
    Zip {
        file: PathBuf,
        #[source]
        cause: ZipError,
    },
    /// The files together hold far more than any mall needs.
    #[error("the map has {found} {what}; no mall needs more than {limit}")]
    TooMuch {
        /// The quantity that is too large.
        what: &'static str,
        /// Its value in this map.
        found: u64,
        /// The greatest value that is accepted.
        limit: u64,
    },
    /// A file is far larger than any mall needs.
    #[error("{} has {size} bytes; no map of a mall needs more than {limit} in one file", .file.display())]
    TooLarge {
        file: PathBuf,
        size: u64,
        /// The greatest size that is accepted, in bytes.
        limit: u64,
    },
    /// A required file is missing or has no usable content.
    #[error("{file} holds no usable {what}: {reason}")]
    Nothing {
        file: &'static str,
        /// The missing content.
        what: &'static str,
        reason: String,
    },
}
