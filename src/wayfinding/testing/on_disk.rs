//! Maps on disk: the demo mall of this project, and the real venues below a folder.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

/// The demo mall in this repository.
pub fn demo_mall() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")
}

/// The number of cases of a random test, multiplied by `GALLERIA_CASES` if it is set.
pub fn cases(usual: u32) -> u32 {
    let times = std::env::var("GALLERIA_CASES").ok().and_then(|n| n.parse::<u32>().ok());
    usual.saturating_mul(times.unwrap_or(1).max(1))
}

/// The IMDF folders and OpenStreetMap extracts below the folder that `GALLERIA_VENUES` names. If the
/// variable is not set, both lists are empty and a message says so; with `GALLERIA_VENUES_REQUIRED` the
/// test fails.
#[expect(clippy::print_stderr, reason = "a test that checks less than it could says so")]
pub fn real() -> (Vec<PathBuf>, Vec<PathBuf>) {
    let Some(folder) = std::env::var_os("GALLERIA_VENUES") else {
        assert!(
            std::env::var_os("GALLERIA_VENUES_REQUIRED").is_none(),
            "GALLERIA_VENUES has to name a folder of real venues"
        );
        eprintln!("NOT CHECKED on real venues: GALLERIA_VENUES does not name a folder of them");
        return Default::default();
    };
    let found = below(PathBuf::from(folder));
    assert!(!found.0.is_empty(), "GALLERIA_VENUES holds no folder with a manifest.json");
    found
}

/// A zip of these files, in this order.
pub fn zip_of<'a>(files: impl IntoIterator<Item = (String, &'a [u8])>) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        writer.start_file(name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The IMDF folders below a folder, and the OpenStreetMap extracts that are not part of one.
pub fn below(folder: PathBuf) -> (Vec<PathBuf>, Vec<PathBuf>) {
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

/// The name of a map: the name of its folder or file.
pub fn name(path: &Path) -> String {
    let own = |p: &Path| p.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match own(path).as_str() {
        "imdf" => path.parent().map(own).unwrap_or_default(),
        name => name.to_owned(),
    }
}
