//! The form of the case panel as a browser sends it: the version that was seen, and everything that was typed.

use domain::case::Stage;

use crate::cases::case_panel::Draft;
use crate::console::failure::Unsent;
use crate::store::cases::{FormToken, Seen};

/// The names of the fields. Others are not read.
const HIDDEN: [&str; 4] = ["version", "seen", "token", "stage"];
const TYPED: [&str; 2] = ["words", "note"];

/// The fields of the panel's form.
#[derive(Clone, Debug, Default)]
pub struct PanelForm {
    version: i64,
    seen: Option<i64>,
    token: Option<FormToken>,
    /// Text of the answer.
    pub words: String,
    /// Text of the note.
    pub note: String,
    /// Where to move the case.
    pub stage: Option<Stage>,
    hidden: Vec<(String, String)>,
}

impl PanelForm {
    /// Reads the fields. A button comes after the fields, so its value wins over a list's of the same name.
    pub fn read(fields: &[(String, String)]) -> Self {
        let value = |name: &str| {
            let found = fields.iter().rev().find(|(field, _)| field == name);
            // HTML forms send a line break as CR LF.
            found.map(|(_, value)| value.replace("\r\n", "\n")).unwrap_or_default()
        };
        let hidden = HIDDEN.iter().map(|name| ((*name).to_owned(), value(name)));
        Self {
            version: value("version").parse().unwrap_or_default(),
            seen: value("seen").parse().ok(),
            token: FormToken::parse(&value("token")),
            words: value("words"),
            note: value("note"),
            stage: Stage::from_key(&value("stage")),
            hidden: hidden.filter(|(_, value)| !value.is_empty()).collect(),
        }
    }

    /// What its author had before them.
    pub fn seen(&self) -> Seen {
        Seen { version: self.version, form: self.token.clone() }
    }

    /// Whether somebody typed something.
    pub fn holds_text(&self) -> bool {
        !self.words.trim().is_empty() || !self.note.trim().is_empty()
    }

    pub fn without_words(&self) -> Self {
        Self { words: String::new(), ..self.clone() }
    }

    pub fn without_note(&self) -> Self {
        Self { note: String::new(), ..self.clone() }
    }

    /// What was typed, for the page that shows it again.
    pub fn draft(&self) -> Draft {
        Draft { answer: self.words.clone(), note: self.note.clone(), seen: self.seen, ..Draft::default() }
    }

    /// The form for an error page, to be sent again to `action`.
    pub fn unsent(&self, action: String) -> Unsent {
        let typed = TYPED.into_iter().zip([&self.words, &self.note]);
        let typed = typed.filter(|(_, text)| !text.trim().is_empty());
        let typed = typed.map(|(name, text)| (name.to_owned(), text.clone())).collect();
        Unsent { action, hidden: self.hidden.clone(), typed }
    }
}
