//! Findings as people read them: by rule, errors first, each with its feature and where that is.

use domain::language::Language;
use wayfinding::venue::{FeatureId, Finding, Severity, Venue};

/// How much is printed of each rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A few findings of each rule, and how many more there are.
    Short,
    All,
}

/// Findings of one rule that a short report shows.
const FEW: usize = 5;

/// One line about a map.
pub fn summary(venue: &Venue) -> String {
    format!(
        "{}: {} levels, {} units, {} places, {} kiosks, map version {}",
        venue.name().get(Language::En),
        venue.levels().len(),
        venue.units().len(),
        venue.places().len(),
        venue.kiosks().len(),
        &venue.digest()[..12]
    )
}

/// Prints findings by rule.
pub fn print(venue: &Venue, findings: &[Finding], detail: Detail) {
    let mut rules: Vec<(Severity, &str)> = findings.iter().map(|f| (f.severity, f.rule)).collect();
    rules.sort_unstable();
    rules.dedup();
    for (severity, rule) in rules {
        let of: Vec<&Finding> =
            findings.iter().filter(|f| f.severity == severity && f.rule == rule).collect();
        say!("{} {rule} ({})", word(severity), of.len());
        let shown = if detail == Detail::All { of.len() } else { FEW };
        for finding in of.iter().take(shown) {
            match finding.feature {
                Some(id) => say!("  {id}{}: {}", place(venue, id), finding.message),
                None => say!("  {}", finding.message),
            }
        }
        if of.len() > shown {
            say!("  and {} more", of.len() - shown);
        }
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// Where a feature is, if the map kept it: its name and its level.
fn place(venue: &Venue, id: FeatureId) -> String {
    let level = |index| venue.level(index).short_name.get(Language::En).to_owned();
    if let Some(place) = venue.place(&id) {
        return format!(" {:?} on {}", place.name.get(Language::En), level(place.level));
    }
    if let Some(unit) = venue.unit_of(&id).map(|u| venue.unit(u)) {
        return format!(" ({} on {})", unit.category, level(unit.level));
    }
    let opening = venue.openings().iter().find(|o| o.id == id);
    opening.map_or_else(String::new, |o| format!(" (opening on {})", level(o.level)))
}
