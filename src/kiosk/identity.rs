//! Who this kiosk is.
