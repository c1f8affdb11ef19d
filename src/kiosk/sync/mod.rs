//! Sync: what is in the outbox reaches the server, whatever happens on the way.
