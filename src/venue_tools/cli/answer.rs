//! Answers: routes and refusals, in words for people and as JSON for programs.
//!
//! The JSON follows the manual. All sentences come from the language files of `wayfinding`.

use domain::language::Language;
use serde_json::{Value, json};
use wayfinding::geometry::Point;
use wayfinding::instructions::{self, RouteStep, minutes};
use wayfinding::route::{NoRoute, Reason, Route, RouteWarning, Spot};
use wayfinding::venue::{FeatureId, UnitKind, Venue};
use wayfinding::words::words;

use super::question::Asked;

/// The steps of consecutive routes.
pub fn steps(asked: &Asked, from: &Spot, routes: &[Route]) -> Vec<RouteStep> {
    let venue = asked.router.venue();
    let kiosk = if let Spot::Kiosk(code) = from { venue.kiosk(code) } else { None };
    instructions::trip(venue, routes, kiosk, asked.language, words())
}

/// Prints consecutive routes, for people.
pub fn print_routes(asked: &Asked, from: &Spot, routes: &[Route]) {
    let venue = asked.router.venue();
    let length: f64 = routes.iter().map(|r| r.length_m).sum();
    let time: f64 = routes.iter().map(|r| r.time_s).sum();
    let profile = routes.first().map_or("", |r| r.profile.key());
    say!("{length:.0} m, {} min, {profile}", minutes(time));
    for step in steps(asked, from, routes) {
        let level = venue.level(step.level).short_name.get(asked.language);
        say!("{level:>4}  {:<14} {}", step.kind.key(), step.text);
    }
    for route in routes {
        for warning in instructions::warnings(venue, route, asked.at, asked.language, words()) {
            say!("  !   {warning}");
        }
    }
}

/// Consecutive routes as one JSON value, in the format of the manual.
pub fn routes_json(asked: &Asked, from: &Spot, routes: &[Route]) -> Value {
    let venue = asked.router.venue();
    let legs = routes.iter().flat_map(|r| &r.legs).map(|leg| {
        json!({
            "ordinal": venue.level(leg.level).ordinal,
            "mode": leg.mode,
            "points": leg.points.iter().map(|p| degrees(venue, p)).collect::<Vec<_>>(),
        })
    });
    let steps = steps(asked, from, routes);
    let steps = steps.iter().map(|s| {
        json!({"kind": s.kind, "text": s.text, "ordinal": venue.level(s.level).ordinal, "distance_m": s.distance_m})
    });
    json!({
        "length_m": routes.iter().map(|r| r.length_m).sum::<f64>(),
        "time_s": routes.iter().map(|r| r.time_s).sum::<f64>(),
        "profile": routes.first().map(|r| r.profile),
        "legs": legs.collect::<Vec<_>>(),
        "steps": steps.collect::<Vec<_>>(),
        "warnings": routes.iter().flat_map(|r| warnings(asked, r)).collect::<Vec<_>>(),
    })
}

fn degrees(venue: &Venue, point: &Point) -> [f64; 2] {
    let (longitude, latitude) = venue.frame().to_degrees(*point);
    [longitude, latitude]
}

fn warnings(asked: &Asked, route: &Route) -> Vec<Value> {
    let texts = instructions::warnings(asked.router.venue(), route, asked.at, asked.language, words());
    let warning_json = |(warning, text): (&RouteWarning, String)| match warning {
        RouteWarning::DestinationClosed { opens } => {
            json!({"kind": "destination-closed", "text": text, "opens": opens.map(|o| o.to_rfc3339())})
        }
        RouteWarning::DestinationCloses { at } => {
            json!({"kind": "destination-closes", "text": text, "at": at.to_rfc3339()})
        }
        RouteWarning::Wait { feature, until } => {
            json!({"kind": "wait", "text": text, "feature": feature, "until": until.to_rfc3339()})
        }
    };
    route.warnings.iter().zip(texts).map(warning_json).collect()
}

