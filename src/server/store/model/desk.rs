//! The counts in the navigation of every console page.

use chrono::TimeDelta;
use domain::case::Stage;
use domain::kind::Kind;

use super::cases::CaseCounts;

/// A case whose next due time is within this time is due soon.
pub const SOON: TimeDelta = TimeDelta::hours(2);

#[derive(Clone, Debug, Default)]
pub struct DeskSummary {
    pub cases: CaseCounts,
    /// Kiosks in service.
    pub kiosks: u64,
    /// Kiosks in service that made contact within [`super::fleet::UP_WITHIN`].
    pub kiosks_up: u64,
    /// Items in quarantine.
    pub quarantined: u64,
    /// The newest event of any case.
    pub newest_event: i64,
}

impl DeskSummary {
    /// Open cases of a kind.
    pub fn of(&self, kind: Kind) -> u64 {
        self.cases.kinds.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n)
    }

    /// Open cases at a stage.
    pub fn at(&self, stage: Stage) -> u64 {
        self.cases.stages.iter().find(|(s, _)| *s == stage).map_or(0, |(_, n)| *n)
    }
}
