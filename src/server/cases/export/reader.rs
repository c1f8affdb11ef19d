//! The person who reads an export.

use std::sync::Arc;

use domain::form::{self, FormCatalog};
use domain::language::Language;

use crate::store::cases::Case;

/// The forms that answers belong to, and how the person who reads the export writes.
#[derive(Clone, Debug)]
pub struct Reader {
    pub forms: Arc<FormCatalog>,
    /// In which language questions and places are written.
    pub language: Language,
    /// The time zone of the times in a table.
    pub time_zone: chrono_tz::Tz,
}

impl Reader {
    /// The answers of a case as text, each beside its question.
    pub(super) fn answers(&self, case: &Case) -> Vec<form::Line> {
        let all = case.answers.iter();
        all.flat_map(|answers| {
            let form = self.forms.get(&answers.form, answers.version);
            form::lines(form.map(AsRef::as_ref), answers, self.language)
        })
        .collect()
    }
}
