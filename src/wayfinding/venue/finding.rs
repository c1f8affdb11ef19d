//! Findings: the faults of a map, and what the reader did about each.
//!
//! Maps are read leniently: the reader uses everything that it understands. Each thing that it repairs or
//! leaves out becomes a finding. A map with errors can still be drawn and routed on; it should not be
//! published.

use std::fmt;

use serde::Serialize;

use super::FeatureId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It misleads a visitor or hides something from them. The map should not be published.
    Error,
    /// The reader understood it all the same.
    Warning,
}

/// One fault of a map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The rule that was broken, for example `OccupantMustReferenceAnchor`.
    pub rule: &'static str,
    pub severity: Severity,
    /// The feature that breaks the rule, if there is one.
    pub feature: Option<FeatureId>,
    /// What is wrong, where, and what the reader did about it.
    pub message: String,
}

impl Finding {
    /// A fault that would mislead a visitor.
    pub fn error(rule: &'static str, feature: impl Into<Option<FeatureId>>, message: String) -> Self {
        Self { rule, severity: Severity::Error, feature: feature.into(), message }
    }

    /// A fault that does no harm or was repaired.
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
