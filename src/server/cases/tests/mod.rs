//! Tests of the case status, the tracking page and answers to forms, over real TLS.

mod contacts;
mod forms;
mod panel;
mod reading;
mod status;
mod tracking;
