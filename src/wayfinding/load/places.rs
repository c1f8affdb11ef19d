//! Places: occupants at their anchors, amenities, and facilities that a map draws only as a unit or a door.
//!
//! Places are read after spaces, openings and closures, and get their level, section and closure from them.
//! The shop, closure and landmark entries of `venue.toml` come last. Absent here: kiosks, which are not
//! places.

use std::collections::{HashMap, HashSet};
use std::str::FromStr;

use domain::language::{Labels, Language};
use geo::{Area, Contains, Distance, Euclidean};

use super::feature::{Feature, Features};
use super::overlay::Overlay;
use super::shape;
use super::spaces::Spaces;
use crate::geometry::{Frame, Point};
use crate::venue::{
    Facility, FeatureId, Finding, Group, LevelIndex, Opening, Passage, Place, PlaceKind, Unit, UnitIndex,
    UnitKind, Validity,
};
use crate::words::labels_of;

/// A point this near to the outline of its unit counts as inside, in metres.
const ON_EDGE: f64 = 0.05;
/// A point farther than this from the outline of its level does not belong to the level, in metres.
const OFF_LEVEL: f64 = 0.5;

pub(super) fn read(
    features: &Features,
    frame: &Frame,
    spaces: &Spaces,
    openings: &[Opening],
    overlay: &Overlay,
    findings: &mut Vec<Finding>,
) -> Vec<Place> {
    let mut places = occupants(features, frame, spaces, findings);
    let amenities = amenities(features, frame, spaces, findings);
    let drawn: HashSet<(FeatureId, Facility)> =
        amenities.iter().flat_map(|p| p.facilities.iter().map(|f| (p.unit, *f))).collect();
    places.extend(amenities);
    places.extend(facility_units(spaces, &drawn));
    places.extend(exits(openings, spaces));
    let mut seen = HashSet::new();
    places.retain(|p| seen.insert(p.id));
    apply_sections(&mut places, spaces);
    for place in &mut places {
        let unit = spaces.unit_index.get(&place.unit).map(|u| spaces.unit(*u));
        place.closure = unit.and_then(|u| u.closure.clone());
    }
    apply_overlay(&mut places, overlay, findings);
    places
}

fn place(
    feature: &Feature,
    kind: PlaceKind,
    spaces: &Spaces,
    (unit, position): (UnitIndex, Point),
    findings: &mut Vec<Finding>,
) -> Place {
    let home = spaces.unit(unit);
    Place {
        id: feature.id,
        kind,
        name: feature.labels("name"),
        category: feature.category(),
        group: Group::Other,
        facilities: Vec::new(),
        level: home.level,
        number: None,
        section: None,
        hours: None,
        phone: phone(feature, findings),
        website: website(feature, findings),
        keywords: Vec::new(),
        position,
        unit: home.id,
        landmark: 0.0,
        validity: Validity::default(),
        closure: None,
    }
}

fn occupants(features: &Features, frame: &Frame, spaces: &Spaces, findings: &mut Vec<Finding>) -> Vec<Place> {
    let anchors: HashMap<FeatureId, usize> =
        features.of("anchor").iter().enumerate().map(|(i, a)| (a.id, i)).collect();
    let mut places = Vec::new();
    for feature in features.of("occupant") {
        let anchor = feature.reference("anchor_id").and_then(|id| anchors.get(&id));
        let anchor = anchor.map_or(feature, |i| &features.of("anchor")[*i]);
        let Some(seat) = seat(feature, anchor, frame, spaces, findings) else {
            let message = "occupant.geojson: no anchor puts it into a unit; it is left out".to_owned();
            findings.push(Finding::error("OccupantMustReferenceAnchor", feature.id, message));
            continue;
        };
        let mut found = place(feature, PlaceKind::Occupant, spaces, seat, findings);
        found.group = Group::of_occupant(&found.category);
        found.landmark = salience(found.group);
        found.validity = feature.validity("validity", findings);
        found.hours = feature.hours(findings);
        if found.name.is_empty() {
            let message = format!("occupant.geojson: it has no name; it is called {:?}", found.category);
            findings.push(Finding::error("OccupantMustHaveName", feature.id, message));
            found.name = Labels::new([("en", found.category.as_str())]);
        }
        places.push(found);
    }
    places
}

