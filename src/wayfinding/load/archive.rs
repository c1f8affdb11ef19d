//! The bytes of a map: a folder read into memory, file by file, before anything is made of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::LoadError;

/// No file of any mall seen so far exceeds two megabytes.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The feature types that are read. Others (address, footprint, geofence …) say nothing about walking.
pub(super) const TYPES: [&str; 14] = [
    "amenity",
    "anchor",
    "building",
    "detail",
    "fixture",
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

/// The files of a map by name: `manifest.json`, `<type>.geojson`, `venue.toml`.
#[derive(Clone, Debug, Default)]
pub struct Archive {
    files: BTreeMap<String, Vec<u8>>,
}

impl Archive {
    /// An archive of files that are in memory already.
    pub fn new<N: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (N, B)>) -> Self {
        Self { files: files.into_iter().map(|(n, b)| (n.into(), b.into())).collect() }
    }

    /// Reads the files of a folder that this crate knows. `venue.toml` may be in it or beside it.
    ///
    /// # Errors
    /// When the folder or one of these files cannot be read. A missing file is no error here.
    pub fn read(folder: &Path) -> Result<Self, LoadError> {
        fs::read_dir(folder).map_err(|source| LoadError::Folder { folder: folder.to_owned(), source })?;
        let mut files = BTreeMap::new();
        let names = TYPES.iter().map(|t| format!("{t}.geojson")).chain(["manifest.json".to_owned()]);
        for name in names {
            if let Some(bytes) = read_file(&folder.join(&name))? {
                files.insert(name, bytes);
            }
        }
        let overlay = match read_file(&folder.join("venue.toml"))? {
            None => folder.parent().map(|above| read_file(&above.join("venue.toml"))).transpose()?.flatten(),
            found => found,
        };
        files.extend(overlay.map(|bytes| ("venue.toml".to_owned(), bytes)));
        Ok(Self { files })
    }

    /// One file, if it is there.
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
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
        Ok(found) => found.len(),
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

    #[test]
    fn one_changed_byte_is_another_version_of_the_map() {
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

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = Archive::read(Path::new("/no/such/mall")).unwrap_err();
        assert!(error.to_string().contains("/no/such/mall"), "{error}");
    }
}
