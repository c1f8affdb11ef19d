//! The frame of every page that staff see: navigation, words, who is signed in, news.
//!
//! Pages are rendered on the server and work without scripts. A handler asks the store, makes a view of
//! ready-to-show strings, and renders a template of ui/console.

pub(crate) mod failure;
pub(crate) mod live;
pub(crate) mod shell;
pub(crate) mod signed_in;
pub(crate) mod speech;
pub(crate) mod urgency;
#[cfg(test)]
mod tests;