/// The unit and the point of an anchor. A point outside its unit is replaced by a point inside the unit.
fn seat(
    owner: &Feature,
    anchor: &Feature,
    frame: &Frame,
    spaces: &Spaces,
    findings: &mut Vec<Finding>,
) -> Option<(UnitIndex, Point)> {
    let id = anchor.reference("unit_id").or_else(|| anchor.references("unit_ids").first().copied())?;
    let unit = *spaces.unit_index.get(&id)?;
    let home = spaces.unit(unit);
    match shape::point(anchor, frame) {
        Some(point) if Euclidean.distance(&geo::Point::from(point), &home.shape) < ON_EDGE => {
            Some((unit, point))
        }
        Some(point) if Euclidean.distance(&geo::Point::from(point), outline(spaces, home)) > OFF_LEVEL => {
            let message = format!(
                "{}.geojson: its point is outside of its level, {:.0} m from its unit {id}; the unit's own point is used",
                owner.kind,
                point.distance(home.center)
            );
            findings.push(Finding::error("AnchorMustBeInsideLevel", owner.id, message));
            Some((unit, home.center))
        }
        Some(_) => {
            let message =
                format!("{}.geojson: it is outside its unit {id}; the unit's own point is used", anchor.kind);
            findings.push(Finding::warning("AnchorMustBeInsideUnit", anchor.id, message));
            Some((unit, home.center))
        }
        None => Some((unit, home.center)),
    }
}

fn outline<'a>(spaces: &'a Spaces, unit: &Unit) -> &'a geo::MultiPolygon<f64> {
    &spaces.levels[unit.level.0].outline
}

/// A telephone number with enough digits to be dialled.
fn phone(feature: &Feature, findings: &mut Vec<Finding>) -> Option<String> {
    let text = feature.text("phone")?;
    if text.chars().filter(char::is_ascii_digit).count() >= 3 {
        return Some(text.to_owned());
    }
    let message = format!("{}.geojson: {text:?} is no telephone number; it is left out", feature.kind);
    findings.push(Finding::warning("PhoneMustBeValid", feature.id, message));
    None
}

/// A website address. `https` is added if the scheme is missing.
fn website(feature: &Feature, findings: &mut Vec<Finding>) -> Option<String> {
    let text = feature.text("website")?;
    let plain =
        text.split('/').next().is_some_and(|host| host.contains('.') && !host.contains([':', ' ', '@']));
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(text.to_owned());
    }
    let done = if plain { "https:// is put before it" } else { "it is left out" };
    let message = format!("{}.geojson: {text:?} is no web address; {done}", feature.kind);
    findings.push(Finding::warning("WebsiteMustBeValid", feature.id, message));
    plain.then(|| format!("https://{text}"))
}

fn amenities(features: &Features, frame: &Frame, spaces: &Spaces, findings: &mut Vec<Finding>) -> Vec<Place> {
    let mut places = Vec::new();
    for feature in features.of("amenity") {
        let Some(seat) = seat(feature, feature, frame, spaces, findings) else {
            let message = "amenity.geojson: it names no unit of the map; it is left out".to_owned();
            findings.push(Finding::error("AmenityMustReferenceUnit", feature.id, message));
            continue;
        };
        let mut found = place(feature, PlaceKind::Amenity, spaces, seat, findings);
        found.group = Group::Facility;
        found.hours = feature.hours(findings);
        found.facilities = Facility::of(&found.category, &feature.texts("accessibility"));
        if found.name.is_empty() {
            found.name = usual_name(&found);
        }
        places.push(found);
    }
    places
}

fn usual_name(place: &Place) -> Labels {
    match place.facilities.first() {
        Some(facility) => labels_of(&format!("facility.{}", facility.key())),
        None => Labels::new([("en", place.category.as_str())]),
    }
}

/// A facility that is a unit or a door, and for which the map has no amenity.
pub(super) fn implied(
    id: FeatureId,
    category: &str,
    name: Labels,
    spaces: &Spaces,
    unit: UnitIndex,
    at: Point,
) -> Place {
    let facilities = Facility::of(category, &[]);
    let home = spaces.unit(unit);
    let mut place = Place {
        id,
        kind: PlaceKind::Amenity,
        name,
        category: category.to_owned(),
        group: Group::Facility,
        facilities,
        level: home.level,
        number: None,
        section: None,
        hours: None,
        phone: None,
        website: None,
        keywords: Vec::new(),
        position: at,
        unit: home.id,
        landmark: 0.0,
        validity: Validity::default(),
        closure: None,
    };
    if place.name.is_empty() {
        place.name = usual_name(&place);
    }
    place
}

