//! The fonts of a picture's labels: Noto Sans and Noto Sans CJK, found by file path.
//!
//! The files are memory-mapped, never copied onto the heap: Noto Sans CJK alone has 20 MB. A picture can be
//! drawn without any fonts; it then has no labels.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::language::Language;
use resvg::usvg::fontdb;

use crate::draw::{Shaping, Weight};

/// The weights of labels, as in the names of Noto's files.
const WEIGHTS: [&str; 3] = ["Regular", "Medium", "Bold"];
/// The folders where Debian installs them.
const FOLDERS: [&str; 2] = ["/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto"];

/// A set of fonts, loaded once and shared by all pictures.
#[derive(Clone)]
pub struct Fonts {
    database: Arc<fontdb::Database>,
    shaping: Arc<Mutex<Shaping>>,
}

/// Some fonts are missing. Drawing continues with the others.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no font for {} in {}; install fonts-noto-core and fonts-noto-cjk",
    .families.join(", "),
    .folders.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(", ")
)]
pub struct FontsError {
    /// The missing families.
    pub families: Vec<&'static str>,
    /// The folders that were searched.
    pub folders: Vec<PathBuf>,
    /// The fonts that were found.
    pub fonts: Fonts,
}

impl Fonts {
    /// The fonts in Debian's folders.
    ///
    /// # Errors
    /// When families are missing; the error names them and holds the fonts that were found.
    pub fn system() -> Result<Self, FontsError> {
        Self::in_folders(&FOLDERS.map(Path::new))
    }

    /// The fonts in these folders, by Noto's file names.
    ///
    /// # Errors
    /// When families are missing; the error names them and holds the fonts that were found.
    pub fn in_folders(folders: &[&Path]) -> Result<Self, FontsError> {
        let mut database = fontdb::Database::new();
        let families = families();
        let files: BTreeSet<String> = families.iter().flat_map(|family| files(family)).collect();
        for file in folders.iter().flat_map(|folder| files.iter().map(|name| folder.join(name))) {
            if file.is_file() {
                // A damaged font file counts as missing: its family is reported below.
                let _ = database.load_font_file(&file);
            }
        }
        database.set_sans_serif_family("Noto Sans");
        let has = |family: &str| database.faces().any(|f| f.families.iter().any(|(name, _)| name == family));
        let missing: Vec<_> = families.into_iter().filter(|f| !has(f)).collect();
        let fonts = Self { database: Arc::new(database), shaping: Arc::default() };
        if missing.is_empty() {
            return Ok(fonts);
        }
        let folders = folders.iter().map(|f| f.to_path_buf()).collect();
        Err(FontsError { families: missing, folders, fonts })
    }

    /// No fonts: pictures have no labels.
    pub fn none() -> Self {
        Self { database: Arc::default(), shaping: Arc::default() }
    }

    pub(crate) fn database(&self) -> Arc<fontdb::Database> {
        self.database.clone()
    }

    /// The width of a word in ems; `None` if there is no font.
    pub(crate) fn width(&self, family: &'static str, weight: Weight, word: &str) -> Option<f64> {
        let mut shaping = self.shaping.lock().unwrap_or_else(PoisonError::into_inner);
        shaping.width(&self.database, family, weight, word)
    }
}

/// The font families for the scripts of the product's languages, and for Latin letters.
fn families() -> Vec<&'static str> {
    let mut families = vec!["Noto Sans"];
    families.extend(Language::ALL.map(Language::font_family));
    families.sort_unstable();
    families.dedup();
    families
}

/// The files of a family, with their names in Debian's fonts-noto-core and fonts-noto-cjk. All CJK faces of
/// one weight are in one file.
fn files(family: &str) -> impl Iterator<Item = String> + use<> {
    let family = if family.starts_with("Noto Sans CJK") { "Noto Sans CJK" } else { family };
    let name = family.replace(' ', "");
    WEIGHTS
        .into_iter()
        .flat_map(move |weight| ["ttf", "ttc"].map(|ending| format!("{name}-{weight}.{ending}")))
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fonts({} faces)", self.database.len())
    }
}

impl PartialEq for Fonts {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.database, &other.database)
    }
}

impl Eq for Fonts {}

#[cfg(test)]
mod tests {
    use super::*;

    /// Missing fonts are named with the folder and the package.
    #[test]
    fn missing_fonts_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Fonts::in_folders(&[folder.path()]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("Noto Sans CJK SC") && text.contains("fonts-noto-cjk"), "{text}");
        assert!(text.contains(&folder.path().display().to_string()), "{text}");
        assert_eq!(error.families, families());
    }
}
