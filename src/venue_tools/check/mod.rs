//! Checks of a map: the repairs and omissions of the import, and the further requirements of the standard.
//!
//! The import reports whatever misleads a visitor. The other faults concern only the map's author and are
//! found here.

mod standard;
mod topology;

use wayfinding::load::{Archive, Features, LoadError, parse};
use wayfinding::venue::Loaded;

/// Makes a venue from the bytes of a map, with all findings, errors first.
///
/// # Errors
/// When there is nothing to draw: no level, no unit. Every lesser fault is a finding.
pub fn check(archive: &Archive) -> Result<Loaded, LoadError> {
    let mut loaded = parse(archive)?;
    let features = Features::read(archive);
    standard::check(archive, &features, &mut loaded.findings);
    topology::check(&features, &loaded.venue, &mut loaded.findings);
    loaded.findings.sort_by_key(|f| f.severity);
    Ok(loaded)
}
