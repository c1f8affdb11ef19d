//! Moving walkways, and ramps to another level. Both are shafts; a moving walkway stays on one level.
//!
//! A moving walkway with a known direction, from a relationship or `venue.toml`, is no longer floor: people
//! get on at one end and off at the other. A moving walkway without a known direction stays floor, and
//! walking over it costs little time. A ramp joins levels only if a relationship or `venue.toml` says so:
//! unlike lifts, two ramps that overlap are often separate ramps.

use geo::{Distance, Euclidean, MinimumRotatedRect, MultiPolygon};

use super::feature::Features;
use super::overlay::{Overlay, State};
use super::spaces::Spaces;
use crate::geometry::Point;
use crate::venue::{FeatureId, Finding, Service, Shaft, Stop, TravelDirection, UnitIndex, UnitKind};

/// The default speed of a moving walkway, in metres a second.
const SPEED: f64 = 0.65;
/// The highest permitted speed, in metres a second.
const FASTEST: f64 = 2.0;

/// The middles of the two short sides of a long shape.
pub(super) fn short_sides(shape: &MultiPolygon<f64>) -> Option<[Point; 2]> {
    let around = MinimumRotatedRect::minimum_rotated_rect(shape)?;
    let corners: Vec<Point> = around.exterior().0.iter().map(|c| Point::from(*c)).collect();
    let [a, b, c, d] = corners.get(..4)?.try_into().ok()?;
    let middles = |p: Point, q: Point, r: Point, s: Point| [p.toward(q, 0.5), r.toward(s, 0.5)];
    Some(if a.distance(b) < b.distance(c) { middles(a, b, c, d) } else { middles(b, c, d, a) })
}

