//! The form catalog of the server: the forms of this product, those that were ever added, and those in the
//! mall's folder.
//!
//! A form that is new in the folder is stored in the database when the server starts, so answers to it stay
//! readable after the folder has changed. Answers to an unknown form are kept too, and shown with the ids of
//! their fields.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use domain::Timestamp;
use domain::form::{Answers, FormCatalog, FormCatalogError};

use crate::store::publications::FormSource;
use crate::store::{Store, StoreError};

/// Why the catalog could not be built. The text tells an operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    /// The folder or a file in it cannot be read.
    #[error("{}: {cause}. Name a folder with forms that this account may read, or leave --forms out", path.display())]
    Io {
        path: PathBuf,
        /// The error of the operating system.
        cause: std::io::Error,
    },
    /// A file is no form, or changes one that was published.
    #[error(transparent)]
    Form(#[from] FormCatalogError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The forms of this product, and those that are stored in the database.
///
/// # Errors
/// [`FormsError`].
pub async fn known(store: &Store) -> Result<FormCatalog, FormsError> {
    let mut catalog = FormCatalog::shipped();
    for form in store.publications().forms().await? {
        catalog.add(&form.name(), &form.text)?;
    }
    Ok(catalog)
}

/// The same, with the forms in `folder`, which are stored in the database too.
///
/// # Errors
/// [`FormsError`]; nothing is stored then.
pub async fn gather(store: &Store, folder: Option<&Path>, now: Timestamp) -> Result<FormCatalog, FormsError> {
    let mut catalog = known(store).await?;
    let Some(folder) = folder else { return Ok(catalog) };
    let mut new = Vec::new();
    for (name, text) in read(folder)? {
        let form = catalog.add_own(&name, &text)?;
        new.push(FormSource { id: form.id.clone(), version: form.version, text });
    }
    store.publications().keep_forms(new, now).await?;
    Ok(catalog)
}

/// The form catalog of a running server. It grows when answers arrive to a form that was published since.
#[derive(Debug)]
pub struct FormStore(RwLock<Arc<FormCatalog>>);

impl FormStore {
    pub fn new(catalog: FormCatalog) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(catalog))))
    }

    /// The catalog as it is now.
    pub fn catalog(&self) -> Arc<FormCatalog> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds the stored forms, which `kept` reads, if one of these answers belongs to an unknown form.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn learn<'a>(
        &self,
        mut answers: impl Iterator<Item = &'a Answers>,
        kept: impl FnOnce() -> Result<Vec<FormSource>, StoreError>,
    ) -> Result<(), StoreError> {
        let known = self.catalog();
        if answers.all(|given| known.get(&given.form, given.version).is_some()) {
            return Ok(());
        }
        let mut catalog = FormCatalog::clone(&known);
        for form in kept()? {
            if let Err(error) = catalog.add(&form.name(), &form.text) {
                tracing::error!(%error, "a form that was kept cannot be read");
            }
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(catalog);
        Ok(())
    }
}

/// Name and text of each TOML file in a folder, sorted by name.
fn read(folder: &Path) -> Result<Vec<(String, String)>, FormsError> {
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
    let text = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(failed(&path))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text))
    };
    paths.into_iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "id = 'cinema'\nversion = 1000\nkind = 'praise'\ntitle = { en = 'Cinema', zh-Hans = '影院' }\n\
        [[step]]\n[[step.field]]\nid = 'film'\nask = 'text'\nlabel = { en = 'Which film?', zh-Hans = '哪部电影？' }\n";

    fn a_store(place: &tempfile::TempDir) -> Store {
        Store::open_for_command(&place.path().join("galleria.db")).unwrap()
    }

    fn folder(text: &str) -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("cinema.toml"), text).unwrap();
        place
    }

    #[tokio::test]
    async fn a_form_outlives_the_folder_it_came_from() {
        let place = tempfile::tempdir().unwrap();
        let store = a_store(&place);
        gather(&store, Some(folder(OWN).path()), Timestamp::UNIX_EPOCH).await.unwrap();
        let later = OWN.replace("1000", "1001");
        let catalog = gather(&store, Some(folder(&later).path()), Timestamp::UNIX_EPOCH).await.unwrap();
        assert!(catalog.get("cinema", 1000).is_some() && catalog.get("cinema", 1001).is_some());
        assert_eq!(known(&store).await.unwrap(), catalog);
    }

    /// The error names the file and the remedy.
    #[tokio::test]
    async fn a_changed_published_form_stops_the_server() {
        let place = tempfile::tempdir().unwrap();
        let store = a_store(&place);
        gather(&store, Some(folder(OWN).path()), Timestamp::UNIX_EPOCH).await.unwrap();
        let changed = folder(&OWN.replace("Which film?", "Which one?"));
        let error = gather(&store, Some(changed.path()), Timestamp::UNIX_EPOCH).await;
        let error = error.unwrap_err().to_string();
        assert!(
            error.contains("cinema.toml") && error.contains("give the new one a higher version"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_missing_folder_is_named() {
        let place = tempfile::tempdir().unwrap();
        let nowhere = Some(Path::new("/no/such/folder"));
        let error = gather(&a_store(&place), nowhere, Timestamp::UNIX_EPOCH).await;
        assert!(error.unwrap_err().to_string().contains("/no/such/folder"));
    }
}
