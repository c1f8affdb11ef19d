//! A model of a disk after a power cut.
//!
//! The model follows ext4 with its journal. Changes of names reach the disk in order, with any later sync.
//! Data written into a file reaches the disk with a sync of that file. Data written after the last sync may
//! be there whole, not at all, or in some of its sectors of 512 bytes.

use std::collections::BTreeMap;
use std::path::Path;

use rand::rngs::ChaCha20Rng;

use super::recording::Deed;
use crate::stage::chance::Chance as _;

const SECTOR: usize = 512;

/// Whether the disk honours sync requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syncs {
    Obeyed,
    Ignored,
}

#[derive(Default)]
pub struct Disk {
    folders: Vec<String>,
    names: BTreeMap<String, usize>,
    files: BTreeMap<usize, Vec<u8>>,
}

impl Disk {
    /// A random one of the disk states that are possible after these deeds.
    pub fn after(deeds: &[Deed], syncs: Syncs, random: &mut ChaCha20Rng) -> Self {
        let mut disk = Self::default();
        let last = |is_sync: &dyn Fn(&Deed) -> bool| {
            let found = deeds.iter().rposition(is_sync).filter(|_| syncs == Syncs::Obeyed);
            found.map_or(0, |at| at + 1)
        };
        let names_safe = last(&|deed| matches!(deed, Deed::Synced { .. } | Deed::SyncedNames));
        let names_there = names_safe + random.index(deeds.len() - names_safe + 1);
        let mut safe = BTreeMap::new();
        for (at, deed) in deeds.iter().enumerate() {
            if at < names_there {
                disk.name(deed);
            }
            if let Deed::Wrote { file, .. } | Deed::Cut { file, .. } = deed {
                let until = *safe
                    .entry(*file)
                    .or_insert_with(|| last(&|deed| matches!(deed, Deed::Synced { file: f } if f == file)));
                disk.fill(deed, at < until, random);
            }
        }
        disk
    }

    fn name(&mut self, deed: &Deed) {
        match deed {
            Deed::Folder(path) => self.folders.push(path.clone()),
            Deed::Made { path, file } => {
                self.names.insert(path.clone(), *file);
            }
            Deed::Renamed { from, to } => {
                if let Some(file) = self.names.remove(from) {
                    self.names.insert(to.clone(), file);
                }
            }
            Deed::Removed { path } => {
                self.names.remove(path);
            }
            _ => {}
        }
    }

    fn fill(&mut self, deed: &Deed, is_safe: bool, random: &mut ChaCha20Rng) {
        let fate = if is_safe { 0 } else { random.below(3) };
        match deed {
            Deed::Cut { file, to } if fate == 0 => self.files.entry(*file).or_default().resize(*to, 0),
            Deed::Wrote { file, at, bytes } if fate != 1 => {
                let content = self.files.entry(*file).or_default();
                let mut from = 0;
                while from < bytes.len() {
                    // Up to the next sector boundary of the disk.
                    let end = bytes.len().min(from + SECTOR - (at + from) % SECTOR);
                    if fate == 0 || random.one_in(2) {
                        if content.len() < at + end {
                            content.resize(at + end, 0);
                        }
                        content[at + from..at + end].copy_from_slice(&bytes[from..end]);
                    }
                    from = end;
                }
            }
            _ => {}
        }
    }

    pub fn write_to(&self, folder: &Path) {
        for path in &self.folders {
            std::fs::create_dir_all(folder.join(path)).unwrap();
        }
        for (path, file) in &self.names {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, self.files.get(file).map_or(&[][..], Vec::as_slice)).unwrap();
        }
    }
}
