//! The data that goes into the store and comes out of it. Nothing here depends on a database.

pub mod accounts;
pub mod audit;
pub mod cases;
pub mod desk;
pub mod fleet;
pub mod form_token;
pub mod intake;
pub mod moment;
pub mod name;
pub mod publications;
