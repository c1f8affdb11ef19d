//! Downloads a publication: the manifest, then every file that the kiosk does not have yet.
//!
//! An interrupted download is resumed. A file is accepted only if its hash is the one in the signed manifest.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use domain::content::{ContentFile, ContentKey, ContentVersion, FileHash, Manifest, ManifestError};
use domain::wire::Secret;

use super::slots::{Slots, SlotsError, at};
use crate::net::{Client, RequestError};

/// Where content comes from, and the key that must have signed it.
#[derive(Clone, Debug)]
pub struct ContentSource {
    pub client: Client,
    /// The bearer token.
    pub token: Secret,
    /// The public key of the mall that signs content.
    pub key: ContentKey,
}

/// Why a publication could not be downloaded.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error(transparent)]
    Request(#[from] RequestError),
    #[error(transparent)]
    Slots(#[from] SlotsError),
    /// The line broke; what arrived is kept.
    #[error("{file}: the download broke off{}", cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default())]
    Interrupted { file: String, cause: Option<io::Error> },
    /// What was downloaded is not what was signed.
    #[error("{0} is not the file that was signed")]
    WrongFile(String),
    #[error("other content was shown meanwhile")]
    Superseded,
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error("its manifest is that of content {0}")]
    OtherVersion(ContentVersion),
    #[error("it would go back from {shown}, and it was not packed with --rollback")]
    GoesBack { shown: ContentVersion },
}

impl FetchError {
    /// Whether this publication is refused for good: the same download will never succeed.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Manifest(_) | Self::OtherVersion(_) | Self::GoesBack { .. })
    }
}

/// A publication of which every file is on the disk: in the shown slot, or among the downloads.
pub(super) struct Download {
    manifest: Manifest,
    /// The version that was shown when the download began.
    shown: Option<ContentVersion>,
    /// The manifest as it was signed.
    signed: Vec<u8>,
}

/// Downloads what is missing of a publication. It may take hours; `slots` is a snapshot, so nobody waits for it.
pub(super) fn download(
    slots: &Slots,
    source: &ContentSource,
    version: ContentVersion,
) -> Result<Download, FetchError> {
    let signed = source.client.manifest(&source.token, version)?;
    let manifest = Manifest::verify(&signed.manifest.0, &signed.signature, &source.key)?;
    if manifest.version != version {
        return Err(FetchError::OtherVersion(manifest.version));
    }
    let shown = slots.report().shown;
    if let Some(shown) = shown
        && !manifest.follows(Some(shown))
    {
        return Err(FetchError::GoesBack { shown });
    }
    let parts = slots.parts();
    fs::create_dir_all(&parts).map_err(at(&parts))?;
    let mut seen = BTreeSet::new();
    for file in manifest.files.iter().filter(|file| seen.insert(&file.sha256)) {
        if slots.file_with(&file.sha256).is_none() {
            download_file(source, file, &parts.join(file.sha256.as_str()))?;
        }
    }
    Ok(Download { manifest, shown, signed: signed.manifest.0 })
}

impl Download {
    /// Copies it into the spare slot. Returns its folder.
    ///
    /// # Errors
    /// [`FetchError::Superseded`], if the window has switched to other content since the download began: the
    /// spare slot is another one now, and files may be missing.
    pub(super) fn stage(&self, slots: &Slots) -> Result<PathBuf, FetchError> {
        if slots.report().shown != self.shown {
            return Err(FetchError::Superseded);
        }
        let parts = slots.parts();
        let find = |hash: &FileHash| slots.file_with(hash).unwrap_or_else(|| parts.join(hash.as_str()));
        let folder = slots.stage(&self.manifest, &self.signed, find)?;
        // This also removes downloads of older offers.
        let _ = fs::remove_dir_all(&parts);
        Ok(folder)
    }
}

/// Downloads a file, resuming where an earlier attempt stopped.
fn download_file(source: &ContentSource, file: &ContentFile, to: &Path) -> Result<(), FetchError> {
    let whole = || fs::read(to).is_ok_and(|bytes| FileHash::of(&bytes) == file.sha256);
    if whole() {
        return Ok(());
    }
    let have = fs::metadata(to).map_or(0, |m| m.len());
    // Too long, or of full length with a wrong hash: start over.
    let from = if have < file.size { have } else { 0 };
    let (from, body) = source.client.file(&source.token, &file.sha256, from)?;
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
    let interrupted = |cause| FetchError::Interrupted { file: file.path.to_string(), cause };
    copied.map_err(|cause| interrupted(Some(cause)))?;
    if whole() {
        return Ok(());
    }
    if fs::metadata(to).is_ok_and(|m| m.len() >= file.size) {
        let _ = fs::remove_file(to);
        return Err(FetchError::WrongFile(file.path.to_string()));
    }
    Err(interrupted(None))
}
