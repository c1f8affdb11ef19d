//! Shafts: which units on different levels form one lift, escalator or staircase.
//!
//! Relationships declare it if the map has them. Otherwise two units of one kind on neighbouring levels are
//! the same shaft if they overlap by more than three tenths of the smaller one. The direction of an
//! escalator is never guessed. A lone escalator without a direction is an error and is not used; two or
//! more side by side count as usable in both directions.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{Area, BooleanOps};

use super::feature::{Feature, Features};
use super::moving_walkways;
use super::overlay::{LiftAccess, Overlay, State};
use super::spaces::Spaces;
use crate::venue::{
    FeatureId, Finding, Hours, LevelIndex, Service, Shaft, Stop, TravelDirection, UnitIndex, UnitKind,
};

/// The share of the smaller unit that has to overlap with the other one.
const OVERLAP: f64 = 0.3;
/// The greatest number of units of one kind that are compared with each other; a large station has 250.
const MOST: usize = 1_000;
/// Escalators closer to each other than this form one bank, in metres.
const BANK_M: f64 = 15.0;

pub(super) fn read(
    features: &Features,
    spaces: &mut Spaces,
    overlay: &Overlay,
    findings: &mut Vec<Finding>,
) -> Vec<Shaft> {
    let mut shafts = related(features, spaces, findings);
    let known: HashSet<UnitIndex> = shafts.iter().flat_map(|s| s.stops.iter().map(|s| s.unit)).collect();
    let mut free = |kind| -> Vec<UnitIndex> {
        let all = spaces.units.iter().enumerate().filter(|(_, u)| u.kind == kind).map(|(i, _)| UnitIndex(i));
        let mut free: Vec<UnitIndex> = all.filter(|u| !known.contains(u)).collect();
        if free.len() > MOST {
            let message = format!(
                "unit.geojson: {} {} units without a relationship; only {MOST} are joined to others",
                free.len(),
                spaces.unit(free[0]).category
            );
            findings.push(Finding::error("VerticalMustJoinLevels", spaces.unit(free[MOST]).id, message));
            free.truncate(MOST);
        }
        free
    };
    let kinds = [UnitKind::Lift, UnitKind::Stairs, UnitKind::Escalator];
    let [lift_units, stairs, escalators] = kinds.map(&mut free);
    shafts.extend(lifts(&lift_units, spaces, overlay));
    shafts.extend(pairs(UnitKind::Stairs, &stairs, spaces));
    let inferred = pairs(UnitKind::Escalator, &escalators, spaces);
    shafts.extend(inferred);
    let both_ways = |s: &&Shaft| s.kind == UnitKind::Escalator && s.direction == TravelDirection::Both;
    let undirected: HashSet<FeatureId> = shafts.iter().filter(both_ways).map(|s| s.id).collect();
    for shaft in &mut shafts {
        if shaft.stops.iter().any(|s| spaces.restricted.contains(&s.unit)) {
            shaft.service = Service::Staff;
        }
    }
    direct_escalators(&mut shafts, undirected, overlay, spaces, findings);
    shafts.extend(moving_walkways::read(features, spaces, overlay, findings));
    shafts.extend(moving_walkways::ramps(spaces, overlay, findings));
    apply_lifts(&mut shafts, overlay, spaces, findings);
    report_lonely(&shafts, spaces, findings);
    shafts
}

fn shaft(kind: UnitKind, mut stops: Vec<Stop>, spaces: &Spaces) -> Shaft {
    stops.sort_by_key(|s| (s.level, s.unit));
    let name = stops.iter().map(|s| &spaces.unit(s.unit).name).find(|n| !n.is_empty()).cloned();
    Shaft {
        id: spaces.unit(stops[0].unit).id,
        kind,
        name: name.unwrap_or_default(),
        stops,
        speed: 0.0,
        direction: TravelDirection::Both,
        service: Service::Public,
        hours: None,
        closure: None,
    }
}

fn stop(unit: UnitIndex, spaces: &Spaces) -> Stop {
    Stop { level: spaces.unit(unit).level, unit, end: None }
}

/// The overlap of two units, as a share of the smaller one.
fn overlap(a: UnitIndex, b: UnitIndex, spaces: &Spaces) -> f64 {
    if !spaces.bounds(a).meets(spaces.bounds(b)) {
        return 0.0;
    }
    let (a, b) = (&spaces.unit(a).shape, &spaces.unit(b).shape);
    a.intersection(b).unsigned_area() / a.unsigned_area().min(b.unsigned_area())
}

