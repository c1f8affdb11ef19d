//! The fleet: enrolment of kiosks, and the page on which staff look after them.

pub(crate) mod enrolment_api;
mod kiosk_row;
pub(crate) mod kiosks_page;