/// Prints why there is no route and how far a route can go, for people.
pub fn print_refusal(asked: &Asked, from: &Spot, refused: &NoRoute) {
    let venue = asked.router.venue();
    for sentence in instructions::no_route(venue, refused, asked.language, words()) {
        say!("{sentence}");
    }
    say!("({refused})");
    for id in missing(&refused.reason) {
        let Feature { kind, name, ordinal } = feature(venue, id, asked.language);
        let level = ordinal.map_or_else(String::new, |o| format!(", level {o}"));
        say!("  missing: {kind} {} {id}{level}", name.unwrap_or_default());
    }
    if let Some(as_far) = &refused.as_far_as {
        let (level, point) = as_far.route.end();
        let [longitude, latitude] = degrees(venue, &point);
        let ordinal = venue.level(level).ordinal;
        say!("  nearest: {longitude:.7},{latitude:.7},{ordinal}; {:.0} m remain", as_far.remaining_m);
        print_routes(asked, from, std::slice::from_ref(&*as_far.route));
    }
}

/// Why there is no route, and how far a route can go, as JSON.
pub fn refusal_json(asked: &Asked, from: &Spot, refused: &NoRoute) -> Value {
    let venue = asked.router.venue();
    let features = missing(&refused.reason).iter().map(|id| {
        let Feature { kind, name, ordinal } = feature(venue, id, asked.language);
        json!({"id": id, "kind": kind, "name": name, "ordinal": ordinal})
    });
    let nearest = refused.as_far_as.as_ref().map(|as_far| {
        let (level, point) = as_far.route.end();
        json!({
            "ordinal": venue.level(level).ordinal,
            "point": degrees(venue, &point),
            "remaining_m": as_far.remaining_m,
            "route": routes_json(asked, from, std::slice::from_ref(&*as_far.route)),
        })
    });
    json!({
        "error": "no-route",
        "reason": key(&refused.reason),
        "features": features.collect::<Vec<_>>(),
        "message": instructions::no_route(venue, refused, asked.language, words()),
        "nearest_reachable": refused.nearest_reachable,
        "nearest": nearest,
    })
}

/// The key of a reason, for programs.
pub fn key(reason: &Reason) -> &'static str {
    match reason {
        Reason::UnknownPlace(_) => "unknown-place",
        Reason::UnknownKiosk(_) => "unknown-kiosk",
        Reason::StartOutside => "start-outside",
        Reason::EndOutside => "end-outside",
        Reason::Closed(_) => "closed",
        Reason::OnlyWithSteps(_) => "only-with-steps",
        Reason::NoExit => "no-exit",
        Reason::NotConnected => "not-connected",
    }
}

/// The features that the route lacks.
pub fn missing(reason: &Reason) -> &[FeatureId] {
    match reason {
        Reason::Closed(features) | Reason::OnlyWithSteps(features) => features,
        _ => &[],
    }
}

/// The name and position of a feature.
pub struct Feature {
    pub kind: &'static str,
    pub name: Option<String>,
    pub ordinal: Option<i32>,
}

/// The description of a shaft, an opening, a unit or a place.
pub fn feature(venue: &Venue, id: &FeatureId, language: Language) -> Feature {
    let named =
        |labels: &domain::language::Labels| (!labels.is_empty()).then(|| labels.get(language).to_owned());
    if let Some(shaft) = venue.shafts().iter().find(|s| s.id == *id) {
        let kind = match shaft.kind {
            UnitKind::Lift => "lift",
            UnitKind::Escalator => "escalator",
            UnitKind::Ramp => "ramp",
            UnitKind::MovingWalkway { direction: Some(_) } => "moving walkway",
            _ => "stairs",
        };
        let ordinal = shaft.stops.first().map(|s| venue.level(s.level).ordinal);
        return Feature { kind, name: named(&shaft.name), ordinal };
    }
    if let Some(opening) = venue.openings().iter().find(|o| o.id == *id) {
        let ordinal = Some(venue.level(opening.level).ordinal);
        return Feature { kind: "opening", name: named(&opening.name), ordinal };
    }
    if let Some(unit) = venue.unit_of(id).map(|u| venue.unit(u)) {
        let kind = if unit.kind == UnitKind::Steps { "steps" } else { "unit" };
        return Feature { kind, name: named(&unit.name), ordinal: Some(venue.level(unit.level).ordinal) };
    }
    let place = venue.place(id);
    let ordinal = place.map(|p| venue.level(p.level).ordinal);
    Feature { kind: "place", name: place.and_then(|p| named(&p.name)), ordinal }
}
