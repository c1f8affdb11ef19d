//! Shops and facilities: placed in their own room, or in the unit around their point.

use geo::{Area, InteriorPoint};

use super::element::Shape;
use super::occupants::{Use, occupant, uses};
use super::sketch::{PlaceDraft, Sketch, id};
use wayfinding::geometry::Point;

pub(super) fn draw(sketch: &mut Sketch) {
    for index in 0..sketch.elements.len() {
        let element = &sketch.elements[index];
        let (source, uses) = (element.id.clone(), uses(element));
        if uses.is_empty() {
            continue;
        }
        let named = ["name", "brand", "operator"].iter().any(|k| element.get(k).is_some())
            || element.tags.keys().any(|k| k.starts_with("name:"));
        let homes = homes(sketch, index);
        if homes.is_empty()
            && occupant(&sketch.elements[index]).is_some()
            && !sketch.elements[index].levels().is_empty()
        {
            let message = format!("{source}: a shop in no room and on no floor; it is left out");
            sketch.guess("OccupantMustReferenceAnchor", None, message);
        }
        for purpose in uses {
            if matches!(purpose, Use::Occupant(_)) && !named {
                let message =
                    format!("{source}: a shop without a name; its room is drawn, and it is not listed");
                sketch.guess("OccupantMustHaveName", None, message);
                continue;
            }
            let (what, category) = match purpose {
                Use::Occupant(category) => ("occupant", category),
                Use::Amenity(category) => ("amenity", category),
            };
            for (unit, at) in &homes {
                let name = format!("{what}/{category}/{source}@{}", sketch.units[*unit].level);
                let (own, anchor) = (id(&name), id(&format!("anchor/{name}")));
                sketch.places.push(PlaceDraft {
                    id: own,
                    anchor,
                    element: index,
                    purpose,
                    unit: *unit,
                    at: *at,
                });
            }
        }
    }
}

/// The units of an element, one on each of its levels, and its position in each.
fn homes(sketch: &Sketch, index: usize) -> Vec<(usize, Point)> {
    let own = |u: &usize| sketch.units[*u].element == Some(index);
    let drawn: Vec<(usize, Point)> = (0..sketch.units.len())
        .filter(own)
        .filter_map(|u| {
            let point = sketch.units[u].shape.interior_point()?;
            Some((u, Point::new(point.x(), point.y())))
        })
        .collect();
    let element = &sketch.elements[index];
    let Shape::Dot(at) = element.shape else { return drawn };
    let Some(at) = sketch.metres(at).filter(|_| drawn.is_empty()) else { return drawn };
    let levels = element.levels();
    let around = |u: &usize| {
        let unit = &sketch.units[*u];
        (unit.is_room() || unit.is_floor())
            && (levels.is_empty() || levels.contains(&unit.level))
            && unit.holds(at)
    };
    let mut found: Vec<usize> = (0..sketch.units.len()).filter(around).collect();
    let size = |u: &usize| sketch.units[*u].shape.unsigned_area();
    found.sort_by(|a, b| {
        sketch.units[*a].level.cmp(&sketch.units[*b].level).then(size(a).total_cmp(&size(b)))
    });
    found.dedup_by_key(|u| sketch.units[*u].level);
    // Without a tagged level, the position has to be on only one level.
    if levels.is_empty() && found.len() > 1 {
        found.clear();
    }
    found.into_iter().map(|u| (u, at)).collect()
}
