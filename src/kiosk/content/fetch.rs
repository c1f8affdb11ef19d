//! Fetching a publication: the manifest, then every file that is not here already.
//!
//! A download that breaks off goes on where it stopped. What arrives is nothing until its hash is the one
//! that was signed.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::content::{ContentFile, ContentKey, ContentVersion, FileHash, Manifest};
use domain::wire::Secret;

use super::slots::{Slots, SlotsError, at};
use crate::sync::Client;

/// Whom to ask, and whose signature counts.
#[derive(Clone, Debug)]
pub struct Access {
    /// The server.
    pub client: Client,
    /// Proves who is calling.
    pub token: Secret,
    /// The mall's key.
    pub key: ContentKey,
}

/// Why a publication is not here.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// Asking again may help: the network, the disk.
    #[error("{0}")]
    Later(String),
    /// This publication will never do.
    #[error("{0}")]
    Never(String),
}

impl From<SlotsError> for FetchError {
    fn from(error: SlotsError) -> Self {
        Self::Later(error.to_string())
    }
}

/// Fetches a publication and puts it into the slot that is not shown. Returns where it lies.
pub(super) fn fetch(slots: &Slots, access: &Access, version: ContentVersion) -> Result<PathBuf, FetchError> {
    let signed = access.client.manifest(&access.token, version).map_err(FetchError::Later)?;
    let manifest = Manifest::verify(&signed.manifest.0, &signed.signature, &access.key)
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
            download(access, file, &parts.join(file.sha256.as_str()))?;
        }
    }
    let find = |hash: &FileHash| slots.file_with(hash).unwrap_or_else(|| parts.join(hash.as_str()));
    let folder = slots.stage(&manifest, &signed.manifest.0, find)?;
    // Downloads of publications that nobody offers any more go with it.
    let _ = fs::remove_dir_all(&parts);
    Ok(folder)
}

/// Goes on with a download until the file is whole.
fn download(access: &Access, file: &ContentFile, to: &Path) -> Result<(), FetchError> {
    let whole = || fs::read(to).is_ok_and(|bytes| FileHash::of(&bytes) == file.sha256);
    if whole() {
        return Ok(());
    }
    let have = fs::metadata(to).map_or(0, |m| m.len());
    // As long as it should be and not whole, or longer: it is of no use.
    let from = if have < file.size { have } else { 0 };
    let (from, body) = access.client.file(&access.token, &file.sha256, from).map_err(FetchError::Later)?;
    let mut into = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(from == 0)
        .append(false)
        .open(to)
        .map_err(at(to))?;
    io::Seek::seek(&mut into, io::SeekFrom::Start(from)).map_err(at(to))?;
    let mut body = body.take(file.size.saturating_sub(from));
    // What came before the line broke is kept for the next time.
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
