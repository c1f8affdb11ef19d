//! `galleria-venue route`: a route, also over several stops, in words or as JSON.

use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::json;
use venue_tools::trip::{NoTrip, Order, trip};

use super::answer;
use super::input;
use super::question::Question;

/// From where to where.
#[derive(Debug, clap::Args)]
#[command(after_help = FORMS)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Start: a kiosk's code, a place's name, number or id, or longitude,latitude,ordinal
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    from: String,
    /// Destination, named like the start
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    to: String,
    /// Stop on the way, named like the start; may be given several times
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    via: Vec<String>,
    /// Visit the stops (eight at most) in the order that costs the least
    #[arg(long)]
    best_order: bool,
}

const FORMS: &str = "\
Doors and lifts are taken as they are when one gets there. Who arrives a little early waits, and the output says so
so in the warnings.

JSON of a route:
  length_m, time_s, profile,
  legs:     [{ordinal, mode, points: [[longitude, latitude], ...]}]
  steps:    [{kind, text, ordinal, distance_m}]
  warnings: [{kind, text, ...}]
JSON where there is no route (exit status 2):
  error: \"no-route\", reason, features: [{id, kind, name, ordinal}] that are missing, message: [text],
  nearest_reachable: a place, nearest: {ordinal, point, remaining_m, route} or null
Reasons: closed, only-with-steps, not-connected, start-outside, end-outside.

Examples:
  galleria-venue route assets/demo-mall --from K1 --to 'Lighthouse Mini' --lang en
  galleria-venue route assets/demo-mall --from K1 --via L1-03 --via L2-07 --to B1-02 --best-order
  galleria-venue route assets/demo-mall --from 121.4632,31.2315,0 --to L2-07 --profile step-free --json";

/// Prints the route, or why there is none.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { question, from, to, via, best_order } = arguments;
    let asked = question.read()?;
    let venue = asked.router.venue();
    let names: Vec<&String> = std::iter::once(from).chain(via).chain([to]).collect();
    let stops: Vec<_> = names.iter().map(|text| input::spot(venue, text)).collect::<Result<_>>()?;
    let order = if *best_order { Order::Best } else { Order::Given };
    match trip(&asked.router, &stops, order, question.profile, asked.at) {
        Ok(trip) => {
            if question.json {
                say!("{:#}", answer::routes_json(&asked, &stops[0], &trip.routes));
            } else {
                if *best_order {
                    let named: Vec<&str> = trip.order.iter().map(|i| names[*i].as_str()).collect();
                    say!("{from} → {}", named.join(" → "));
                }
                answer::print_routes(&asked, &stops[0], &trip.routes);
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(NoTrip::Refused { stop, refused }) => {
            if question.json {
                let mut reply = answer::refusal_json(&asked, &stops[0], &refused);
                reply["stop"] = json!(names[stop]);
                say!("{reply:#}");
            } else {
                answer::print_refusal(&asked, &stops[0], &refused);
            }
            Ok(ExitCode::from(2))
        }
        Err(wrong @ (NoTrip::TooMany | NoTrip::TooFew)) => bail!(wrong),
    }
}
