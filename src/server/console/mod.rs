//! The frame of every console page: navigation, texts, the signed-in user, live updates.
//!
//! Pages are rendered on the server and work without scripts. A handler asks the store, makes a view of
//! ready-to-show strings, and renders a template of ui/console.

pub(crate) mod bare_refusal;
pub(crate) mod failure;
pub(crate) mod live;
pub(crate) mod shell;
pub(crate) mod signed_in;
pub(crate) mod speech;
#[cfg(test)]
mod tests;
pub(crate) mod unsaved_sessions;
pub(crate) mod urgency;
