//! Every version of every form that somebody may hold answers to.
//!
//! A form enters when it is given, by this product or by a mall, and never leaves. A version that was
//! published once cannot be published again as something else.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Form, FormError};

/// The forms that are built in, by the names of their files.
pub(super) const SHIPPED: [(&str, &str); 8] = [
    ("complaint.1.toml", include_str!("../../../assets/forms/complaint.1.toml")),
    ("enquiry.1.toml", include_str!("../../../assets/forms/enquiry.1.toml")),
    ("feedback.1.toml", include_str!("../../../assets/forms/feedback.1.toml")),
    ("found.1.toml", include_str!("../../../assets/forms/found.1.toml")),
    ("lost.1.toml", include_str!("../../../assets/forms/lost.1.toml")),
    ("praise.1.toml", include_str!("../../../assets/forms/praise.1.toml")),
    ("service.1.toml", include_str!("../../../assets/forms/service.1.toml")),
    ("suggestion.1.toml", include_str!("../../../assets/forms/suggestion.1.toml")),
];

/// Forms, all versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCatalog {
    forms: BTreeMap<(String, u32), Arc<Form>>,
}

/// Why a form was not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormCatalogError {
    /// The text is no form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// Another form of this name and version is known.
    #[error(
        "{file}: version {version} of the form {id} was published before and was different. Answers to it exist; \
         give the new one a higher version"
    )]
    Changed {
        /// The name of the file.
        file: String,
        /// The form.
        id: String,
        /// Its version.
        version: u32,
    },
}

impl FormCatalog {
    /// The forms of this product.
    ///
    /// # Panics
    /// Never in a program that passed its tests: the files are part of it.
    pub fn shipped() -> Self {
        static READ: LazyLock<FormCatalog> = LazyLock::new(|| {
            let mut book = FormCatalog::default();
            for (file, text) in SHIPPED {
                book.add(file, text).expect("the forms that are built in are well formed");
            }
            book
        });
        READ.clone()
    }

    /// Adds a form. One that is known and the same is no error.
    ///
    /// # Errors
    /// [`FormCatalogError`], which names the file and says what to do.
    pub fn add(&mut self, file: &str, text: &str) -> Result<Arc<Form>, FormCatalogError> {
        let form = Form::read(file, text)?;
        let known =
            self.forms.entry((form.id.clone(), form.version)).or_insert_with(|| Arc::new(form.clone()));
        if **known == form {
            return Ok(Arc::clone(known));
        }
        Err(FormCatalogError::Changed { file: file.to_owned(), id: form.id, version: form.version })
    }

    /// A version of a form.
    pub fn get(&self, id: &str, version: u32) -> Option<&Arc<Form>> {
        self.forms.get(&(id.to_owned(), version))
    }

    /// The newest version of each form that is still offered, by name.
    pub fn offered(&self) -> Vec<&Arc<Form>> {
        let mut newest: BTreeMap<&str, &Arc<Form>> = BTreeMap::new();
        for ((id, _), form) in &self.forms {
            newest.insert(id, form);
        }
        newest.into_values().filter(|form| !form.retired).collect()
    }

    /// The newest version of a form, if it is still offered.
    pub fn newest(&self, id: &str) -> Option<&Arc<Form>> {
        self.offered().into_iter().find(|form| form.id == id)
    }

    /// Every version of every form.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.values()
    }
}
