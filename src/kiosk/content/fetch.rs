//! Downloading a publication: the manifest, then every file that is not here already.
//!
//! An interrupted download is resumed. A file counts only once its hash is the signed one.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::content::{ContentFile, ContentKey, ContentVersion, FileHash, Manifest};
use domain::wire::Secret;

use super::slots::{Slots, SlotsError, at};
use crate::net::{Client, RequestError};

/// Where content comes from, and the key that must have signed it.
#[derive(Clone, Debug)]
pub struct ContentSource {
    pub client: Client,
    /// The bearer token.
    pub token: Secret,
    /// The mall's key.
    pub key: ContentKey,
}

/// Why a publication could not be downloaded or used.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A retry may help: the network, the disk.
    #[error("{0}")]
    Later(String),
    /// This publication is refused for good.
    #[error("{0}")]
    Never(String),
}

fn later(error: RequestError) -> FetchError {
    FetchError::Later(error.to_string())
}

impl From<SlotsError> for FetchError {
    fn from(error: SlotsError) -> Self {
        Self::Later(error.to_string())
    }
}

/// Downloads a publication into the spare slot. Returns its folder.
pub(super) fn fetch(
    slots: &Slots,
    source: &ContentSource,
    version: ContentVersion,
) -> Result<PathBuf, FetchError> {
    let signed = source.client.manifest(&source.token, version).map_err(later)?;
    let manifest = Manifest::verify(&signed.manifest.0, &signed.signature, &source.key)
        .map_err(|error| FetchError::Never(error.to_string()))?;
    if manifest.version != version {
        return Err(FetchError::Never(format!("its manifest is that of content {}", manifest.version)));
    }
    let shown = slots.report().shown;
    if !manifest.follows(shown) {
        let shown = shown.map(|s| s.to_string()).unwrap_or_default();
        return Err(FetchError::Never(format!(
            "it would go back from {shown}, and it was not packed with --rollback"
        )));
    }
    let parts = slots.parts();
    fs::create_dir_all(&parts).map_err(at(&parts))?;
    let mut seen = BTreeSet::new();
    for file in manifest.files.iter().filter(|file| seen.insert(&file.sha256)) {
        if slots.file_with(&file.sha256).is_none() {
            download(source, file, &parts.join(file.sha256.as_str()))?;
        }
    }
    let find = |hash: &FileHash| slots.file_with(hash).unwrap_or_else(|| parts.join(hash.as_str()));
    let folder = slots.stage(&manifest, &signed.manifest.0, find)?;
    // This also removes downloads of older offers.
    let _ = fs::remove_dir_all(&parts);
    Ok(folder)
}

/// Downloads a file, resuming where an earlier attempt stopped.
fn download(source: &ContentSource, file: &ContentFile, to: &Path) -> Result<(), FetchError> {
    let whole = || fs::read(to).is_ok_and(|bytes| FileHash::of(&bytes) == file.sha256);
    if whole() {
        return Ok(());
    }
    let have = fs::metadata(to).map_or(0, |m| m.len());
    // Too long, or of full length with a wrong hash: start over.
    let from = if have < file.size { have } else { 0 };
    let (from, body) = source.client.file(&source.token, &file.sha256, from).map_err(later)?;
    let mut into = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(from == 0)
        .append(false)
        .open(to)
        .map_err(at(to))?;
    io::Seek::seek(&mut into, io::SeekFrom::Start(from)).map_err(at(to))?;
    let mut body = body.take(file.size.saturating_sub(from));
    // What arrived before an interruption is kept for the next attempt.
    let copied = io::copy(&mut body, &mut into);
    into.flush().map_err(at(to))?;
    copied.map_err(|cause| FetchError::Later(format!("{}: the download broke off: {cause}", file.path)))?;
    if whole() {
        return Ok(());
    }
    if fs::metadata(to).is_ok_and(|m| m.len() >= file.size) {
        let _ = fs::remove_file(to);
        return Err(FetchError::Later(format!("{} is not the file that was signed", file.path)));
    }
    Err(FetchError::Later(format!("{}: the download broke off", file.path)))
}
