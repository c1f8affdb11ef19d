//! `galleria-venue route`: a way, in words or as JSON.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use domain::language::Language;
use serde_json::{Value, json};
use wayfinding::geometry::Point;
use wayfinding::instructions::{self, Step, minutes, words};
use wayfinding::route::{NoRoute, Profile, Reason, Route, RouteWarning, Router, Spot};
use wayfinding::venue::{FeatureId, Venue};

use crate::input::{self, Map};

/// From where to where.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// Start: a kiosk's code, a place's name, number or id, or longitude,latitude,ordinal
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    from: String,
    /// Destination, named like the start
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    to: String,
    /// How one moves: walking, step-free or stroller
    #[arg(long, default_value = "walking", value_parser = input::profile)]
    profile: Profile,
    /// When: 2026-11-21T14:30 in the venue's time, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Language of the words: zh-Hans, zh-Hant, en, ja or ko [default: the venue's]
    #[arg(long, value_parser = input::language)]
    lang: Option<Language>,
    /// Print JSON, for other programs
    #[arg(long)]
    json: bool,
}

/// Prints the way, or why there is none.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let router = Router::new(Arc::new(arguments.map.load()?.venue));
    let venue = router.venue();
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let language = arguments.lang.unwrap_or(venue.default_language());
    let (from, to) = (input::spot(venue, &arguments.from)?, input::spot(venue, &arguments.to)?);
    let kiosk = if let Spot::Kiosk(code) = &from { venue.kiosk(code) } else { None };
    match router.between(from, to, arguments.profile, at) {
        Ok(route) => {
            let steps = instructions::steps(venue, &route, kiosk, language, words());
            if arguments.json {
                println!("{:#}", route_json(venue, &route, &steps));
            } else {
                print_route(venue, &route, &steps, language);
                for warning in instructions::warnings(venue, &route, at, language, words()) {
                    println!("  !   {warning}");
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            if arguments.json {
                println!("{:#}", refused_json(venue, &refused, language));
            } else {
                let told = instructions::no_route(venue, &refused, language, words());
                told.iter().for_each(|sentence| println!("{sentence}"));
                println!("({refused})");
            }
            Ok(ExitCode::from(2))
        }
    }
}

fn print_route(venue: &Venue, route: &Route, steps: &[Step], language: Language) {
    println!("{:.0} m, {} min, {}", route.length_m, minutes(route.time_s), route.profile.key());
    for step in steps {
        let level = venue.level(step.level).short_name.get(language);
        println!("{level:>4}  {:<14} {}", step.kind.key(), step.text);
    }
}

fn route_json(venue: &Venue, route: &Route, steps: &[Step]) -> Value {
    let degrees = |p: &Point| {
        let (longitude, latitude) = venue.frame().to_degrees(*p);
        [longitude, latitude]
    };
    let legs = route.legs.iter().map(|leg| {
        json!({
            "ordinal": venue.level(leg.level).ordinal,
            "to_ordinal": venue.level(leg.to_level).ordinal,
            "mode": leg.mode,
            "shaft": leg.shaft,
            "time_s": leg.time_s,
            "points": leg.points.iter().map(degrees).collect::<Vec<_>>(),
        })
    });
    let steps = steps.iter().map(|s| {
        json!({"kind": s.kind, "text": s.text, "ordinal": venue.level(s.level).ordinal, "distance_m": s.distance_m})
    });
    let warnings = route.warnings.iter().map(|w| match w {
        RouteWarning::DestinationClosed { opens } => {
            json!({"kind": "destination-closed", "opens": opens.map(|o| o.to_rfc3339())})
        }
        RouteWarning::Wait { feature, until } => {
            json!({"kind": "wait", "feature": feature, "until": until.to_rfc3339()})
        }
        RouteWarning::DestinationCloses { at } => {
            json!({"kind": "destination-closes", "at": at.to_rfc3339()})
        }
    });
    json!({
        "length_m": route.length_m,
        "time_s": route.time_s,
        "profile": route.profile,
        "legs": legs.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
        "warnings": warnings.collect::<Vec<_>>(),
    })
}

fn refused_json(venue: &Venue, refused: &NoRoute, language: Language) -> Value {
    let nothing: &[FeatureId] = &[];
    let (reason, features) = match &refused.reason {
        Reason::UnknownPlace(_) => ("unknown-place", nothing),
        Reason::UnknownKiosk(_) => ("unknown-kiosk", nothing),
        Reason::StartOutside => ("start-outside", nothing),
        Reason::EndOutside => ("end-outside", nothing),
        Reason::Closed(features) => ("closed", features.as_slice()),
        Reason::OnlyWithSteps(features) => ("only-with-steps", features.as_slice()),
        Reason::NoExit => ("no-exit", nothing),
        Reason::NotConnected => ("not-connected", nothing),
    };
    json!({
        "error": "no-route",
        "reason": reason,
        "features": features,
        "message": instructions::no_route(venue, refused, language, words()),
        "nearest_reachable": refused.nearest_reachable,
    })
}
