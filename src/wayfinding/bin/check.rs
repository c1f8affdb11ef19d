//! `galleria-venue check`: what is wrong with a map.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::language::Language;
use serde_json::json;
use wayfinding::route::{Profile, Router};
use wayfinding::venue::{Finding, PlaceKind, Severity};

use crate::input::{self, Map};

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// The time for which ways are looked for [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
}

/// Prints findings and lost shops. Fails when there is an error among the findings.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let loaded = arguments.map.load()?;
    let findings = loaded.findings;
    let router = Router::new(Arc::new(loaded.venue));
    let venue = router.venue().clone();
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let mut lost = Vec::new();
    for kiosk in venue.kiosks() {
        for profile in Profile::ALL {
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
        println!("{:#}", json!({"digest": venue.digest(), "findings": findings, "unreachable": lost}));
    } else {
        println!(
            "{}: {} levels, {} units, {} places, {} kiosks, map version {}",
            venue.name().get(Language::En),
            venue.levels().len(),
            venue.units().len(),
            venue.places().len(),
            venue.kiosks().len(),
            &venue.digest()[..12]
        );
        findings.iter().for_each(|f: &Finding| println!("{f}"));
        for (kiosk, profile, place, refused) in &lost {
            println!(
                "unreachable from {} ({}): {} {}: {}",
                kiosk.code,
                profile.key(),
                place.name.get(Language::En),
                place.id,
                refused.reason
            );
        }
        println!("{errors} errors, {warnings} warnings, {} ways missing", lost.len());
    }
    Ok(ExitCode::from(u8::from(errors > 0)))
}
