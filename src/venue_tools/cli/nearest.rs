//! `galleria-venue nearest`: the nearest places of a kind.

use std::collections::BTreeSet;
use std::process::ExitCode;

use anyhow::{Result, bail};
use serde_json::{Value, json};
use wayfinding::instructions::minutes;
use wayfinding::route::{NearestPlace, PlaceFilter, Reason};
use wayfinding::venue::{Facility, Group, Venue};

use super::answer;
use super::input;
use super::question::{Asked, Question};

/// What is looked for, and from where.
#[derive(Debug, clap::Args)]
#[command(after_help = FORMS)]
pub struct Arguments {
    #[command(flatten)]
    question: Question,
    /// What is looked for: a facility, a group of shops, or an IMDF category with all that it contains
    kind: String,
    /// Where one is: a kiosk's code, a place's name, number or id, or longitude,latitude,ordinal
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    from: String,
    /// How many at most
    #[arg(long, default_value_t = 3)]
    count: usize,
}

const FORMS: &str = "\
Those that are open when one gets there come first, then the nearer ones; one on another level has to be
nearer by half a minute.

JSON: [{id, name, category, ordinal, time_s, closed}]

Examples:
  galleria-venue nearest assets/demo-mall restroom --from K1
  galleria-venue nearest assets/demo-mall restaurant --from L2-07 --profile stroller --count 5 --json

Exit status: 0 found, 1 the input was wrong, 2 none can be reached.";

pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let Arguments { question, kind: text, from, count } = arguments;
    let asked = question.read()?;
    let venue = asked.router.venue();
    let kind = PlaceFilter::of(text);
    let on_map = venue.places().iter().filter(|p| kind.admits(p)).count();
    if on_map == 0 && matches!(kind, PlaceFilter::Category(_)) {
        bail!("nothing on the map is of the kind {text:?}; it knows: {}", known(venue));
    }
    let tree = asked.router.tree_from(input::spot(venue, from)?, question.profile, asked.at)?;
    let found = tree.nearest_of(&kind, *count);
    if found.is_empty() {
        let (reason, message) = why(&tree, on_map, text);
        match question.json {
            true => say!("{:#}", json!({"error": "no-route", "reason": reason, "message": [message]})),
            false => say!("{message}"),
        }
        return Ok(ExitCode::from(2));
    }
    if question.json {
        say!("{:#}", found.iter().map(|near| near_json(&asked, near)).collect::<Value>());
    } else {
        found.iter().for_each(|near| print_near(&asked, near));
    }
    Ok(ExitCode::SUCCESS)
}

/// Why no place was found: a key for programs, and a sentence.
fn why(tree: &wayfinding::route::Tree, on_map: usize, kind: &str) -> (&'static str, String) {
    if on_map == 0 {
        return ("none-on-the-map", format!("the map has no {kind}"));
    }
    if !tree.starts_on_the_floor() {
        return (answer::key(&Reason::StartOutside), Reason::StartOutside.to_string());
    }
    ("none-reachable", format!("none of the {on_map} places of the kind {kind} can be reached"))
}

fn print_near(asked: &Asked, near: &NearestPlace) {
    let venue = asked.router.venue();
    let Some(place) = venue.place(&near.place) else { return };
    let level = venue.level(near.level).short_name.get(asked.language);
    let closed = if near.closed { "  (closed)" } else { "" };
    let name = place.name.get(asked.language);
    say!("{:>3} min {level:>4}  {name}  {}  {}{closed}", minutes(near.time_s), place.category, place.id);
}

fn near_json(asked: &Asked, near: &NearestPlace) -> Value {
    let venue = asked.router.venue();
    let place = venue.place(&near.place);
    json!({
        "id": near.place,
        "name": place.map(|p| p.name.get(asked.language)),
        "category": place.map(|p| &p.category),
        "ordinal": venue.level(near.level).ordinal,
        "time_s": near.time_s,
        "closed": near.closed,
    })
}

/// All kinds for which the map has a place.
fn known(venue: &Venue) -> String {
    let has = |kind: &PlaceFilter| venue.places().iter().any(|p| kind.admits(p));
    let facilities = Facility::ALL.into_iter().filter(|f| has(&PlaceFilter::Facility(*f))).map(Facility::key);
    let groups = Group::ALL.into_iter().filter(|g| has(&PlaceFilter::Group(*g))).map(Group::key);
    let mut listed: Vec<String> = facilities.chain(groups).map(str::to_owned).collect();
    let categories: BTreeSet<String> = venue.places().iter().map(|p| p.category.clone()).collect();
    listed.extend(categories.into_iter().filter(|c| !listed.contains(c)).collect::<Vec<_>>());
    listed.join(", ")
}
