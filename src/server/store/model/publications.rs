//! Published content: one signed version after the other.

use domain::Timestamp;
use domain::content::{ContentVersion, FileHash};
use domain::wire::SignedManifest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub version: ContentVersion,
    pub published_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
    /// How many kiosks report that they show it.
    pub shown_by: u64,
}

/// A publication that is about to be stored.
#[derive(Debug)]
pub struct NewPublication {
    pub version: ContentVersion,
    /// Its manifest, as it was signed.
    pub signed: SignedManifest,
    /// Every file that the manifest names.
    pub files: Vec<(FileHash, Vec<u8>)>,
    /// Every form among them.
    pub forms: Vec<FormSource>,
}

/// A form as text, with its id and its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSource {
    pub id: String,
    pub version: u32,
    /// The text, in TOML.
    pub text: String,
}

impl FormSource {
    /// The name of the form in errors.
    pub fn name(&self) -> String {
        format!("{}.{}.toml, kept in the database", self.id, self.version)
    }
}
