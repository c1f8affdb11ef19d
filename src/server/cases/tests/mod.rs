//! Tests of the case status, the tracking page and answers to forms, over real TLS.

mod contacts;
mod forms;
mod status;
mod tracking;
