//! The kiosk without its window: application, outbox, sync, input methods.
