//! Reads the folder of forms that a mall adds to the built-in ones.

use std::path::{Path, PathBuf};

use domain::form::{FormCatalog, FormCatalogError};

/// Why a folder of forms is not used. The text names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    /// The folder or a file in it cannot be read.
    #[error("{}: {cause}. Name a folder with forms that this account may read, or leave --forms out", path.display())]
    Io {
        /// The folder or file.
        path: PathBuf,
        cause: std::io::Error,
    },
    /// A file is not a form, or changes a published one.
    #[error(transparent)]
    Form(#[from] FormCatalogError),
}

/// `catalog` together with the forms in the files `*.toml` of `folder`.
///
/// # Errors
/// [`FormsError`]: the error of the first file, in the order of file names.
pub fn read(catalog: &FormCatalog, folder: &Path) -> Result<FormCatalog, FormsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |cause| FormsError::Io { path, cause }
    };
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed(folder))? {
        let path = entry.map_err(failed(folder))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut catalog = catalog.clone();
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        catalog.add_own(&path.file_name().unwrap_or_default().to_string_lossy(), &text)?;
    }
    Ok(catalog)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_is_named_with_file_and_line() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("cinema.toml"), "id = 'cinema'\nversion = 1000\nkind = 'film'\n")
            .unwrap();
        let error = read(&FormCatalog::shipped(), place.path()).unwrap_err().to_string();
        assert!(error.contains("cinema.toml, line 3: there is no kind \"film\""), "{error}");
        let missing = read(&FormCatalog::shipped(), Path::new("/no/such/folder"));
        assert!(missing.unwrap_err().to_string().contains("/no/such/folder"));
    }
}
