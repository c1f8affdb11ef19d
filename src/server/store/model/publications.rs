//! Published content: what kiosks show, one signed version after the other.

use domain::Timestamp;
use domain::content::{ContentVersion, FileHash};
use domain::wire::SignedManifest;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub version: ContentVersion,
    /// When it was published.
    pub published_at: Timestamp,
    /// When it was withdrawn, if it was.
    pub withdrawn_at: Option<Timestamp>,
    /// How many kiosks say that they show it.
    pub shown_by: u64,
}

/// A publication about to be made.
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

/// The text of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormSource {
    pub id: String,
    pub version: u32,
    /// The text, in TOML.
    pub text: String,
}

impl FormSource {
    /// What errors call it by.
    pub fn name(&self) -> String {
        format!("{}.{}.toml, kept in the database", self.id, self.version)
    }
}
