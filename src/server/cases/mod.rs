//! Cases: the inbox, the case panel, the case status for visitors, and the export.
//!
//! New cases come from `intake`; how a change is applied is decided in `store`.

pub(crate) mod case_page;
pub(crate) mod case_panel;
mod case_summary;
pub mod export;
pub(crate) mod inbox_page;
pub(crate) mod inbox_view;
mod panel_form;
pub(crate) mod status_api;
#[cfg(test)]
mod tests;
pub(crate) mod tracking_page;
pub(crate) mod visitor_status;
