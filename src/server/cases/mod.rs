//! Cases: the inbox, the case beside it, what a visitor is told of their case, the export.

pub mod case_page;
pub mod case_panel;
pub mod export;
pub mod inbox_page;
pub mod inbox_view;
pub mod status_api;
#[cfg(test)]
mod tests;
pub mod tracking_page;
pub mod visitor_status;
