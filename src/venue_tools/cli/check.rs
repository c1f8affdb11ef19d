//! `galleria-venue check`: the findings of a map.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::language::Language;
use serde_json::json;
use wayfinding::route::{Router, TravelProfile};
use wayfinding::venue::{FeatureId, PlaceKind, Severity};

use super::input::{self, Map};
use super::report::{self, Detail};

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// The time for which ways are looked for [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print every finding, not only the first few of each rule
    #[arg(long)]
    all: bool,
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
}

/// Prints the findings and the unreachable shops. Fails if a finding is an error.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let loaded = arguments.map.check()?;
    let findings = loaded.findings;
    let router = Router::new(Arc::new(loaded.venue));
    let venue = router.venue().clone();
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let mut lost = Vec::new();
    for kiosk in venue.kiosks() {
        for profile in TravelProfile::ALL {
            let tree = router.tree(kiosk, profile, at);
            for place in venue.places().iter().filter(|p| p.kind == PlaceKind::Occupant) {
                if let Err(refused) = tree.route_to(&place.id) {
                    lost.push((kiosk, profile, place, refused));
                }
            }
        }
    }
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if arguments.json {
        let lost: Vec<_> = lost
            .iter()
            .map(|(kiosk, profile, place, refused)| {
                json!({"kiosk": kiosk.code, "profile": profile, "place": place.id, "reason": refused.reason.to_string()})
            })
            .collect();
        say!(
            "{:#}",
            json!({"digest": venue.digest(), "publishable": errors == 0, "findings": findings, "unreachable": lost})
        );
    } else {
        say!("{}", report::summary(&venue));
        report::print(&venue, &findings, if arguments.all { Detail::All } else { Detail::Short });
        // The kiosks and profiles that cannot reach a shop for the same reason are one paragraph.
        let mut who: BTreeMap<(FeatureId, String), Vec<String>> = BTreeMap::new();
        for (kiosk, profile, place, refused) in &lost {
            let key = (place.id, refused.reason.to_string());
            who.entry(key).or_default().push(format!("{} {}", kiosk.code, profile.key()));
        }
        let mut paragraphs: BTreeMap<(String, String), Vec<FeatureId>> = BTreeMap::new();
        for ((place, reason), who) in who {
            paragraphs.entry((who.join(", "), reason)).or_default().push(place);
        }
        for ((who, reason), places) in &paragraphs {
            say!("unreachable from {who} ({}): {reason}", places.len());
            let shown = if arguments.all { places.len() } else { 5 };
            for place in places.iter().take(shown).filter_map(|id| venue.place(id)) {
                say!("  {} {}", place.id, place.name.get(Language::En));
            }
            if places.len() > shown {
                say!("  and {} more", places.len() - shown);
            }
        }
        say!("{errors} errors, {warnings} warnings, {} ways missing", lost.len());
        if errors > 0 {
            say!("A map with errors is not fit to be published; draw it to find them: galleria-venue draw");
        }
    }
    Ok(ExitCode::from(u8::from(errors > 0)))
}