/// Units of one kind on neighbouring levels that overlap: lower, upper, share.
fn overlaps(units: &[UnitIndex], spaces: &Spaces) -> Vec<(UnitIndex, UnitIndex, f64)> {
    let mut found = Vec::new();
    for &lower in units {
        for &upper in units {
            let (low, high) = (spaces.unit(lower).level, spaces.unit(upper).level);
            if high.0 == low.0 + 1 && spaces.levels[high.0].ordinal == spaces.levels[low.0].ordinal + 1 {
                let share = overlap(lower, upper, spaces);
                if share > OVERLAP {
                    found.push((lower, upper, share));
                }
            }
        }
    }
    found
}

/// Lifts: all units that overlap, over all levels, are one shaft. `venue.toml` can join further units.
fn lifts(units: &[UnitIndex], spaces: &Spaces, overlay: &Overlay) -> Vec<Shaft> {
    let mut joined: Vec<(UnitIndex, UnitIndex)> =
        overlaps(units, spaces).into_iter().map(|(a, b, _)| (a, b)).collect();
    for entry in &overlay.lifts {
        let listed: Vec<_> = entry
            .units
            .iter()
            .filter_map(|id| spaces.unit_index.get(id))
            .filter(|u| units.contains(u))
            .collect();
        joined.extend(listed.windows(2).map(|w| (*w[0], *w[1])));
    }
    let mut group: BTreeMap<UnitIndex, UnitIndex> = units.iter().map(|u| (*u, *u)).collect();
    for (a, b) in joined {
        let (from, to) = (group[&a].max(group[&b]), group[&a].min(group[&b]));
        group.values_mut().filter(|g| **g == from).for_each(|g| *g = to);
    }
    let mut by_group: BTreeMap<UnitIndex, Vec<Stop>> = BTreeMap::new();
    for (unit, group) in group {
        by_group.entry(group).or_default().push(stop(unit, spaces));
    }
    by_group.into_values().map(|stops| shaft(UnitKind::Lift, stops, spaces)).collect()
}

/// Stairs and escalators: one shaft for each pair. An escalator has only one partner above: the one with
/// the greatest overlap.
fn pairs(kind: UnitKind, units: &[UnitIndex], spaces: &Spaces) -> Vec<Shaft> {
    let mut found = overlaps(units, spaces);
    found.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    let (mut below, mut above) = (HashSet::new(), HashSet::new());
    if kind == UnitKind::Escalator {
        found.retain(|(lower, upper, _)| {
            let free = !below.contains(lower) && !above.contains(upper);
            if free {
                below.insert(*lower);
                above.insert(*upper);
            }
            free
        });
    }
    found.sort_by_key(|(lower, upper, _)| (*lower, *upper));
    let stops = |(a, b, _): (UnitIndex, UnitIndex, f64)| vec![stop(a, spaces), stop(b, spaces)];
    found.into_iter().map(|pair| shaft(kind, stops(pair), spaces)).collect()
}

/// The shafts that the relationships of the map declare.
fn related(features: &Features, spaces: &Spaces, findings: &mut Vec<Finding>) -> Vec<Shaft> {
    let mut shafts: Vec<Shaft> = Vec::new();
    for feature in features.of("relationship") {
        let kind = match feature.category().as_str() {
            "elevator" => UnitKind::Lift,
            "escalator" => UnitKind::Escalator,
            "stairs" => UnitKind::Stairs,
            // A ramp within one level is floor.
            "ramp" if joins_levels(feature, spaces) => UnitKind::Ramp,
            _ => continue,
        };
        let Some((from, to)) = ends(feature, kind, spaces) else {
            let message =
                "relationship.geojson: its ends are no units on two levels; it is left out".to_owned();
            findings.push(Finding::error("RelationshipMustJoinLevels", feature.id, message));
            continue;
        };
        let mut made = shaft(kind, vec![from, to], spaces);
        let one_way = feature.text("direction") == Some("directed");
        made.direction = match (one_way, from.level < to.level) {
            (false, _) => TravelDirection::Both,
            (true, true) => TravelDirection::Forward,
            (true, false) => TravelDirection::Backward,
        };
        made.hours = feature.hours(findings);
        if kind == UnitKind::Ramp {
            ends_of_ramp(feature, &mut made, spaces);
        }
        let same = |s: &&mut Shaft| {
            kind == UnitKind::Lift && s.kind == kind && s.stops.iter().any(|s| made.stops.contains(s))
        };
        match shafts.iter_mut().find(same) {
            Some(lift) => {
                lift.stops.extend(made.stops);
                lift.stops.sort_by_key(|s| (s.level, s.unit));
                lift.stops.dedup();
                lift.id = spaces.unit(lift.stops[0].unit).id;
            }
            None => shafts.push(made),
        }
    }
    shafts
}

