//! Content: what this kiosk shows, in two slots on its disk.
//!
//! The server offers a publication. The [`courier`] downloads it file by file into the spare slot, accepts only
//! what the mall's key signed ([`domain::content`]), and loads it before anybody sees it. The kiosk switches to it
//! while no visitor is there. Content that is not confirmed after several starts is given up: the other slot is
//! shown again, and staff read why. In any case something is shown: the other slot, or the installed content.
//!
//! The program itself is not content: nothing that arrives this way is ever executed.

pub mod courier;
mod fetch;
pub mod slots;
mod world_loader;

pub use courier::{Courier, Ready};
pub use fetch::ContentSource;
pub use slots::{Slots, SlotsError};
pub use world_loader::WorldLoader;
