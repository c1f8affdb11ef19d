//! Two slots for content on the disk, and which of them is shown (as in A/B updates).
//!
//! ```text
//! content/state.json   which slot is shown, whether it is confirmed, what was refused
//! content/a/, b/       a publication each: manifest.json and its files
//! content/parts/       incomplete downloads
//! content/routes/      a cache of the route networks of their maps
//! ```
//! `state.json` is replaced atomically and synced. A slot is written and synced before `state.json` names it,
//! so a power cut at any moment leaves the shown slot unchanged.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use domain::content::{ContentVersion, FileHash, Manifest};
use domain::wire::{ContentRefused, ContentReport};
use serde::{Deserialize, Serialize};

/// A publication is abandoned after this many starts of the program without a confirmation.
const MAX_UNCONFIRMED_STARTS: u8 = 3;
const RECORD: &str = "state.json";
const MANIFEST: &str = "manifest.json";

/// Why the slots cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct SlotsError {
    path: PathBuf,
    cause: io::Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Slot {
    A,
    B,
}

impl Slot {
    fn other(self) -> Self {
        if self == Self::A { Self::B } else { Self::A }
    }

    fn name(self) -> &'static str {
        if self == Self::A { "a" } else { "b" }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Record {
    shown: Option<Slot>,
    /// The starts of the program since the slot was first shown; none once it is confirmed.
    unconfirmed_starts: Option<u8>,
    refused: Option<ContentRefused>,
}

/// A problem found while opening the slots, for the maintainers of the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SlotWarning {
    /// `state.json` could not be read. The kiosk shows the installed content until the next offer.
    RecordDamaged(String),
    /// A file of the slot is missing or was changed.
    SlotDamaged(ContentVersion, String),
    /// The program started several times without confirming the publication.
    GivenUp(ContentVersion),
}

impl std::fmt::Display for SlotWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::RecordDamaged(why) => {
                write!(f, "content/state.json could not be read ({why}); published content is not shown")
            }
            Self::SlotDamaged(version, why) => write!(f, "content {version} is damaged: {why}"),
            Self::GivenUp(version) => {
                write!(f, "the kiosk did not stay up with content {version}; it shows what it showed before")
            }
        }
    }
}

/// The slots of one kiosk. A clone is a snapshot for reading.
#[derive(Clone, Debug)]
pub struct Slots {
    folder: PathBuf,
    record: Record,
    shown: Option<ContentVersion>,
}