/// The end of a long shape that is nearer to another shape.
pub(super) fn end_towards(shape: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> Option<Point> {
    let far = |p: &Point| Euclidean.distance(&geo::Point::from(*p), other);
    short_sides(shape)?.into_iter().min_by(|a, b| far(a).total_cmp(&far(b)))
}

/// All moving walkways with a known direction. Their units are no longer floor afterwards.
pub(super) fn read(
    features: &Features,
    spaces: &mut Spaces,
    overlay: &Overlay,
    findings: &mut Vec<Finding>,
) -> Vec<Shaft> {
    let mut walkways: Vec<Shaft> = Vec::new();
    for feature in features.of("relationship").iter().filter(|f| f.category() == "movingwalkway") {
        let unit = |id: &FeatureId| spaces.unit_index.get(id).copied();
        let [from, to] = ["origin", "destination"].map(|key| feature.reference(key).as_ref().and_then(unit));
        let named: Vec<UnitIndex> = feature.references("intermediary").iter().filter_map(unit).collect();
        let is_walkway = |u: &UnitIndex| spaces.unit(*u).kind == UnitKind::MovingWalkway { direction: None };
        let walkway = named.iter().copied().chain(from).chain(to).find(is_walkway);
        let mut fault = |what: &str| {
            let message = format!("relationship.geojson: {what}; the moving walkway is taken as floor");
            findings.push(Finding::warning("RelationshipMustBeUsable", feature.id, message));
        };
        let Some(walkway) = walkway else {
            fault("it names no unit that is a moving walkway");
            continue;
        };
        // One end may be the walkway itself. The other end then decides where people get on and off.
        let ends = ends(walkway, from.filter(|u| *u != walkway), to.filter(|u| *u != walkway), spaces);
        let Some(ends) = ends else {
            fault("its ends do not tell at which end one gets on; give venue.toml a [[moving_walkway]]");
            continue;
        };
        let direction = if feature.text("direction") == Some("directed") {
            TravelDirection::Forward
        } else {
            TravelDirection::Both
        };
        let hours = feature.hours(findings);
        walkways.retain(|b| b.stops[0].unit != walkway);
        walkways.push(Shaft {
            direction,
            hours,
            ..shaft(UnitKind::MovingWalkway { direction: None }, walkway, ends, spaces)
        });
    }
    for entry in &overlay.moving_walkways {
        let mut fault = |what: &str| {
            let message = format!("venue.toml line {}: [[moving_walkway]] {what}", entry.line);
            findings.push(Finding::error("OverlayMovingWalkwayMustBeUsable", entry.unit, message));
        };
        // A missing id is reported elsewhere, with all the others.
        let Some(&unit) = spaces.unit_index.get(&entry.unit) else { continue };
        if spaces.unit(unit).kind != (UnitKind::MovingWalkway { direction: None }) {
            fault("names a unit that is no moving walkway for the public");
            continue;
        }
        let known = walkways.iter().position(|b| b.stops[0].unit == unit);
        let mut walkway = known.map(|i| walkways.remove(i));
        if let Some(heading) = entry.heading {
            match headed(unit, heading, spaces) {
                Some(ends) => {
                    walkway = Some(Shaft {
                        direction: TravelDirection::Forward,
                        ..shaft(UnitKind::MovingWalkway { direction: None }, unit, ends, spaces)
                    })
                }
                None => fault("has a heading that is no angle in degrees, or its unit no length"),
            }
        }
        if walkway.is_none() && entry.state == State::OutOfService {
            let ends = short_sides(&spaces.unit(unit).shape);
            walkway = ends.map(|ends| shaft(UnitKind::MovingWalkway { direction: None }, unit, ends, spaces));
        }
        let Some(mut walkway) = walkway else {
            if entry.heading.is_none() {
                fault("gives no heading; it is taken as floor");
            }
            continue;
        };
        match entry.speed {
            Some(speed) if speed > 0.0 && speed <= FASTEST => walkway.speed = speed,
            Some(speed) => {
                fault(&format!("has speed = {speed}, no speed of a moving walkway in m/s; {SPEED} is used"))
            }
            None => {}
        }
        if entry.state == State::OutOfService {
            walkway.service = Service::Out;
        }
        walkways.push(walkway);
    }
    for walkway in &mut walkways {
        walkway.kind = UnitKind::MovingWalkway { direction: Some(walkway.direction) };
        spaces.units[walkway.stops[0].unit.0].kind = walkway.kind;
    }
    walkways
}

/// The ramps in `venue.toml`, each from level to level.
pub(super) fn ramps(spaces: &Spaces, overlay: &Overlay, findings: &mut Vec<Finding>) -> Vec<Shaft> {
    let mut ramps = Vec::new();
    for entry in &overlay.ramps {
        let mut units: Vec<UnitIndex> =
            entry.units.iter().filter_map(|id| spaces.unit_index.get(id).copied()).collect();
        units.sort_by_key(|u| spaces.unit(*u).level);
        let is_ramp = |u: &UnitIndex| spaces.unit(*u).kind == UnitKind::Ramp;
        let climbs = |w: &[UnitIndex]| spaces.unit(w[0]).level < spaces.unit(w[1]).level;
        if units.len() < 2 || !units.iter().all(is_ramp) || !units.windows(2).all(climbs) {
            let message = format!(
                "venue.toml line {}: [[ramp]] has to name units of category ramp on two or more levels; \
                 it is left out",
                entry.line
            );
            findings.push(Finding::error("OverlayRampMustJoinLevels", entry.units.first().copied(), message));
            continue;
        }
        let stop = |u: &UnitIndex| Stop { level: spaces.unit(*u).level, unit: *u, end: None };
        let stops = units.iter().map(stop).collect();
        let service = if entry.state == State::OutOfService { Service::Out } else { Service::Public };
        let none = [Point::new(0.0, 0.0); 2];
        ramps.push(Shaft { stops, service, ..shaft(UnitKind::Ramp, units[0], none, spaces) });
    }
    ramps
}

fn shaft(kind: UnitKind, unit: UnitIndex, ends: [Point; 2], spaces: &Spaces) -> Shaft {
    let own = spaces.unit(unit);
    let is_closed = spaces.restricted.contains(&unit);
    Shaft {
        id: own.id,
        kind,
        name: own.name.clone(),
        stops: ends.map(|end| Stop { level: own.level, unit, end: Some(end) }).to_vec(),
        speed: SPEED,
        direction: TravelDirection::Both,
        service: if is_closed { Service::Staff } else { Service::Public },
        hours: None,
        closure: None,
    }
}

/// The ends where people get on and off, from the floors before and behind a walkway.
fn ends(
    walkway: UnitIndex,
    from: Option<UnitIndex>,
    to: Option<UnitIndex>,
    spaces: &Spaces,
) -> Option<[Point; 2]> {
    if from == to {
        return None;
    }
    let shape = &spaces.unit(walkway).shape;
    let sides = short_sides(shape)?;
    let nearest = |floor: UnitIndex| end_towards(shape, &spaces.unit(floor).shape);
    let (on, off) = (from.and_then(nearest), to.and_then(nearest));
    let other = |end: Point| if end == sides[0] { sides[1] } else { sides[0] };
    let on = on.or_else(|| off.map(other))?;
    let off = off.unwrap_or_else(|| other(on));
    (on != off).then_some([on, off])
}

/// The ends where people get on and off a walkway with this direction, in degrees clockwise from north.
fn headed(walkway: UnitIndex, heading: f64, spaces: &Spaces) -> Option<[Point; 2]> {
    let [a, b] = short_sides(&spaces.unit(walkway).shape)?;
    if !heading.is_finite() || a.distance(b) < 1.0 {
        return None;
    }
    let ahead = crate::geometry::turn(heading, a.bearing_to(b)).abs() < 90.0;
    Some(if ahead { [a, b] } else { [b, a] })
}
