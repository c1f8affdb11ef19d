//! Every form that answers may come for: those of this product, those that a mall ever gave, and those in
//! the folder that it gives now.
//!
//! A form that is new in the folder is kept in the database when the server starts, so that answers to it
//! are read even after the folder has moved on. Answers to a form that is in none of these places are kept
//! and shown all the same, with the names of their questions.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use domain::Timestamp;
use domain::form::{Answers, FormCatalog, FormCatalogError};
use rusqlite::Connection;

use crate::store::{StoreError, forms};

/// Why the forms could not be gathered. The text tells an operator what to do.
#[derive(Debug, thiserror::Error)]
pub enum FormsError {
    /// The folder or a file in it cannot be read.
    #[error("{}: {cause}. Name a folder with forms that this account may read, or leave --forms out", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file is no form, or changes one that was published.
    #[error(transparent)]
    Form(#[from] FormCatalogError),
    /// A question to the database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The forms of this product and those that were ever given.
///
/// # Errors
/// [`FormsError`].
pub fn known(db: &Connection) -> Result<FormCatalog, FormsError> {
    let mut book = FormCatalog::shipped();
    for (name, source) in forms::kept(db)? {
        book.add(&name, &source)?;
    }
    Ok(book)
}

/// The same with those in `folder`, which are kept from now on.
///
/// # Errors
/// [`FormsError`]; nothing new is kept then.
pub fn gather(db: &mut Connection, folder: Option<&Path>, now: Timestamp) -> Result<FormCatalog, FormsError> {
    let mut book = known(db)?;
    let Some(folder) = folder else { return Ok(book) };
    let transaction = db.transaction().map_err(StoreError::from)?;
    for (name, source) in read(folder)? {
        let form = book.add(&name, &source)?;
        forms::keep(&transaction, &form.id, form.version, &source, now)?;
    }
    transaction.commit().map_err(StoreError::from)?;
    Ok(book)
}

/// The forms that a running server knows. It grows when answers come to one that was published meanwhile.
#[derive(Debug)]
pub struct Shelf(RwLock<Arc<FormCatalog>>);

impl Shelf {
    /// With these forms on it.
    pub fn new(book: FormCatalog) -> Arc<Self> {
        Arc::new(Self(RwLock::new(Arc::new(book))))
    }

    /// Every form that answers may come for, as far as it is known.
    pub fn book(&self) -> Arc<FormCatalog> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads the forms of the database anew when one of these answers is to a form that is not known.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn learn<'a>(
        &self,
        db: &Connection,
        mut answers: impl Iterator<Item = &'a Answers>,
    ) -> Result<(), StoreError> {
        let known = self.book();
        if answers.all(|said| known.get(&said.form, said.version).is_some()) {
            return Ok(());
        }
        let mut book = FormCatalog::clone(&known);
        for (name, text) in forms::kept(db)? {
            if let Err(error) = book.add(&name, &text) {
                tracing::error!(%error, "a form that was kept cannot be read");
            }
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(book);
        Ok(())
    }
}

/// The texts in a folder, by the names of their files.
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
    use crate::store::open::in_memory;

    const OWN: &str = "id = 'cinema'\nversion = 1000\nkind = 'praise'\ntitle = { en = 'Cinema', zh-Hans = '影院' }\n\
        [[step]]\n[[step.field]]\nid = 'film'\nask = 'text'\nlabel = { en = 'Which film?', zh-Hans = '哪部电影？' }\n";

    fn folder(text: &str) -> tempfile::TempDir {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("cinema.toml"), text).unwrap();
        place
    }

    #[test]
    fn a_form_that_was_given_once_is_known_after_its_folder_is_gone() {
        let mut db = in_memory();
        gather(&mut db, Some(folder(OWN).path()), Timestamp::UNIX_EPOCH).unwrap();
        let later = OWN.replace("1000", "1001");
        let book = gather(&mut db, Some(folder(&later).path()), Timestamp::UNIX_EPOCH).unwrap();
        assert!(book.get("cinema", 1000).is_some() && book.get("cinema", 1001).is_some());
        assert_eq!(known(&db).unwrap(), book);
        assert!(
            db.execute("delete from form", []).is_err()
                && db.execute("update form set source = ''", []).is_err()
        );
    }

    #[test]
    fn a_published_form_that_was_changed_stops_the_server_with_its_file_and_the_way_out() {
        let mut db = in_memory();
        gather(&mut db, Some(folder(OWN).path()), Timestamp::UNIX_EPOCH).unwrap();
        let changed = folder(&OWN.replace("Which film?", "Which one?"));
        let error = gather(&mut db, Some(changed.path()), Timestamp::UNIX_EPOCH).unwrap_err().to_string();
        assert!(
            error.contains("cinema.toml") && error.contains("give the new one a higher version"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let error = gather(&mut in_memory(), Some(Path::new("/no/such/folder")), Timestamp::UNIX_EPOCH);
        assert!(error.unwrap_err().to_string().contains("/no/such/folder"));
    }
}
