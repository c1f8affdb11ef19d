//! The folders for librime, which are written at every start.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::error::Error;

/// The name of our schema, which is in `galleria_pinyin.schema.yaml`.
pub(super) const SCHEMA: &str = "galleria_pinyin";
const SCHEMA_TEXT: &str = include_str!("galleria_pinyin.schema.yaml");
/// librime needs a list of schemas before it starts a session.
const LIST_TEXT: &str = "schema_list:\n  - schema: galleria_pinyin\nmenu:\n  page_size: 9\n";

/// The folders for librime.
pub(super) struct Folders {
    /// The dictionaries; read only.
    pub(super) shared: PathBuf,
    /// The compiled dictionaries; read only.
    pub(super) prebuilt: PathBuf,
    /// Our schema; read only for librime.
    pub(super) staging: PathBuf,
    /// The folder in which librime would store what it learns.
    pub(super) user: PathBuf,
}

/// Whether librime learns from what is typed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Learning {
    Off,
    /// As on a personal computer. It proves that the tests can fail.
    #[cfg(test)]
    On,
}

/// Creates the folders and checks that the dictionary is there.
pub(super) fn prepare(folder: &Path, shared: &Path, learning: Learning) -> Result<Folders, Error> {
    let own = folder.join("pinyin");
    let folders = Folders {
        shared: shared.to_owned(),
        prebuilt: shared.join("build"),
        staging: own.join("schema"),
        user: own.join("user"),
    };
    let dictionary = folders.prebuilt.join("pinyin_simp.table.bin");
    if !dictionary.is_file() {
        return Err(Error::NoDictionary(dictionary));
    }
    for made in [&folders.staging, &folders.user] {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700).create(made).map_err(at(made))?;
    }
    let text = match learning {
        Learning::Off => {
            // Another program or version may have stored data about a visitor here.
            empty(&folders.user)?;
            SCHEMA_TEXT.to_owned()
        }
        #[cfg(test)]
        Learning::On => SCHEMA_TEXT.replace("enable_user_dict: false", "enable_user_dict: true"),
    };
    for (name, text) in [("galleria_pinyin.schema.yaml", text.as_str()), ("default.yaml", LIST_TEXT)] {
        let path = folders.staging.join(name);
        fs::write(&path, text).map_err(at(&path))?;
    }
    Ok(folders)
}

fn empty(folder: &Path) -> Result<(), Error> {
    if fs::read_dir(folder).map_err(at(folder))?.next().is_none() {
        return Ok(());
    }
    let emptied = fs::remove_dir_all(folder).and_then(|()| fs::create_dir(folder));
    emptied.map_err(|_| Error::NotEmpty(folder.to_owned()))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
