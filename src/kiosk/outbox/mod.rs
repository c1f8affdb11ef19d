//! The outbox: submissions that are safe on this disk and not yet on the server.
