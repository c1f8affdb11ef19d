//! `galleria-venue reach`: whether every shop is reached from every kiosk, in every travel profile.

use std::process::ExitCode;

use anyhow::{Result, bail};
use domain::language::Language;
use serde_json::{Value, json};
use wayfinding::route::{NoRoute, Router, Spot, TravelProfile};
use wayfinding::venue::{Place, PlaceKind};

use super::answer;
use super::input::{self, Map};
use super::question::Memory;

/// From where, and to what.
#[derive(Debug, clap::Args)]
#[command(after_help = FORMS)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// Start instead of the map's kiosks, named as for `route`; may be given several times
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    from: Vec<String>,
    /// Only this way of moving: walking, step-free or stroller [default: all]
    #[arg(long, value_parser = input::profile)]
    profile: Option<TravelProfile>,
    /// Look for facilities, exits and restrooms too, not for occupants only
    #[arg(long)]
    all: bool,
    /// When: 2026-11-21T14:30 in the venue's time, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    memory: Memory,
}

const FORMS: &str = "\
JSON: {places, sums: [{from, profile, reached, missing}],
       missing: [{from, profile, place, name, ordinal, reason, features: [{id, kind, name, ordinal}]}]}

Example:
  galleria-venue reach assets/demo-mall --at 2026-11-21T14:30

Exit status: 0 everything is reached, 1 the input was wrong, 2 something is not.";

/// A place that is not reached.
struct Lost<'a> {
    from: &'a str,
    profile: TravelProfile,
    place: &'a Place,
    refused: NoRoute,
}

/// Prints totals, and every place that is not reached with the reason.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let router = arguments.memory.router(arguments.map.load()?.venue);
    let venue = router.venue();
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let kiosks = venue.kiosks().iter().map(|k| k.code.clone());
    let starts: Vec<String> =
        if arguments.from.is_empty() { kiosks.collect() } else { arguments.from.clone() };
    if starts.is_empty() {
        bail!("the map has no kiosk; put one into venue.toml, or name a start with --from");
    }
    let is_wanted = |p: &&Place| arguments.all || p.kind == PlaceKind::Occupant;
    let places: Vec<&Place> = venue.places().iter().filter(is_wanted).collect();
    if places.is_empty() {
        bail!("the map has no occupant to look for; --all looks for facilities too");
    }
    let profiles = TravelProfile::ALL.into_iter().filter(|p| arguments.profile.is_none_or(|only| only == *p));
    let profiles: Vec<TravelProfile> = profiles.collect();
    let (mut lost, mut sums) = (Vec::new(), Vec::new());
    for from in &starts {
        let spot: Spot = input::spot(venue, from)?;
        for &profile in &profiles {
            let tree = router.tree_from(spot.clone(), profile, at)?;
            let before = lost.len();
            for &place in &places {
                if let Err(refused) = tree.route_to(&place.id) {
                    lost.push(Lost { from, profile, place, refused });
                }
            }
            let missing = lost.len() - before;
            sums.push((from, profile, places.len() - missing, missing));
        }
    }
    if arguments.json {
        let sums = sums.iter().map(|(from, profile, reached, missing)| {
            json!({"from": from, "profile": profile, "reached": reached, "missing": missing})
        });
        let missing = lost.iter().map(|l| l.json(&router)).collect::<Vec<_>>();
        say!("{:#}", json!({"places": places.len(), "sums": sums.collect::<Vec<_>>(), "missing": missing}));
    } else {
        lost.iter().for_each(|l| l.print(&router));
        for (from, profile, reached, missing) in sums {
            say!("{from} ({}): {reached} reached, {missing} not", profile.key());
        }
    }
    Ok(ExitCode::from(if lost.is_empty() { 0 } else { 2 }))
}

impl Lost<'_> {
    fn print(&self, router: &Router) {
        let venue = router.venue();
        let name = self.place.name.get(Language::En);
        let level = venue.level(self.place.level).short_name.get(Language::En);
        say!(
            "not reached from {} ({}): {name} ({level}) {}: {}",
            self.from,
            self.profile.key(),
            self.place.id,
            self.refused.reason
        );
    }

    fn json(&self, router: &Router) -> Value {
        let venue = router.venue();
        let features = answer::missing(&self.refused.reason).iter().map(|id| {
            let found = answer::feature(venue, id, Language::En);
            json!({"id": id, "kind": found.kind, "name": found.name, "ordinal": found.ordinal})
        });
        json!({
            "from": self.from,
            "profile": self.profile,
            "place": self.place.id,
            "name": self.place.name.get(Language::En),
            "ordinal": venue.level(self.place.level).ordinal,
            "reason": answer::key(&self.refused.reason),
            "features": features.collect::<Vec<_>>(),
        })
    }
}
