//! What kiosks show: packing and publishing it, handing it out, and every form that visitors are asked.

pub(crate) mod content_api;
pub mod forms;
pub mod publish;
