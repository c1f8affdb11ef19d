//! Maps on this disk: the demo mall of this project, and those below a folder of real venues.

use std::path::{Path, PathBuf};

use crate::load::Archive;
use crate::osm::{Options, Touching, convert};

/// The demo mall, as this project draws it.
pub(crate) fn demo_mall() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")
}

/// The IMDF folders below a folder, and the OpenStreetMap extracts in it that are no part of one.
pub(crate) fn below(folder: PathBuf) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let (mut maps, mut extracts) = (Vec::new(), Vec::new());
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        if folder.join("manifest.json").is_file() {
            maps.push(folder);
            continue;
        }
        for path in std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "geojson" || e == "osm") {
                extracts.push(path);
            }
        }
    }
    maps.sort();
    extracts.sort();
    (maps, extracts)
}

/// An extract as a map, converted as the command line does without options.
pub(crate) fn converted(extract: &Path) -> Archive {
    let bytes = std::fs::read(extract).unwrap();
    let options = Options { language: None, time_zone: None, touching: Touching::Open };
    let made = convert(&bytes, &options).unwrap_or_else(|cause| panic!("{}: {cause}", extract.display()));
    Archive::new(made.files)
}

/// The name by which a map is known: that of its folder or file.
pub(crate) fn name(path: &Path) -> String {
    let own = |p: &Path| p.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match own(path).as_str() {
        "imdf" => path.parent().map(own).unwrap_or_default(),
        name => name.to_owned(),
    }
}
