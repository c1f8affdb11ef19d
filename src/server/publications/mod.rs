//! Publications: packing and publishing content, serving it to kiosks, and the form catalog.

pub(crate) mod content_api;
pub mod forms;
pub mod publish;
