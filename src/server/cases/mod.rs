//! Cases: the inbox, the case beside it, what a visitor is told of their case, the export.

pub(crate) mod case_page;
pub(crate) mod case_panel;
mod case_summary;
pub mod export;
pub(crate) mod inbox_page;
pub(crate) mod inbox_view;
pub(crate) mod status_api;
#[cfg(test)]
mod tests;
pub(crate) mod tracking_page;
pub(crate) mod visitor_status;
