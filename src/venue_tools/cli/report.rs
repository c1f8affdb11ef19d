//! Findings for people: grouped by rule, errors first, each with its feature and the position of that.

use domain::language::Language;
use wayfinding::venue::{FeatureId, Finding, Severity, Venue};

/// How many findings of each rule are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// A few findings of each rule, and the number of the others.
    Short,
    All,
}

/// The number of findings per rule in a short report.
const FEW: usize = 5;

/// A summary of a map in one line.
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

/// Prints the findings, grouped by rule.
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

/// The name and level of a feature that the map kept.
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
