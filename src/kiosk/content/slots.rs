//! Two slots for content on the disk, and which of them is shown.
//!
//! ```text
//! content/state.json   which slot is shown, whether it is on trial, what was refused
//! content/a/, b/       a publication each: manifest.json and its files
//! content/parts/       downloads that are not whole yet
//! content/routes/      the networks of their maps, which may be lost at any time
//! ```
//! `state.json` is replaced in one step and synced; a slot is written, synced, and only then named in it.
//! So a power cut at any moment leaves the slot that was shown as it was.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use domain::content::{ContentVersion, FileHash, Manifest};
use domain::wire::{ContentRefused, ContentReport};
use serde::{Deserialize, Serialize};

/// A publication on trial is given up when the program has begun so often without confirming it.
const MOST_TRIALS: u8 = 3;
const STATE: &str = "state.json";
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
struct State {
    shown: Option<Slot>,
    /// Starts of the program since the slot was shown first; none when it has stood its trial.
    trial: Option<u8>,
    refused: Option<ContentRefused>,
}

/// Something that whoever looks after the kiosk should read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The record could not be read. The kiosk shows what it was installed with until it is offered more.
    StateDamaged(String),
    /// A file of the slot is missing or was changed.
    SlotDamaged(ContentVersion, String),
    /// The program began again and again without confirming the publication.
    GivenUp(ContentVersion),
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::StateDamaged(why) => {
                write!(f, "content/state.json could not be read ({why}); published content is not shown")
            }
            Self::SlotDamaged(version, why) => write!(f, "content {version} is damaged: {why}"),
            Self::GivenUp(version) => {
                write!(f, "the kiosk did not stay up with content {version}; it shows what it showed before")
            }
        }
    }
}

/// The slots of one kiosk.
#[derive(Debug)]
pub struct Slots {
    folder: PathBuf,
    state: State,
    shown: Option<ContentVersion>,
}

