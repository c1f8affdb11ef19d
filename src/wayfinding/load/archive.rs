//! The bytes of a map: a folder or a zip, read into memory file by file, before anything is parsed.
//!
//! A map that is too large for any mall is refused here, before it can exhaust the memory of the machine.
//! The limits below keep a map and everything made from it under a gigabyte.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::error::LoadError;
use super::packed;

/// The size limit of one file, in bytes. The largest file of any mall so far is under two megabytes.
pub(super) const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// The size limit of all files of a map together, in bytes.
pub(super) const LARGEST_MAP: u64 = 64 * 1024 * 1024;
/// The limit of JSON objects in all files together. Each takes some 700 bytes in memory; the demo mall has
/// 8,000.
const MOST_OBJECTS: usize = 300_000;
/// The limit of JSON values in all files together. Each takes some 32 bytes in memory; the demo mall has
/// 60,000.
const MOST_VALUES: usize = 4_000_000;

/// The feature types of IMDF. Each has a file of the same name.
pub const TYPES: [&str; 16] = [
    "address",
    "amenity",
    "anchor",
    "building",
    "detail",
    "fixture",
    "footprint",
    "geofence",
    "kiosk",
    "level",
    "occupant",
    "opening",
    "relationship",
    "section",
    "unit",
    "venue",
];

/// Whether a file of this name is read.
pub(super) fn is_known(name: &str) -> bool {
    name == "manifest.json"
        || name == "venue.toml"
        || name.strip_suffix(".geojson").is_some_and(|kind| TYPES.contains(&kind))
}

/// The files of a map by name: `manifest.json`, `<type>.geojson`, `venue.toml`.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    files: BTreeMap<String, Vec<u8>>,
    /// The names of map files that IMDF does not define.
    pub(super) strange: Vec<String>,
}

impl Archive {
    /// An archive of files in memory.
    pub fn new<N: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, B)>) -> Self {
        let files = files.into_iter().map(|(n, b)| (n.into(), b.into())).collect();
        Self { files, strange: Vec::new() }
    }

    /// The same files, with one of them added or replaced.
    #[cfg(any(test, feature = "testing"))]
    pub fn with(&self, name: &str, bytes: Vec<u8>) -> Self {
        let mut archive = self.clone();
        archive.files.insert(name.to_owned(), bytes);
        archive
    }

    /// Reads those files of a folder or of a zip that belong to a map. `venue.toml` may be inside or beside
    /// it.
    ///
    /// # Errors
    /// When the folder, the zip or one of these files cannot be read, or is far too large for any mall. A
    /// missing file is no error here.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let missing = |source| LoadError::Folder { folder: path.to_owned(), source };
        let mut archive = if fs::metadata(path).map_err(missing)?.is_file() {
            packed::read(fs::File::open(path).map_err(missing)?)
                .map_err(|cause| LoadError::Zip { file: path.to_owned(), cause })?
        } else {
            Self::read_folder(path)?
        };
        if archive.get("venue.toml").is_none()
            && let Some(above) = path.parent()
        {
            let beside = read_file(&above.join("venue.toml"))?;
            archive.files.extend(beside.map(|bytes| ("venue.toml".to_owned(), bytes)));
        }
        Ok(archive)
    }

    fn read_folder(folder: &Path) -> Result<Self, LoadError> {
        let failed = |source| LoadError::Folder { folder: folder.to_owned(), source };
        let mut archive = Self::default();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !is_known(&name) {
                archive.add_strange(name);
            } else if let Some(bytes) = read_file(&entry.path())? {
                archive.files.insert(name, bytes);
            }
        }
        archive.strange.sort();
        Ok(archive)
    }

    /// Records a file that looks like a map file but is not read.
    pub(super) fn add_strange(&mut self, name: String) {
        if name.ends_with(".geojson") && self.strange.len() < 100 {
            self.strange.push(name);
        }
    }

    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// Every file with its name, in the order of names.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }

    /// Refuses a map that would take too much memory when it is parsed.
    pub fn weigh(&self) -> Result<(), LoadError> {
        let (mut bytes, mut objects, mut values) = (0, 0, 0);
        for (name, content) in &self.files {
            bytes += content.len() as u64;
            if !name.ends_with(".toml") {
                objects += content.iter().filter(|b| **b == b'{').count();
                values += content.iter().filter(|b| matches!(**b, b',' | b'[')).count();
            }
        }
        let refuse = |what, found: u64, limit: u64| Err(LoadError::TooMuch { what, found, limit });
        if bytes > LARGEST_MAP {
            return refuse("bytes", bytes, LARGEST_MAP);
        }
        if objects > MOST_OBJECTS {
            return refuse("JSON objects", objects as u64, MOST_OBJECTS as u64);
        }
        if values > MOST_VALUES {
            return refuse("JSON values", values as u64, MOST_VALUES as u64);
        }
        Ok(())
    }

    /// The SHA-256 over names and contents, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for (name, bytes) in &self.files {
            hash.update(name.as_bytes());
            hash.update((bytes.len() as u64).to_be_bytes());
            hash.update(bytes);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn read_file(file: &Path) -> Result<Option<Vec<u8>>, LoadError> {
    let failed = |source| LoadError::File { file: file.to_owned(), source };
    let size = match fs::metadata(file) {
        Ok(found) if found.is_file() => found.len(),
        Ok(_) => return Ok(None),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed(cause)),
    };
    if size > LARGEST_FILE {
        return Err(LoadError::TooLarge { file: file.to_owned(), size, limit: LARGEST_FILE });
    }
    fs::read(file).map(Some).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One changed byte makes another version of the map.
    #[test]
    fn one_changed_byte_makes_another_version() {
        let one = Archive::new([("unit.geojson", "a"), ("level.geojson", "b")]);
        let same = Archive::new([("level.geojson", "b"), ("unit.geojson", "a")]);
        let other = Archive::new([("unit.geojson", "a"), ("level.geojson", "c")]);
        assert_eq!(one.digest(), same.digest());
        assert_ne!(one.digest(), other.digest());
    }

    #[test]
    fn the_overlay_may_lie_beside_the_folder() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("imdf");
        fs::create_dir(&inner).unwrap();
        fs::write(outer.path().join("venue.toml"), "format = 1").unwrap();
        assert!(Archive::read(&inner).unwrap().get("venue.toml").is_some());
    }

    /// A map that would take too much memory is refused, and the error has the figure.
    #[test]
    fn oversized_maps_are_refused_with_the_figure() {
        let bomb = Archive::new([("unit.geojson", format!("[{}]", "{},".repeat(MOST_OBJECTS + 1)))]);
        let error = bomb.weigh().unwrap_err().to_string();
        assert!(error.contains("300001 JSON objects"), "{error}");
        let bomb = Archive::new([("unit.geojson", ",".repeat(MOST_VALUES + 1))]);
        assert!(bomb.weigh().is_err());
        let large = Archive::new([("a", vec![b' '; 1 << 26]), ("b", vec![b' '; 1])]);
        assert!(large.weigh().is_err());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = Archive::read(Path::new("/no/such/mall")).unwrap_err();
        assert!(error.to_string().contains("/no/such/mall"), "{error}");
    }
}
