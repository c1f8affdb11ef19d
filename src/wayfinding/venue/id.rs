//! The id that a map gives to each of its features. It stays the same from one version of the map to the
//! next.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The UUID of a feature in an IMDF archive.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FeatureId(uuid::Uuid);

impl fmt::Display for FeatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for FeatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FeatureId({self})")
    }
}

impl From<uuid::Uuid> for FeatureId {
    fn from(id: uuid::Uuid) -> Self {
        Self(id)
    }
}

impl FromStr for FeatureId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        uuid::Uuid::parse_str(text.trim()).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An id that is read in capitals is written in lower case.
    #[test]
    fn ids_are_written_in_lower_case() {
        let id: FeatureId = "F918CD54-FA50-498D-A212-DCA835AE422F".parse().unwrap();
        assert_eq!(id.to_string(), "f918cd54-fa50-498d-a212-dca835ae422f");
        assert!("shop 12".parse::<FeatureId>().is_err());
    }
}
