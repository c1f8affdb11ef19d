//! Content: what this kiosk shows, in two slots on its disk.
//!
//! A server offers a publication; the [`courier`] fetches it file by file into the slot that is not shown,
//! believes only what the mall's key signed ([`domain::content`]), and has it tried before anybody sees it.
//! While nobody is here the kiosk goes over to it. Content that does not stand its trial is given up by
//! itself, the slot before it is shown again, and staff read why. Whatever happens, something is shown:
//! the other slot, or what the kiosk was installed with.
//!
//! The program itself is not content: nothing that comes this way is ever run.

pub mod courier;
mod fetch;
pub mod slots;
mod trial;

pub use courier::{Courier, Ready};
pub use slots::{Slots, SlotsError};
pub use trial::Trial;
