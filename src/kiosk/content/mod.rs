//! Content: what this kiosk shows, in two slots on its disk.
//!
//! The server offers a publication. The [`courier`] downloads it file by file into the spare slot, accepts
//! only what the mall's key signed ([`domain::content`]), and loads it before it is shown. The kiosk switches
//! to it while no visitor is there. Content that is still unconfirmed after several starts is abandoned: the
//! kiosk shows the other slot, or else the installed content, and reports the reason.
//!
//! Content is data only: nothing that arrives this way is executed.

pub mod courier;
mod fetch;
pub mod slots;
mod world_loader;

pub use courier::{Courier, Ready};
pub use fetch::ContentSource;
pub use slots::{Slots, SlotsError};
pub use world_loader::{WorldError, WorldLoader};
