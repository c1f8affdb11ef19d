//! Relationships of category traversal: hours and directions of doors, and doors that a map declares but
//! does not draw.
//!
//! A declared door becomes an [`Opening`] with a finding. If its units do not touch, the relationship is
//! left out.

use std::collections::HashMap;

use domain::language::Labels;

use super::borders::contacts;
use super::feature::{Feature, Features};
use super::spaces::Spaces;
use crate::venue::{Door, FeatureId, Finding, Opening, Passage, TravelDirection, UnitIndex};

/// The widths of the gap between two units, tried in order in metres. A declared door is put on the longest
/// stretch where its units touch.
const GAPS: [f64; 3] = [0.05, 0.3, 0.7];
const NARROWEST: f64 = 0.8;

pub(super) fn apply(
    features: &Features,
    spaces: &Spaces,
    openings: &mut Vec<Opening>,
    findings: &mut Vec<Finding>,
) {
    let mut index: HashMap<FeatureId, usize> = openings.iter().enumerate().map(|(i, o)| (o.id, i)).collect();
    for feature in features.of("relationship").iter().filter(|f| f.category().starts_with("traversal")) {
        let named: Vec<usize> =
            feature.references("intermediary").iter().filter_map(|id| index.get(id).copied()).collect();
        let ends = ends(feature, spaces);
        let through = match (&named[..], ends) {
            ([], Some(ends)) => {
                let between =
                    |o: &Opening| o.sides.iter().flatten().all(|u| ends.contains(u)) && !o.is_exterior();
                let found: Vec<usize> = (0..openings.len()).filter(|i| between(&openings[*i])).collect();
                match &found[..] {
                    [] => drawn(feature, ends, spaces, findings)
                        .into_iter()
                        .map(|o| {
                            index.insert(o.id, openings.len());
                            openings.push(o);
                            openings.len() - 1
                        })
                        .collect(),
                    _ => found,
                }
            }
            _ => named,
        };
        if through.is_empty() {
            let message =
                "relationship.geojson: it names no opening, and no units that touch; it is left out";
            findings.push(Finding::warning("RelationshipMustHaveOpening", feature.id, message.to_owned()));
        }
        if feature.text("direction") == Some("directed") {
            one_way(feature, &through, spaces, openings, findings);
        }
        let Some(hours) = feature.hours(findings) else { continue };
        through.into_iter().for_each(|opening| openings[opening].hours = Some(hours.clone()));
    }
}

/// Makes these openings one-way: away from the relationship's origin, towards its destination.
fn one_way(
    feature: &Feature,
    through: &[usize],
    spaces: &Spaces,
    openings: &mut [Opening],
    findings: &mut Vec<Finding>,
) {
    let unit = |key: &str| spaces.unit_index.get(&feature.reference(key)?).copied();
    let (origin, destination) = (unit("origin"), unit("destination"));
    for &index in through {
        let [left, right] = openings[index].sides;
        let is = |side: Option<UnitIndex>, end: Option<UnitIndex>| side.is_some() && side == end;
        let to_left = is(left, destination) || is(right, origin);
        let to_right = is(right, destination) || is(left, origin);
        if to_left == to_right {
            let message = format!(
                "relationship.geojson: it is directed, and opening {} does not lie between its ends; \
                 the opening is used both ways",
                openings[index].id
            );
            findings.push(Finding::error("RelationshipMustBeUsable", feature.id, message));
        } else {
            openings[index].direction =
                if to_left { TravelDirection::Forward } else { TravelDirection::Backward };
        }
    }
}

fn ends(feature: &Feature, spaces: &Spaces) -> Option<[UnitIndex; 2]> {
    let unit = |key: &str| spaces.unit_index.get(&feature.reference(key)?).copied();
    let ends = [unit("origin")?, unit("destination")?];
    (ends[0] != ends[1] && spaces.unit(ends[0]).level == spaces.unit(ends[1]).level).then_some(ends)
}

/// An opening along the longest stretch where two units touch.
fn drawn(
    feature: &Feature,
    ends: [UnitIndex; 2],
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Option<Opening> {
    let [a, b] = ends.map(|u| spaces.unit(u));
    let stretches =
        GAPS.iter().map(|gap| contacts(&a.shape, &b.shape, *gap, NARROWEST)).find(|s| !s.is_empty())?;
    let (from, to) = stretches.into_iter().max_by(|s, t| s.0.distance(s.1).total_cmp(&t.0.distance(t.1)))?;
    let message = format!(
        "relationship.geojson: no opening is drawn between units {} and {}; one of {:.1} m is put where they touch",
        a.id,
        b.id,
        from.distance(to)
    );
    findings.push(Finding::warning("RelationshipMustHaveOpening", feature.id, message));
    Some(Opening {
        id: feature.id,
        category: "pedestrian".to_owned(),
        name: Labels::default(),
        level: a.level,
        from,
        to,
        // The outline of the first unit is counter-clockwise: the unit itself is to the left.
        sides: [Some(ends[0]), Some(ends[1])],
        door: Door::Free,
        passage: Passage::Public,
        direction: TravelDirection::Both,
        twin_of: None,
        hours: None,
        closure: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{VenueBuilder, at};
    use crate::venue::HoursState;

    fn end(id: &str) -> serde_json::Value {
        json!({"id": id, "feature_type": "unit"})
    }

    /// A declared door is put where its units touch.
    #[test]
    fn undrawn_doors_lie_where_units_touch() {
        let mut plan = VenueBuilder::new(&[0]);
        let hall = plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
        let room = plan.unit(0, "room", (5.0, 6.0, 9.0, 12.0));
        plan.relationship(json!({"category": "traversal", "direction": "undirected", "origin": end(&hall),
            "intermediary": null, "destination": end(&room), "hours": "Mo-Su 08:00-20:00"}));
        let loaded = plan.load();
        let opening = &loaded.venue.openings()[0];
        assert!((opening.width() - 4.0).abs() < 0.01 && !opening.is_exterior());
        let night = opening.hours.as_ref().unwrap().state_at(at(23, 0));
        assert!(matches!(night, HoursState::Closed { .. }));
        assert!(loaded.findings.iter().any(|f| f.rule == "RelationshipMustHaveOpening"));
    }

    /// Hours of a relationship without an opening apply to all doors between its units.
    #[test]
    fn traversal_hours_hold_for_all_doors_between() {
        let mut plan = VenueBuilder::new(&[0]);
        let hall = plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
        let room = plan.unit(0, "room", (0.0, 6.0, 20.0, 12.0));
        plan.opening(0, (2.0, 6.0), (4.0, 6.0));
        plan.opening(0, (12.0, 6.0), (14.0, 6.0));
        plan.opening(0, (20.0, 1.0), (20.0, 3.0));
        plan.relationship(json!({"category": "traversal", "direction": "undirected", "origin": end(&room),
            "intermediary": [], "destination": end(&hall), "hours": "Mo-Su 08:00-20:00"}));
        let hours: Vec<bool> = plan.venue().openings().iter().map(|o| o.hours.is_some()).collect();
        assert_eq!(hours, [true, true, false]);
    }
}
