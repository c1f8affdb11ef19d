//! The Slint window of the kiosk and the program galleria-kiosk.
