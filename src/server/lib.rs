//! The server: API for kiosks, staff console, tracking page, store, and the program galleria-server.
//!
//! Each capability has a folder with its pages, its API and its tests: [`cases`], [`intake`], [`fleet`],
//! [`publications`], [`accounts`]. They use [`store`], [`http`] and [`console`], and know nothing of each
//! other's pages; only `router` knows them all. [`setup`] creates a data folder, [`start`] runs a server on
//! it, and [`admin`] is for the command line beside a running server.
//!
//! Time and randomness are parameters; nothing in this library reads the environment.

pub mod accounts;
pub mod admin;
pub mod app;
#[cfg(test)]
mod browser;
pub mod cases;
pub mod clock;
pub mod console;
pub mod data;
pub mod fleet;
mod health;
pub mod http;
pub mod in_process;
pub mod intake;
pub mod keys;
pub mod publications;
pub mod random;
mod router;
pub mod secret;
mod serve;
pub mod settings;
pub mod setup;
pub mod store;
pub mod telephone;
#[cfg(test)]
mod testing;
pub mod words;

#[cfg(test)]
extern crate self as server;

pub use clock::Clock;
pub use random::Random;
pub use serve::{Running, StartError, start};
pub use settings::{Settings, Tls};
