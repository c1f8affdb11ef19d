//! Stories in which a real kiosk and a real server take part, without a window.
