//! The kinds of submission.

use serde::{Deserialize, Serialize};

/// Makes an enum whose variants each have a key for wire forms, databases and `.po` files.
macro_rules! keyed {
    ($(#[$doc:meta])* $type:ident { $($(#[$vdoc:meta])* $variant:ident = $key:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $type { $(#[serde(rename = $key)] $(#[$vdoc])* $variant),* }
        impl $type {
            /// Every variant, in the order in which a visitor is offered them.
            pub const ALL: [Self; { [$($key),*].len() }] = [$(Self::$variant),*];
            /// The key of the variant in wire forms, databases and `.po` files.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}
pub(crate) use keyed;

keyed! {
    /// The kind of a submission. It travels in the clear, so that a server can sort items that it cannot
    /// open.
    Kind {
        /// A complaint, handled by the complaint workflow.
        Complaint = "complaint",
        /// A rating with tags and words.
        Feedback = "feedback",
        /// What somebody liked.
        Praise = "praise",
        /// What could be better.
        Suggestion = "suggestion",
        /// A question, with or without a request for a call back.
        Enquiry = "enquiry",
        /// Something that a visitor has lost.
        LostItem = "lost-item",
        /// Something that a visitor has found.
        FoundItem = "found-item",
        /// Somebody at a kiosk asks for a person or a thing.
        ServiceRequest = "service-request",
        /// A kind that this version does not know, from a newer kiosk. It is stored and shown like any other.
        #[serde(other)]
        Other = "other",
    }
}
