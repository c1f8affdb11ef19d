//! Following what was sent: the fields for it, and what became of it.

use super::{Chosen, FieldView, Notice};

/// The number and the code on a receipt.
#[derive(Clone, PartialEq)]
pub struct FollowView {
    /// `Follow what you sent`.
    pub title: String,
    /// Where number and code are found.
    pub hint: String,
    /// The case number.
    pub number: FieldView,
    /// The short code.
    pub code: FieldView,
    /// That a scanner may be used instead.
    pub scan: String,
    /// Why nothing was found, and the way out.
    pub trouble: Option<Notice>,
    /// Where the nearest desk is, when somebody there can help.
    pub desk: String,
    /// What the button to it says; empty when there is none on the map.
    pub show_desk: String,
}

/// What became of it.
#[derive(Clone, Default, PartialEq)]
pub struct FollowedView {
    /// The most important, in a few words.
    pub title: String,
    /// More of it; may be empty.
    pub text: String,
    /// `K3-7QX-41M-D`; empty while there is none to show.
    pub number: String,
    /// What is promised next.
    pub promise: Option<PromiseView>,
    /// What either side wrote, oldest first.
    pub messages: Vec<MessageRow>,
    /// How far it is, from beginning to end.
    pub stages: Vec<StageRow>,
    /// What it is about, a line each.
    pub about: Vec<String>,
    /// What the button says that ends the waiting; empty when nothing is waited for.
    pub give_up: String,
}

/// What is promised next.
#[derive(Clone, PartialEq, Eq)]
pub struct PromiseView {
    /// In words.
    pub text: String,
    /// Whether it was not kept in time.
    pub late: Chosen,
}

/// Something that was written.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Who says it.
    pub who: String,
    /// When.
    pub when: String,
    /// What; may be empty.
    pub words: String,
    /// Whether the mall wrote it.
    pub ours: Chosen,
}

/// A stage of a case.
#[derive(Clone, PartialEq, Eq)]
pub struct StageRow {
    /// What it is called.
    pub label: String,
    /// How far it is.
    pub state: StageState,
    /// The same in a word, for those who hear it.
    pub said: String,
}

/// Where a stage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageState {
    /// Behind.
    Done,
    /// Here.
    Now,
    /// Still to come.
    Ahead,
}
