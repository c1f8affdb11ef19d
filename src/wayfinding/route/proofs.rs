//! Proofs that a route is never wrong: this router beside engines that share no code with it.
//!
//! [`peer`] is polyanya, a navigation mesh with 32-bit coordinates. [`force`] tries every pair of corners
//! and decides where the two differ. All cases come from numbered seeds: a failure names its pair and can
//! be repeated. `GALLERIA_PROOFS` multiplies the number of cases.

mod controls;
mod force;
mod laws;
mod levels;
mod lines;
mod peer;
mod turned;
mod whole;
mod world;