impl Slots {
    /// Opens the slots in `data`/content, at the start of the program. For unconfirmed content this counts
    /// one more start; after several starts it is abandoned. Content with a damaged file is not shown.
    ///
    /// # Errors
    /// [`SlotsError`]: the folder cannot be used.
    pub fn open(data: &Path) -> Result<(Self, Vec<SlotWarning>), SlotsError> {
        let folder = data.join("content");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mut warnings = Vec::new();
        let record = match fs::read(folder.join(RECORD)) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|cause: serde_json::Error| {
                warnings.push(SlotWarning::RecordDamaged(cause.to_string()));
                Record::default()
            }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Record::default(),
            Err(cause) => return Err(at(&folder.join(RECORD))(cause)),
        };
        let mut slots = Self { folder, record, shown: None };
        slots.begin(&mut warnings)?;
        Ok((slots, warnings))
    }

    fn begin(&mut self, warnings: &mut Vec<SlotWarning>) -> Result<(), SlotsError> {
        let before = self.record.clone();
        if let (Some(slot), Some(starts)) = (self.record.shown, self.record.unconfirmed_starts) {
            self.record.unconfirmed_starts = Some(starts.saturating_add(1));
            if starts >= MAX_UNCONFIRMED_STARTS {
                let version = self.manifest(slot).map_or(ContentVersion(0), |m| m.version);
                warnings.push(SlotWarning::GivenUp(version));
                self.fall_back(ContentRefused { version, reason: "the kiosk did not stay up".to_owned() });
            }
        }
        // At most both slots are tried.
        for _ in 0..2 {
            let Some(slot) = self.record.shown else { break };
            match self.verified(slot) {
                Ok(version) => {
                    self.shown = Some(version);
                    break;
                }
                Err((version, reason)) => {
                    warnings.push(SlotWarning::SlotDamaged(version, reason.clone()));
                    let other = self.verified(slot.other()).is_ok();
                    // It is not refused: a new download may be intact.
                    self.record.shown = other.then(|| slot.other());
                    self.record.unconfirmed_starts = None;
                }
            }
        }
        if self.record == before { Ok(()) } else { self.save() }
    }

    /// The version and the folder of the shown publication.
    pub fn shown(&self) -> Option<(ContentVersion, PathBuf)> {
        Some((self.shown?, self.folder.join(self.record.shown?.name())))
    }

    /// The state of the content, for the server.
    pub fn report(&self) -> ContentReport {
        ContentReport { shown: self.shown, refused: self.record.refused.clone() }
    }

    /// Whether an offered publication should be downloaded: it is neither shown nor refused.
    pub fn wants(&self, version: ContentVersion) -> bool {
        self.shown != Some(version) && self.record.refused.as_ref().is_none_or(|r| r.version != version)
    }

    /// The folder of incomplete downloads.
    pub fn parts(&self) -> PathBuf {
        self.folder.join("parts")
    }

    /// A file with this hash in the shown slot.
    pub fn file_with(&self, hash: &FileHash) -> Option<PathBuf> {
        let slot = self.record.shown?;
        let manifest = self.manifest(slot)?;
        let file = manifest.files.iter().find(|file| file.sha256 == *hash)?;
        Some(self.folder.join(slot.name()).join(file.path.as_str()))
    }

    /// Copies a publication into the spare slot. `source` gives the path of each file.
    ///
    /// # Errors
    /// [`SlotsError`]; the shown slot is not touched.
    pub fn stage(
        &self,
        manifest: &Manifest,
        signed: &[u8],
        source: impl Fn(&FileHash) -> PathBuf,
    ) -> Result<PathBuf, SlotsError> {
        let folder = self.folder.join(self.spare().name());
        match fs::remove_dir_all(&folder) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(at(&folder)(cause)),
            _ => {}
        }
        let mut folders = vec![folder.clone()];
        for file in &manifest.files {
            let to = folder.join(file.path.as_str());
            let inside = to.parent().unwrap_or(&folder);
            fs::create_dir_all(inside).map_err(at(inside))?;
            if !folders.iter().any(|known| known == inside) {
                folders.push(inside.to_owned());
            }
            fs::copy(source(&file.sha256), &to).map_err(at(&to))?;
            sync(&to)?;
        }
        write_synced(&folder.join(MANIFEST), signed)?;
        folders.iter().rev().try_for_each(|folder| sync(folder))?;
        sync(&self.folder)?;
        Ok(folder)
    }

    /// Shows the staged publication, unconfirmed.
    ///
    /// # Errors
    /// [`SlotsError`]; then the shown slot stays.
    pub fn show(&mut self, version: ContentVersion) -> Result<(), SlotsError> {
        let staged = self.manifest(self.spare()).map(|m| m.version);
        if staged != Some(version) {
            let cause = io::Error::other(format!("content {version} is not what was staged"));
            return Err(at(&self.folder.join(self.spare().name()))(cause));
        }
        let before = self.record.clone();
        self.record = Record { shown: Some(self.spare()), unconfirmed_starts: Some(1), refused: None };
        match self.save() {
            Ok(()) => self.shown = Some(version),
            Err(error) => {
                self.record = before;
                return Err(error);
            }
        }
        Ok(())
    }

    /// Confirms the shown publication.
    ///
    /// # Errors
    /// [`SlotsError`]; it stays unconfirmed.
    pub fn confirm(&mut self) -> Result<(), SlotsError> {
        if self.record.unconfirmed_starts.take().is_some() { self.save() } else { Ok(()) }
    }

    /// Records that a publication is refused, so that it is not downloaded again.
    ///
    /// # Errors
    /// [`SlotsError`]; it is then refused only until the program ends.
    pub fn refuse(&mut self, version: ContentVersion, reason: &str) -> Result<(), SlotsError> {
        self.record.refused = Some(ContentRefused { version, reason: reason.to_owned() });
        self.save()
    }

    /// Abandons the shown publication, because it cannot be used.
    ///
    /// # Errors
    /// [`SlotsError`]; it is then abandoned only until the program ends.
    pub fn give_up(&mut self, reason: &str) -> Result<(), SlotsError> {
        let Some(version) = self.shown.take() else { return Ok(()) };
        self.fall_back(ContentRefused { version, reason: reason.to_owned() });
        self.shown = self.record.shown.and_then(|slot| self.verified(slot).ok());
        self.save()
    }

    fn fall_back(&mut self, refused: ContentRefused) {
        let other = self.record.shown.map(Slot::other).filter(|slot| self.verified(*slot).is_ok());
        self.record = Record { shown: other, unconfirmed_starts: None, refused: Some(refused) };
    }

    fn spare(&self) -> Slot {
        self.record.shown.map_or(Slot::A, Slot::other)
    }

    fn manifest(&self, slot: Slot) -> Option<Manifest> {
        let text = fs::read(self.folder.join(slot.name()).join(MANIFEST)).ok()?;
        Manifest::parse(&text).ok()
    }

    /// The version in a slot, if the hash of each of its files is right.
    fn verified(&self, slot: Slot) -> Result<ContentVersion, (ContentVersion, String)> {
        let Some(manifest) = self.manifest(slot) else {
            return Err((ContentVersion(0), "its manifest is missing or damaged".to_owned()));
        };
        let folder = self.folder.join(slot.name());
        for file in &manifest.files {
            match fs::read(folder.join(file.path.as_str())) {
                Ok(bytes) if FileHash::of(&bytes) == file.sha256 => {}
                Ok(_) => return Err((manifest.version, format!("{} was changed", file.path))),
                Err(cause) => return Err((manifest.version, format!("{}: {cause}", file.path))),
            }
        }
        Ok(manifest.version)
    }

    fn save(&self) -> Result<(), SlotsError> {
        let (path, new) = (self.folder.join(RECORD), self.folder.join("state.json.new"));
        let text = serde_json::to_vec_pretty(&self.record).expect("the state is plain data");
        write_synced(&new, &text)?;
        fs::rename(&new, &path).map_err(at(&path))?;
        sync(&self.folder)
    }
}

pub(super) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), SlotsError> {
    let mut file = File::create(path).map_err(at(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(path))
}

fn sync(path: &Path) -> Result<(), SlotsError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
}

pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> SlotsError {
    let path = path.to_owned();
    move |cause| SlotsError { path, cause }
}

#[cfg(test)]
mod tests;
