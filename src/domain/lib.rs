//! What a mall knows, as types and rules: languages and words, forms, submissions and cases, policies and
//! their clocks, receipts, ids, sealing, wire forms.
//!
//! Everything here is a pure function of what it is given. There is no IO, no clock and no random
//! number: time and randomness come in as parameters, and [`serde`] forms go out.

#![warn(missing_docs)]

/// Writes `Type(hidden)` for each of these types where somebody prints it with `{:?}`: secrets and personal
/// data never reach a log.
#[macro_export]
macro_rules! hide {
    ($($type:ident),*) => {$(
        impl ::std::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($type), "(hidden)"))
            }
        }
    )*};
}

// First, because its table makes the macro that embeds the words of every language.
#[macro_use]
pub mod language;

pub mod case;
pub mod contact;
pub mod content;
pub mod form;
pub mod id;
pub mod kind;
pub mod place;
pub mod policy;
pub mod receipt;
pub mod scale;
pub mod seal;
pub mod signature;
pub mod submission;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod text;
pub mod wire;
pub mod words;

/// A moment, in UTC. What people read is made from it in the mall's own time zone.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