fn facility_units(spaces: &Spaces, drawn: &HashSet<(FeatureId, Facility)>) -> Vec<Place> {
    let mut places = Vec::new();
    for (index, unit) in spaces.units.iter().enumerate() {
        let index = UnitIndex(index);
        let facilities = Facility::of(&unit.category, &[]);
        let public = unit.kind != UnitKind::Closed && !spaces.restricted.contains(&index);
        let covered = facilities.iter().any(|f| drawn.contains(&(unit.id, *f)));
        if public && !covered && !facilities.is_empty() {
            places.push(implied(unit.id, &unit.category, unit.name.clone(), spaces, index, unit.center));
        }
    }
    places
}

/// Main entrances and emergency exits.
fn exits(openings: &[Opening], spaces: &Spaces) -> Vec<Place> {
    let mut places = Vec::new();
    for opening in openings {
        let main = opening.category == "pedestrian.principal" && opening.passage == Passage::Public;
        let flee = opening.passage == Passage::Emergency;
        let Some(inside) = opening.sides.iter().flatten().find(|u| spaces.unit(**u).kind.is_walkable())
        else {
            continue;
        };
        if main || flee {
            let name = opening.name.clone();
            places.push(implied(opening.id, &opening.category, name, spaces, *inside, opening.middle()));
        }
    }
    places
}

/// The landmark value of a group's shops, unless `venue.toml` gives another one.
fn salience(group: Group) -> f64 {
    match group {
        Group::DepartmentStore => 0.8,
        Group::Grocery | Group::Entertainment => 0.6,
        Group::Food | Group::Electronics | Group::Sport => 0.4,
        Group::Services | Group::Health => 0.2,
        _ => 0.3,
    }
}

fn apply_sections(places: &mut [Place], spaces: &Spaces) {
    let mut by_level: HashMap<LevelIndex, Vec<_>> = HashMap::new();
    for section in spaces.sections.iter().filter(|s| !s.name.is_empty()) {
        by_level.entry(section.level).or_default().push((section.shape.unsigned_area(), section));
    }
    for sections in by_level.values_mut() {
        sections.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    for place in places {
        let here = geo::Point::from(place.position);
        let sections = by_level.get(&place.level);
        let smallest = sections.into_iter().flatten().find(|(_, s)| s.shape.contains(&here));
        place.section = smallest.map(|(_, s)| s.name.clone());
    }
}

fn apply_overlay(places: &mut [Place], overlay: &Overlay, findings: &mut Vec<Finding>) {
    let index: HashMap<FeatureId, usize> = places.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
    for entry in &overlay.shops {
        let Some(at) = index.get(&entry.occupant) else {
            let message =
                format!("venue.toml line {}: [[shop]] names no occupant that is on the map", entry.line);
            findings.push(Finding::error("OverlayFeatureMustExist", entry.occupant, message));
            continue;
        };
        places[*at].number = entry.number.clone();
        for (tag, words) in &entry.keywords {
            match Language::from_str(tag) {
                Ok(language) => places[*at].keywords.extend(words.iter().map(|w| (language, w.clone()))),
                Err(cause) => {
                    let message = format!("venue.toml line {}: [[shop]] keywords: {cause}", entry.line);
                    findings.push(Finding::warning("OverlayLanguageMustBeKnown", entry.occupant, message));
                }
            }
        }
    }
    for entry in &overlay.closures {
        if let Some(at) = index.get(&entry.feature) {
            places[*at].closure = Some(super::closures::closure(entry, &mut Vec::new()));
        }
    }
    for entry in &overlay.landmarks {
        let weight = if entry.weight.is_nan() { 0.0 } else { entry.weight.clamp(0.0, 1.0) };
        if weight != entry.weight {
            let message = format!(
                "venue.toml line {}: [[landmark]] weight {} is not between 0 and 1; {weight} is used",
                entry.line, entry.weight
            );
            findings.push(Finding::error("OverlayEntryMustBeReadable", entry.feature, message));
        }
        let mut found = false;
        for place in places.iter_mut().filter(|p| p.id == entry.feature || p.unit == entry.feature) {
            place.landmark = weight;
            found = true;
        }
        if !found {
            let message = format!(
                "venue.toml line {}: [[landmark]] names no place and no unit with a place",
                entry.line
            );
            findings.push(Finding::error("OverlayFeatureMustExist", entry.feature, message));
        }
    }
}