fn joins_levels(feature: &Feature, spaces: &Spaces) -> bool {
    let level = |key: &str| Some(spaces.unit(*spaces.unit_index.get(&feature.reference(key)?)?).level);
    level("origin") != level("destination")
}

/// If a relationship names the floors at both ends of a ramp, the stops are at the ends that are nearest to
/// them.
fn ends_of_ramp(feature: &Feature, ramp: &mut Shaft, spaces: &Spaces) {
    let floors = ["origin", "destination"]
        .map(|key| feature.reference(key).and_then(|id| spaces.unit_index.get(&id).copied()));
    for stop in &mut ramp.stops {
        let here = floors.iter().flatten().find(|u| **u != stop.unit && spaces.unit(**u).level == stop.level);
        stop.end = here.and_then(|u| {
            moving_walkways::end_towards(&spaces.unit(stop.unit).shape, &spaces.unit(*u).shape)
        });
    }
}

/// The two stops of a relationship: on the levels of its ends, in the units of the shaft if it names them.
fn ends(feature: &Feature, kind: UnitKind, spaces: &Spaces) -> Option<(Stop, Stop)> {
    let unit = |id: &FeatureId| spaces.unit_index.get(id).copied();
    let origin = unit(&feature.reference("origin")?)?;
    let destination = unit(&feature.reference("destination")?)?;
    let between: Vec<_> = feature.references("intermediary").iter().filter_map(unit).collect();
    let shaft_unit = |end: UnitIndex| {
        let level = spaces.unit(end).level;
        let of_kind = |u: &&UnitIndex| spaces.unit(**u).kind == kind;
        let here = between.iter().filter(of_kind).find(|u| spaces.unit(**u).level == level);
        let unit = if spaces.unit(end).kind == kind {
            end
        } else {
            *here.or_else(|| between.iter().find(of_kind)).unwrap_or(&end)
        };
        Stop { level, unit, end: None }
    };
    let (from, to) = (shaft_unit(origin), shaft_unit(destination));
    (from.level != to.level).then_some((from, to))
}

fn direct_escalators(
    shafts: &mut [Shaft],
    mut undirected: HashSet<FeatureId>,
    overlay: &Overlay,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) {
    for entry in &overlay.escalators {
        let Some(&unit) = spaces.unit_index.get(&entry.unit) else { continue };
        let is_lower = |s: &&mut Shaft| s.kind == UnitKind::Escalator && s.stops[0].unit == unit;
        let found = match shafts.iter_mut().find(is_lower) {
            Some(found) => Some(found),
            None => shafts.iter_mut().find(|s| s.kind == UnitKind::Escalator && s.stops[1].unit == unit),
        };
        match found {
            Some(shaft) => {
                if entry.direction.is_none() && entry.state == State::InService {
                    let line = entry.line;
                    let message =
                        format!("venue.toml line {line}: [[escalator]] gives neither direction nor state");
                    findings.push(Finding::error("OverlayEntryMustBeReadable", entry.unit, message));
                }
                if let Some(direction) = entry.direction {
                    shaft.direction = direction;
                    undirected.remove(&shaft.id);
                }
                // An escalator out of service needs no direction.
                if entry.state == State::OutOfService {
                    shaft.service = Service::Out;
                    undirected.remove(&shaft.id);
                }
            }
            None => {
                let line = entry.line;
                let message = format!(
                    "venue.toml line {line}: [[escalator]] names a unit that is no escalator to another level"
                );
                findings.push(Finding::error("OverlayEscalatorMustJoinLevels", entry.unit, message));
            }
        }
    }
    let undirected: Vec<usize> = (0..shafts.len())
        .filter(|i| shafts[*i].kind == UnitKind::Escalator && undirected.contains(&shafts[*i].id))
        .collect();
    let middle = |s: &Shaft| spaces.unit(s.stops[0].unit).center;
    let levels = |s: &Shaft| -> (LevelIndex, LevelIndex) { (s.stops[0].level, s.stops[1].level) };
    let in_bank: Vec<bool> = undirected
        .iter()
        .map(|i| {
            undirected.iter().any(|j| {
                let (a, b) = (&shafts[*i], &shafts[*j]);
                i != j && levels(a) == levels(b) && middle(a).distance(middle(b)) < BANK_M
            })
        })
        .collect();
    for (i, in_bank) in undirected.into_iter().zip(in_bank) {
        let id = shafts[i].id;
        if in_bank {
            shafts[i].direction = TravelDirection::Both;
            let message =
                "the direction of this escalator is not given; with its neighbour it counts as both ways";
            findings.push(Finding::warning("EscalatorMustHaveDirection", id, message.to_owned()));
        } else {
            shafts[i].service = Service::Out;
            let message = "the direction of this escalator is not given; it is not used. \
                           Add an [[escalator]] to venue.toml";
            findings.push(Finding::error("EscalatorMustHaveDirection", id, message.to_owned()));
        }
    }
}

