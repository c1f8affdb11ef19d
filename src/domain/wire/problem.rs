//! The body of an error response: a problem document.

use serde::{Deserialize, Serialize};

/// The body of every refusal, in the form of RFC 9457.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI for programs: `urn:galleria:problem:` and the code.
    #[serde(default, rename = "type")]
    pub kind: String,
    /// A sentence for people, the same for every problem of this code.
    #[serde(default)]
    pub title: String,
    /// The status of the response.
    #[serde(default)]
    pub status: u16,
    /// A word for programs, for example `wrong-token`. It never changes its meaning.
    pub code: String,
    /// The title again: kiosks of the first version read it here.
    pub message: String,
}
