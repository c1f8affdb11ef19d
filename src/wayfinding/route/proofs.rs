//! Proofs that a way is never wrong: this router beside engines that share nothing with it.
//!
//! [`peer`] is polyanya, a navigation mesh in 32 bits; [`force`] tries every corner with every other and
//! decides where the two differ. Everything here is drawn from numbered seeds, so that a failure names
//! the pair and comes back. `GALLERIA_PROOFS` multiplies how much is tried.

mod controls;
mod force;
mod laws;
mod levels;
mod lines;
mod peer;
mod turned;
mod whole;
mod world;
