//! Generates the demo mall: an IMDF archive and its `venue.toml`.
//!
//! `cargo xtask demo-mall` writes assets/demo-mall, the same bytes each time: ids come from names, the plan
//! from tables, and nothing from a clock or a random number. To change the mall, change the plan or the
//! tables, run the command, and commit both. The written files are never edited by hand; a test compares
//! them.
//!
//! In order: `plan` draws rooms and doors in metres, `places` and `sections` find the amenities and zones in
//! them, the tables name everything, `archive` and `overlay` write the files.

mod archive;
mod feature;
mod frame;
mod geometry;
mod ids;
mod json;
mod labels;
mod overlay;
mod places;
mod plan;
mod relationships;
mod sections;
mod shops;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;

use self::archive::Mall;

/// The folder of the demo mall in this repository.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall")
}

/// Every file of the demo mall by its name.
pub fn files() -> BTreeMap<String, String> {
    let mall = Mall { storeys: plan::draw(), shops: shops::read(), words: labels::Words::read() };
    let mut files = mall.files();
    files.insert("venue.toml".to_owned(), mall.overlay());
    files
}

/// Writes every file into `folder`.
pub fn write(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    for (name, text) in files() {
        let path = folder.join(name);
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}
