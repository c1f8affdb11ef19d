//! Content: what a kiosk shows apart from its program, which is the map and the forms. A manifest lists every
//! file with its hash. It is signed with minisign, by a key that the mall keeps offline.
//!
//! A manifest enters as bytes with a signature and leaves as a [`Manifest`]. That manifest never lists a file
//! outside its folder, a file twice, or a file without a hash. A compromised server can withhold content but
//! cannot forge any. Fetching, storing and showing content are not here.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use minisign_verify::{PublicKey, Signature};
use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::seal::sha256_hex;

/// The only manifest format so far.
pub const FORMAT: u32 = 1;
/// The most files of one manifest.
pub const MOST_FILES: usize = 5_000;
/// The most bytes of all files of one manifest together: 512 MiB.
pub const MOST_BYTES: u64 = 512 * 1024 * 1024;
/// The top-level folders of content. A path in any other folder is refused.
pub const FOLDERS: [&str; 2] = ["venue", "forms"];

/// The version of a publication. It counts upwards; a kiosk takes a lower one only if its manifest sets
/// `rollback`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContentVersion(pub u64);

impl fmt::Display for ContentVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The path of a file inside content: `venue/unit.geojson`. Relative, 2 to 4 plain names, at most 120
/// characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ContentPath(String);

/// A SHA-256 in lower-case hexadecimal: 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct FileHash(String);

/// The text is neither a content path nor a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}")]
pub struct NotWellFormed {
    what: &'static str,
    text: String,
}

impl FromStr for ContentPath {
    type Err = NotWellFormed;

    fn from_str(text: &str) -> Result<Self, NotWellFormed> {
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        };
        let names: Vec<&str> = text.split('/').collect();
        let folder = FOLDERS.contains(&names[0]);
        if folder && (2..=4).contains(&names.len()) && text.len() <= 120 && names.into_iter().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        let what = "path of content (venue/… or forms/…, letters, digits, dots, dashes, underscores)";
        Err(NotWellFormed { what, text: text.to_owned() })
    }
}

impl FromStr for FileHash {
    type Err = NotWellFormed;

    fn from_str(text: &str) -> Result<Self, NotWellFormed> {
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if text.len() == 64 && text.bytes().all(digit) {
            return Ok(Self(text.to_owned()));
        }
        Err(NotWellFormed { what: "SHA-256 in lower-case hexadecimal", text: text.to_owned() })
    }
}

impl FileHash {
    /// The SHA-256 of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha256_hex(bytes))
    }
}

macro_rules! text_form {
    ($type:ident) => {
        impl $type {
            /// The value as text, as it stands in a manifest.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> Self {
                value.0
            }
        }
        impl TryFrom<String> for $type {
            type Error = NotWellFormed;

            fn try_from(text: String) -> Result<Self, NotWellFormed> {
                text.parse()
            }
        }
    };
}
text_form!(ContentPath);
text_form!(FileHash);

/// One file that a manifest lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentFile {
    /// The path of the file inside content.
    pub path: ContentPath,
    /// Its length in bytes.
    pub size: u64,
    /// The hash that the file must have.
    pub sha256: FileHash,
}

/// The list of files of one publication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the manifest: [`FORMAT`].
    pub format: u32,
    /// The version of the publication.
    pub version: ContentVersion,
    /// When the publication was packed.
    pub created: Timestamp,
    /// Whether a kiosk may return to this version from a higher one.
    #[serde(default)]
    pub rollback: bool,
    /// The files, each path once.
    pub files: Vec<ContentFile>,
}

/// Why a manifest was refused.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// The signature is no minisign signature.
    #[error("the signature cannot be read: {0}")]
    Signature(String),
    /// Another key signed it, or it was changed after signing.
    #[error("the signature is not by the content key, or the manifest was changed: {0}")]
    NotSigned(String),
    /// The bytes are not a manifest in JSON.
    #[error("the manifest cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// It has a format that this program does not read.
    #[error("the manifest has format {0}; this program reads {FORMAT}")]
    Format(u32),
    /// It lists more than a kiosk is willing to store.
    #[error("the manifest names {files} files with {bytes} bytes; at most {MOST_FILES} and {MOST_BYTES} fit")]
    TooMuch {
        /// The number of files listed.
        files: usize,
        /// The sum of their sizes in bytes.
        bytes: u64,
    },
    /// One path is listed twice.
    #[error("the manifest names {0} twice")]
    Twice(ContentPath),
}

impl Manifest {
    /// Parses a manifest that `galleria-server content pack` wrote, without checking a signature.
    ///
    /// # Errors
    /// [`ManifestError`]: what is wrong with the manifest.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_slice(bytes)?;
        if manifest.format != FORMAT {
            return Err(ManifestError::Format(manifest.format));
        }
        let (files, bytes) = (manifest.files.len(), manifest.bytes());
        if files > MOST_FILES || bytes > MOST_BYTES {
            return Err(ManifestError::TooMuch { files, bytes });
        }
        let mut seen = BTreeSet::new();
        match manifest.files.iter().find(|file| !seen.insert(&file.path)) {
            Some(file) => Err(ManifestError::Twice(file.path.clone())),
            None => Ok(manifest),
        }
    }

    /// Verifies the signature by `key`, then parses the manifest. `signature` is the text of the `.minisig`
    /// file.
    ///
    /// # Errors
    /// [`ManifestError`]. Bytes whose signature does not verify are not parsed.
    pub fn verify(bytes: &[u8], signature: &str, key: &ContentKey) -> Result<Self, ManifestError> {
        let signature = Signature::decode(signature).map_err(|e| ManifestError::Signature(e.to_string()))?;
        key.parsed.verify(bytes, &signature, false).map_err(|e| ManifestError::NotSigned(e.to_string()))?;
        Self::parse(bytes)
    }

    /// The sum of the sizes of all its files, in bytes.
    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, file| sum.saturating_add(file.size))
    }

    /// Whether a kiosk that shows `current` should switch to this manifest.
    pub fn follows(&self, current: Option<ContentVersion>) -> bool {
        current.is_none_or(|current| self.version > current || self.rollback && self.version != current)
    }
}

