//! What a mall knows, as types and rules: languages and words, places, cases and surveys, policies and
//! their clocks, receipts, ids, sealing, wire forms.
//!
//! Everything here is a pure function of what it is given. There is no IO, no clock and no random
//! number: time and randomness come in as parameters, and [`serde`] forms go out.

pub mod language;
pub mod words;
