//! What was wrong with a map, and what was done about it.
//!
//! A map is read leniently: whatever can be understood is used, and each thing that was repaired or left
//! out becomes a finding. A map with errors can still be drawn and walked; it should not be published.

use std::fmt;

use serde::Serialize;

use super::FeatureId;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something a visitor would miss or be misled by. The map should not be published.
    Error,
    /// Something that was understood all the same.
    Warning,
}

/// One fault of a map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The name of the rule that was broken, for example `OccupantMustReferenceAnchor`.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The feature that broke it, where there is one.
    pub feature: Option<FeatureId>,
    /// What is wrong, where, and what was done about it.
    pub message: String,
}

impl Finding {
    /// What would mislead a visitor.
    pub fn error(rule: &'static str, feature: impl Into<Option<FeatureId>>, message: String) -> Self {
        Self { rule, severity: Severity::Error, feature: feature.into(), message }
    }

    /// What does no harm, or was mended.
    pub fn warning(rule: &'static str, feature: impl Into<Option<FeatureId>>, message: String) -> Self {
        Self { rule, severity: Severity::Warning, feature: feature.into(), message }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity} [{}]", self.rule)?;
        if let Some(id) = self.feature {
            write!(f, " {id}")?;
        }
        write!(f, ": {}", self.message)
    }
}
