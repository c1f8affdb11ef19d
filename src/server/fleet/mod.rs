//! Kiosks: their enrolment, and the list by which staff look after them.

pub mod enrolment_api;
mod kiosk_row;
pub mod kiosks_page;