impl Slots {
    /// Opens the slots in `data`/content, at the start of the program: content on trial counts one start
    /// more, and is given up after some; content with a damaged file is not shown.
    ///
    /// # Errors
    /// [`SlotsError`]: the folder cannot be used.
    pub fn open(data: &Path) -> Result<(Self, Vec<Notice>), SlotsError> {
        let folder = data.join("content");
        fs::create_dir_all(&folder).map_err(at(&folder))?;
        let mut notices = Vec::new();
        let state = match fs::read(folder.join(STATE)) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|cause: serde_json::Error| {
                notices.push(Notice::StateDamaged(cause.to_string()));
                State::default()
            }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => State::default(),
            Err(cause) => return Err(at(&folder.join(STATE))(cause)),
        };
        let mut slots = Self { folder, state, shown: None };
        slots.begin(&mut notices)?;
        Ok((slots, notices))
    }

    fn begin(&mut self, notices: &mut Vec<Notice>) -> Result<(), SlotsError> {
        let before = self.state.clone();
        if let (Some(slot), Some(starts)) = (self.state.shown, self.state.trial) {
            self.state.trial = Some(starts.saturating_add(1));
            if starts >= MOST_TRIALS {
                let version = self.manifest(slot).map_or(ContentVersion(0), |m| m.version);
                notices.push(Notice::GivenUp(version));
                self.fall_back(ContentRefused { version, reason: "the kiosk did not stay up".to_owned() });
            }
        }
        // At most one of the two is tried after the other.
        for _ in 0..2 {
            let Some(slot) = self.state.shown else { break };
            match self.whole(slot) {
                Ok(version) => {
                    self.shown = Some(version);
                    break;
                }
                Err((version, reason)) => {
                    notices.push(Notice::SlotDamaged(version, reason.clone()));
                    let other = self.whole(slot.other()).is_ok();
                    // It is not refused: fetched anew it may be whole.
                    self.state.shown = other.then(|| slot.other());
                    self.state.trial = None;
                }
            }
        }
        if self.state == before { Ok(()) } else { self.save() }
    }

    /// The folder of the publication that is shown, and its number.
    pub fn shown(&self) -> Option<(ContentVersion, PathBuf)> {
        Some((self.shown?, self.folder.join(self.state.shown?.name())))
    }

    /// What the server is told.
    pub fn report(&self) -> ContentReport {
        ContentReport { shown: self.shown, refused: self.state.refused.clone() }
    }

    /// Whether a publication that is offered is worth fetching: not shown, and not refused before.
    pub fn wants(&self, version: ContentVersion) -> bool {
        self.shown != Some(version) && self.state.refused.as_ref().is_none_or(|r| r.version != version)
    }

    /// Where downloads lie until they are whole.
    pub fn parts(&self) -> PathBuf {
        self.folder.join("parts")
    }

    /// A file with this content that is here already.
    pub fn file_with(&self, hash: &FileHash) -> Option<PathBuf> {
        let slot = self.state.shown?;
        let manifest = self.manifest(slot)?;
        let file = manifest.files.iter().find(|file| file.sha256 == *hash)?;
        Some(self.folder.join(slot.name()).join(file.path.as_str()))
    }

    /// Puts a publication into the slot that is not shown. `whole` finds each of its files.
    ///
    /// # Errors
    /// [`SlotsError`]; what is shown is not touched.
    pub fn stage(
        &self,
        manifest: &Manifest,
        signed: &[u8],
        whole: impl Fn(&FileHash) -> PathBuf,
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
            fs::copy(whole(&file.sha256), &to).map_err(at(&to))?;
            sync(&to)?;
        }
        write_synced(&folder.join(MANIFEST), signed)?;
        folders.iter().rev().try_for_each(|folder| sync(folder))?;
        sync(&self.folder)?;
        Ok(folder)
    }

    /// Shows what was staged, on trial.
    ///
    /// # Errors
    /// [`SlotsError`]; then what was shown before is shown on.
    pub fn show(&mut self, version: ContentVersion) -> Result<(), SlotsError> {
        let staged = self.manifest(self.spare()).map(|m| m.version);
        if staged != Some(version) {
            let cause = io::Error::other(format!("content {version} is not what was staged"));
            return Err(at(&self.folder.join(self.spare().name()))(cause));
        }
        let before = self.state.clone();
        self.state = State { shown: Some(self.spare()), trial: Some(1), refused: None };
        match self.save() {
            Ok(()) => self.shown = Some(version),
            Err(error) => {
                self.state = before;
                return Err(error);
            }
        }
        Ok(())
    }

    /// What is shown has stood its trial.
    ///
    /// # Errors
    /// [`SlotsError`]; it stays on trial.
    pub fn confirm(&mut self) -> Result<(), SlotsError> {
        if self.state.trial.take().is_some() { self.save() } else { Ok(()) }
    }

    /// Remembers that a publication is not wanted, so that it is not fetched again and again.
    ///
    /// # Errors
    /// [`SlotsError`]; it is remembered until the program ends all the same.
    pub fn refuse(&mut self, version: ContentVersion, reason: &str) -> Result<(), SlotsError> {
        self.state.refused = Some(ContentRefused { version, reason: reason.to_owned() });
        self.save()
    }

    /// Gives up what is shown, because it cannot be used after all.
    ///
    /// # Errors
    /// [`SlotsError`]; it is given up until the program ends all the same.
    pub fn give_up(&mut self, reason: &str) -> Result<(), SlotsError> {
        let Some(version) = self.shown.take() else { return Ok(()) };
        self.fall_back(ContentRefused { version, reason: reason.to_owned() });
        self.shown = self.state.shown.and_then(|slot| self.whole(slot).ok());
        self.save()
    }

    fn fall_back(&mut self, refused: ContentRefused) {
        let other = self.state.shown.map(Slot::other).filter(|slot| self.whole(*slot).is_ok());
        self.state = State { shown: other, trial: None, refused: Some(refused) };
    }

    fn spare(&self) -> Slot {
        self.state.shown.map_or(Slot::A, Slot::other)
    }

    fn manifest(&self, slot: Slot) -> Option<Manifest> {
        let text = fs::read(self.folder.join(slot.name()).join(MANIFEST)).ok()?;
        Manifest::parse(&text).ok()
    }

    /// The number of the publication in a slot, if each of its files is as it was signed.
    fn whole(&self, slot: Slot) -> Result<ContentVersion, (ContentVersion, String)> {
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
        let (path, new) = (self.folder.join(STATE), self.folder.join("state.json.new"));
        let text = serde_json::to_vec_pretty(&self.state).expect("the state is plain data");
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
