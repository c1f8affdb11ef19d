//! Kiosks: their enrolment, and the list by which staff look after them.

pub(crate) mod enrolment_api;
mod kiosk_row;
pub(crate) mod kiosks_page;
