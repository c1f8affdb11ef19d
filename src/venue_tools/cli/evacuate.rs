//! `galleria-venue evacuate`: the evacuation route.

use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use venue_tools::escape::{escape, notices};

use super::answer;
use super::input;
use super::question::Question;

#[derive(Debug, clap::Args)]
#[command(after_help = FORMS)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// Where one is: a kiosk's code, a place's name, number or id, or longitude,latitude,ordinal
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    from: String,
}

const FORMS: &str = "\
The nearest exit by time, emergency exits included, without lifts and escalators. With --profile step-free
or stroller: an exit that is reached without steps or, where there is none, a place of refuge, or the nearest
staircase, where help comes by.

JSON: that of a route, and safety: {kind: exit, refuge or staircase, id, name, ordinal}, and notices: what
to read before and after the steps

Examples:
  galleria-venue evacuate assets/demo-mall --from K3
  galleria-venue evacuate assets/demo-mall --from L2-07 --profile step-free --json

Exit status: 0 found, 1 the input was wrong, 2 there is no way out.";

/// Prints the evacuation route.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { question, from } = arguments;
    let asked = question.read()?;
    let venue = asked.router.venue();
    let from = input::spot(venue, from)?;
    match escape(&asked.router, &from, question.profile, asked.at) {
        Ok(escape) => {
            let id = escape.safety.feature();
            let found = answer::feature(venue, &id, asked.language);
            let routes = std::slice::from_ref(&escape.route);
            let [now, there] = notices(escape.safety, asked.language);
            if question.json {
                let mut reply = answer::routes_json(&asked, &from, routes);
                reply["safety"] = json!({
                    "kind": escape.safety.key(), "id": id, "name": found.name, "ordinal": found.ordinal,
                });
                reply["notices"] = json!([now, there]);
                say!("{reply:#}");
            } else {
                say!("{}: {} {id}", escape.safety.key(), found.name.unwrap_or_default());
                say!("{now}");
                answer::print_routes(&asked, &from, routes);
                say!("{there}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(refused) => {
            match question.json {
                true => say!("{:#}", answer::refusal_json(&asked, &from, &refused)),
                false => answer::print_refusal(&asked, &from, &refused),
            }
            Ok(ExitCode::from(2))
        }
    }
}
