//! API, staff console, public pages, stores, and the program galleria-server.
//!
//! A kiosk enrols and sends sealed submissions ([`api`]); they are opened and kept ([`ingest`],
//! [`store`]); staff read and answer them and visitors follow them in a browser ([`pages`]). [`setup`] makes
//! a data folder, [`start`] runs a server on it, [`admin`] is for the command line beside a running one.
//! Time and randomness are parameters; nothing here reads the environment.

pub mod admin;
pub mod api;
pub mod app;
pub mod caller;
pub mod clock;
pub mod content;
pub mod data;
mod door;
pub mod export;
pub mod forms;
pub mod indoors;
pub mod ingest;
pub mod keys;
pub mod limiter;
pub mod pages;
pub mod password;
pub mod random;
pub mod secret;
mod serve;
pub mod settings;
pub mod setup;
pub mod store;
#[cfg(test)]
mod testing;
pub mod tls;
pub mod words;

#[cfg(test)]
extern crate self as server;

pub use clock::Clock;
pub use random::Random;
pub use serve::{Running, StartError, start};
pub use settings::{Settings, Tls};
