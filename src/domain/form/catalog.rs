//! The form catalog: every version of every form to which answers may exist.
//!
//! A form enters when the product or a mall supplies it, and never leaves. A published version never changes:
//! another form with the same id and version is refused.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::{Form, FormError, OWN_VERSIONS};

/// The built-in forms, by file name.
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

/// Forms by id and version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormCatalog {
    forms: BTreeMap<(String, u32), Arc<Form>>,
}

/// Why a form was not added.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormCatalogError {
    /// The text is not a valid form.
    #[error(transparent)]
    Form(#[from] FormError),
    /// The catalog holds a different form with this id and version.
    #[error(
        "{file}: version {version} of the form {id} was published before and was different. Answers to it exist; \
         give the new one a higher version"
    )]
    Changed {
        /// The name of the refused file.
        file: String,
        /// The id of the form.
        id: String,
        /// The version of the form.
        version: u32,
    },
    /// The version belongs to this product.
    #[error(
        "{file}: versions below {OWN_VERSIONS} belong to the built-in forms; give {id} version {OWN_VERSIONS} or higher"
    )]
    ReservedVersion {
        /// The name of the refused file.
        file: String,
        /// The id of the form.
        id: String,
    },
}

impl FormCatalog {
    /// The built-in forms of this product.
    ///
    /// # Panics
    /// Never in a program that passed its tests: the files are compiled in.
    pub fn shipped() -> Self {
        static READ: LazyLock<FormCatalog> = LazyLock::new(|| {
            let mut catalog = FormCatalog::default();
            for (file, text) in SHIPPED {
                catalog.add(file, text).expect("the forms that are built in are well formed");
            }
            catalog
        });
        READ.clone()
    }

    /// Adds a form. Adding a form that is already there, unchanged, is no error.
    ///
    /// # Errors
    /// [`FormCatalogError`], which names the file and the remedy.
    pub fn add(&mut self, file: &str, text: &str) -> Result<Arc<Form>, FormCatalogError> {
        self.insert(file, Form::read(file, text)?)
    }

    fn insert(&mut self, file: &str, form: Form) -> Result<Arc<Form>, FormCatalogError> {
        let known =
            self.forms.entry((form.id.clone(), form.version)).or_insert_with(|| Arc::new(form.clone()));
        if **known == form {
            return Ok(Arc::clone(known));
        }
        Err(FormCatalogError::Changed { file: file.to_owned(), id: form.id, version: form.version })
    }

    /// Adds a form of a mall.
    ///
    /// # Errors
    /// [`FormCatalogError`], also for a version below [`OWN_VERSIONS`].
    pub fn add_own(&mut self, file: &str, text: &str) -> Result<Arc<Form>, FormCatalogError> {
        let form = Form::read(file, text)?;
        if form.version < OWN_VERSIONS {
            return Err(FormCatalogError::ReservedVersion { file: file.to_owned(), id: form.id });
        }
        self.insert(file, form)
    }

    /// The form with this id and version.
    pub fn get(&self, id: &str, version: u32) -> Option<&Arc<Form>> {
        self.forms.get(&(id.to_owned(), version))
    }

    /// The newest version of each form that is not retired, in the order of the ids.
    pub fn offered(&self) -> Vec<&Arc<Form>> {
        let mut newest: BTreeMap<&str, &Arc<Form>> = BTreeMap::new();
        for ((id, _), form) in &self.forms {
            newest.insert(id, form);
        }
        newest.into_values().filter(|form| !form.retired).collect()
    }

    /// The newest version of the form with this id, unless it is retired.
    pub fn newest(&self, id: &str) -> Option<&Arc<Form>> {
        self.offered().into_iter().find(|form| form.id == id)
    }

    /// Every version of every form, by id and version.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.forms.values()
    }
}
