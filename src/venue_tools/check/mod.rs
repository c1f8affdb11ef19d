//! What is wrong with a map: what import repairs or leaves out, and what the standard asks beyond that.
//!
//! Import has to know what misleads a visitor. The rest concerns who draws the map, and is found here.

mod standard;
mod topology;

use wayfinding::load::{Archive, Features, LoadError, parse};
use wayfinding::venue::Loaded;

/// Makes a venue out of the bytes of a map, with everything that is wrong with them, errors first.
///
/// # Errors
/// When there is nothing to draw: no level, no unit. Everything less is a finding.
pub fn check(archive: &Archive) -> Result<Loaded, LoadError> {
    let mut loaded = parse(archive)?;
    let features = Features::read(archive);
    standard::check(archive, &features, &mut loaded.findings);
    topology::check(&features, &loaded.venue, &mut loaded.findings);
    loaded.findings.sort_by_key(|f| f.severity);
    Ok(loaded)
}