fn apply_lifts(shafts: &mut [Shaft], overlay: &Overlay, spaces: &Spaces, findings: &mut Vec<Finding>) {
    let mut of_unit: HashMap<UnitIndex, usize> = HashMap::new();
    for (i, shaft) in shafts.iter().enumerate().filter(|(_, s)| s.kind == UnitKind::Lift) {
        of_unit.extend(shaft.stops.iter().map(|s| (s.unit, i)));
    }
    for entry in &overlay.lifts {
        let mut units = entry.units.iter().filter_map(|id| spaces.unit_index.get(id));
        let Some(index) = units.find_map(|u| of_unit.get(u)) else {
            let named = entry.units.first().copied();
            let line = entry.line;
            let message =
                format!("venue.toml line {line}: [[lift]] names no unit that is a lift; it is left out");
            findings.push(Finding::error("OverlayLiftMustBeElevator", named, message));
            continue;
        };
        let shaft = &mut shafts[*index];
        if !entry.name.is_empty() {
            shaft.name = entry.name.clone();
        }
        if entry.access == LiftAccess::Staff {
            shaft.service = Service::Staff;
        } else if entry.state == State::OutOfService {
            shaft.service = Service::Out;
        }
        if let Some(text) = &entry.hours {
            match Hours::parse(text) {
                Ok(hours) => shaft.hours = Some(hours),
                Err(cause) => {
                    let message = format!(
                        "venue.toml line {}: [[lift]] {cause}; it counts as always running",
                        entry.line
                    );
                    findings.push(Finding::error("OverlayHoursMustBeValid", shaft.id, message));
                }
            }
        }
        if let Some(ordinals) = &entry.stops {
            limit_stops(shaft, ordinals, spaces, findings);
        }
    }
}

/// Keeps the stops that `venue.toml` lists, and adds stops for which the map draws no unit.
fn limit_stops(shaft: &mut Shaft, ordinals: &[i32], spaces: &Spaces, findings: &mut Vec<Finding>) {
    let drawn = shaft.stops.clone();
    shaft.stops.retain(|s| ordinals.contains(&spaces.levels[s.level.0].ordinal));
    for ordinal in ordinals {
        let Some(level) = spaces.levels.iter().position(|l| l.ordinal == *ordinal).map(LevelIndex) else {
            let message =
                format!("venue.toml: a [[lift]] stops at ordinal {ordinal}, which the map does not have");
            findings.push(Finding::error("OverlayLiftStopMustExist", shaft.id, message));
            continue;
        };
        if shaft.stops.iter().all(|s| s.level != level) {
            let message = format!(
                "venue.toml: a [[lift]] stops at ordinal {ordinal}, where the map draws no unit of it; \
                 its door is looked for above or below the others"
            );
            findings.push(Finding::warning("OverlayLiftStopMustBeDrawn", shaft.id, message));
            let nearest = drawn.iter().min_by_key(|s| s.level.0.abs_diff(level.0));
            shaft.stops.extend(nearest.map(|s| Stop { level, unit: s.unit, end: None }));
        }
    }
    shaft.stops.sort_by_key(|s| (s.level, s.unit));
}

fn report_lonely(shafts: &[Shaft], spaces: &Spaces, findings: &mut Vec<Finding>) {
    let joined: HashSet<UnitIndex> =
        shafts.iter().filter(|s| s.stops.len() > 1).flat_map(|s| s.stops.iter().map(|s| s.unit)).collect();
    for (i, unit) in spaces.units.iter().enumerate().filter(|(_, u)| u.kind.is_shaft()) {
        if !joined.contains(&UnitIndex(i)) {
            let message = format!("this {} reaches no other level: no unit over or under it", unit.category);
            findings.push(Finding::warning("VerticalMustJoinLevels", unit.id, message));
        }
    }
}
