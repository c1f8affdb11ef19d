//! The domain: languages and words, forms, submissions and cases, policies and their clocks, receipts, ids,
//! sealing, wire forms.
//!
//! Everything here is a pure function of its arguments. There is no IO, no clock and no random number: time
//! and randomness are parameters, and values leave in their [`serde`] forms.

#![warn(missing_docs)]

/// Implements `Debug` as `Type(hidden)` for each of these types: secrets and personal data never reach a log.
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

// The macro `words!` is defined in `language`, so it must come before the modules that use it.
#[macro_use]
pub mod language;

pub mod calendar;
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

/// A moment in UTC. Displayed times are converted to the mall's time zone.
pub type Timestamp = chrono::DateTime<chrono::Utc>;