/// The public half of the key that signs content.
#[derive(Clone, Debug)]
pub struct ContentKey {
    text: String,
    parsed: PublicKey,
}

/// The text is not a minisign public key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a minisign public key (one begins with RW and has 56 characters): {0}")]
pub struct NoContentKey(String);

/// Parses the base64 line of a `minisign.pub`, or that whole file.
impl FromStr for ContentKey {
    type Err = NoContentKey;

    fn from_str(text: &str) -> Result<Self, NoContentKey> {
        let line = text.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or_default();
        let parsed = PublicKey::from_base64(line).map_err(|e| NoContentKey(e.to_string()))?;
        Ok(Self { text: line.to_owned(), parsed })
    }
}

impl fmt::Display for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn manifest(paths: &[&str]) -> String {
        let file = |path: &&str| serde_json::json!({"path": path, "size": 3, "sha256": "ab".repeat(32)});
        let files: Vec<_> = paths.iter().map(file).collect();
        serde_json::json!({"format": 1, "version": 7, "created": "2026-11-22T00:00:00Z", "files": files})
            .to_string()
    }

    fn signed(bytes: &[u8]) -> (ContentKey, String) {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let signature = minisign::sign(Some(&pair.pk), &pair.sk, Cursor::new(bytes), None, None).unwrap();
        (pair.pk.to_base64().parse().unwrap(), signature.into_string())
    }

    /// A manifest is read if its signature verifies, and refused if it was changed or another key signed it.
    #[test]
    fn changed_or_foreign_manifests_are_refused() {
        let text = manifest(&["venue/unit.geojson", "forms/feedback.toml"]);
        let (key, signature) = signed(text.as_bytes());
        let read = Manifest::verify(text.as_bytes(), &signature, &key).unwrap();
        assert_eq!((read.version, read.bytes()), (ContentVersion(7), 6));
        let changed = text.replace("\"version\":7", "\"version\":8");
        assert_ne!(changed, text);
        let refused = Manifest::verify(changed.as_bytes(), &signature, &key);
        assert!(matches!(refused, Err(ManifestError::NotSigned(_))), "{refused:?}");
        let (_, by_somebody_else) = signed(text.as_bytes());
        assert!(Manifest::verify(text.as_bytes(), &by_somebody_else, &key).is_err());
        assert!(matches!(
            Manifest::verify(text.as_bytes(), "nonsense", &key),
            Err(ManifestError::Signature(_))
        ));
    }

    #[test]
    fn a_path_cannot_leave_its_folder() {
        for wrong in [
            "",
            "/etc/passwd",
            "venue",
            "venue/",
            "../venue/a",
            "venue/../a",
            "venue/.hidden",
            "program/a",
            "venue//a",
            "venue/a\\b",
            "venue/a b",
            "venue/1/2/3/4",
        ] {
            assert!(wrong.parse::<ContentPath>().is_err(), "{wrong}");
            assert!(Manifest::parse(manifest(&[wrong]).as_bytes()).is_err(), "{wrong}");
        }
        for right in ["venue/unit.geojson", "forms/lost-item.v2.toml", "venue/logos/a/b.png"] {
            assert_eq!(right.parse::<ContentPath>().unwrap().as_str(), right);
        }
    }

    /// A manifest with a duplicate path, too many bytes or a newer format is refused.
    #[test]
    fn double_names_and_oversize_are_refused() {
        let twice = Manifest::parse(manifest(&["venue/a", "venue/a"]).as_bytes()).unwrap_err();
        assert_eq!(twice.to_string(), "the manifest names venue/a twice");
        let huge = manifest(&["venue/a"]).replace("\"size\":3", &format!("\"size\":{}", u64::MAX));
        assert!(matches!(Manifest::parse(huge.as_bytes()), Err(ManifestError::TooMuch { .. })));
        let newer = manifest(&[]).replace("\"format\":1", "\"format\":2");
        assert!(matches!(Manifest::parse(newer.as_bytes()), Err(ManifestError::Format(2))));
    }

    /// A kiosk takes higher versions always, and lower ones only if `rollback` is set.
    #[test]
    fn only_signed_publications_go_back() {
        let mut manifest = Manifest::parse(manifest(&[]).as_bytes()).unwrap();
        let at = |version| Some(ContentVersion(version));
        assert!(manifest.follows(None) && manifest.follows(at(6)));
        assert!(!manifest.follows(at(7)) && !manifest.follows(at(8)));
        manifest.rollback = true;
        assert!(manifest.follows(at(8)) && !manifest.follows(at(7)));
    }

    /// A key is parsed from its base64 line and from the whole file.
    #[test]
    fn a_key_is_a_line_or_a_file() {
        let pair = minisign::KeyPair::generate_unencrypted_keypair().unwrap();
        let line = pair.pk.to_base64();
        let file = format!("untrusted comment: minisign public key\n{line}\n");
        assert_eq!(file.parse::<ContentKey>().unwrap().to_string(), line);
        assert!("RWnonsense".parse::<ContentKey>().is_err());
    }
}
