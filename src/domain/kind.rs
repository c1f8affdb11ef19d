//! What kind of thing a visitor sends.

use serde::{Deserialize, Serialize};

/// Makes an enum whose variants have a word each, in wire forms, databases and keys of words.
macro_rules! keyed {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $type { $(#[serde(rename = $key)] $(#[$vdoc])* $variant),* }
        impl $type {
            /// Every one, in the order in which a visitor is offered them.
            pub const ALL: [Self; { [$($key),*].len() }] = [$(Self::$variant),*];
            /// The word for it in wire forms, databases and keys of words.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}
pub(crate) use keyed;

keyed! {
    /// What kind of thing was said. It travels in the clear, so that a server can sort what it cannot open.
    Kind {
        /// A complaint, handled by the complaint workflow.
        Complaint = "complaint",
        /// A rating with tags and words.
        Feedback = "feedback",
        /// What somebody liked.
        Praise = "praise",
        /// What could be better.
        Suggestion = "suggestion",
        /// A question, with or without a wish to be called back.
        Enquiry = "enquiry",
        /// Something that a visitor has lost.
        LostItem = "lost-item",
        /// Something that a visitor has found.
        FoundItem = "found-item",
        /// Somebody at a kiosk asks for a person or a thing to be brought.
        ServiceRequest = "service-request",
        /// A kind that this version does not know, from a newer kiosk: kept and shown all the same.
        #[serde(other)]
        Other = "other",
    }
}
