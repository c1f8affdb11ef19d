//! Levels, units, and the obstacles and details on them.
//!
//! They are read first; openings, shafts and places refer to them by index. A map without a level or
//! without a unit is the only fault that stops the import here.

use std::collections::{BTreeMap, HashMap, HashSet};

use geo::{Area, BooleanOps, Contains, InteriorPoint, Intersects, MultiPolygon};

use super::error::LoadError;
use super::feature::{Feature, Features};
use super::shape::{self, Bounds};
use crate::geometry::{Frame, Point};
use crate::venue::{
    Detail, FeatureId, Finding, Level, LevelIndex, Obstacle, Section, Unit, UnitIndex, UnitKind,
};

/// All levels, units, obstacles, sections and details, with the indexes to find them.
pub(super) struct Spaces {
    pub levels: Vec<Level>,
    pub units: Vec<Unit>,
    pub obstacles: Vec<Obstacle>,
    pub sections: Vec<Section>,
    pub details: Vec<Detail>,
    pub unit_index: HashMap<FeatureId, UnitIndex>,
    /// The units that the map reserves for staff, lifts included.
    pub restricted: HashSet<UnitIndex>,
    level_of: HashMap<FeatureId, LevelIndex>,
    bounds: Vec<Bounds>,
    by_level: Vec<Vec<UnitIndex>>,
}

impl Spaces {
    /// The level of an IMDF level.
    pub fn level(&self, id: &FeatureId) -> Option<LevelIndex> {
        self.level_of.get(id).copied()
    }

    pub fn unit(&self, index: UnitIndex) -> &Unit {
        &self.units[index.0]
    }

    pub fn on(&self, level: LevelIndex) -> &[UnitIndex] {
        &self.by_level[level.0]
    }

    /// The unit at a point. Where several overlap, the smallest one.
    pub fn unit_at(&self, level: LevelIndex, point: Point) -> Option<UnitIndex> {
        let here = geo::Point::from(point);
        let size = |u: &UnitIndex| geo::Area::unsigned_area(&self.unit(*u).shape);
        self.on(level)
            .iter()
            .copied()
            .filter(|u| self.bounds[u.0].holds(point) && self.unit(*u).shape.intersects(&here))
            .min_by(|a, b| size(a).total_cmp(&size(b)))
    }

    pub fn bounds(&self, unit: UnitIndex) -> &Bounds {
        &self.bounds[unit.0]
    }
}

/// A smaller area outside the level is tolerated, because lines are not drawn to the millimetre.
const SLACK_M2: f64 = 1.0;

/// Reports units that lie outside their level, completely or in part.
pub(super) fn check_inside_levels(spaces: &Spaces, findings: &mut Vec<Finding>) {
    for unit in &spaces.units {
        let level = &spaces.levels[unit.level.0];
        let (size, out) = (unit.shape.unsigned_area(), unit.shape.difference(&level.outline).unsigned_area());
        if out > 0.98 * size {
            let message = format!("unit.geojson: it lies outside of its level {}", level.ordinal);
            findings.push(Finding::error("UnitMustBeInsideLevel", unit.id, message));
        } else if out > SLACK_M2 && out > 0.05 * size {
            let message = format!(
                "unit.geojson: {out:.1} m² of its {size:.1} m² lie outside of its level {}; all of it is used",
                level.ordinal
            );
            findings.push(Finding::warning("UnitMustBeInsideLevel", unit.id, message));
        }
    }
}

pub(super) fn read(
    features: &Features,
    frame: &Frame,
    findings: &mut Vec<Finding>,
) -> Result<Spaces, LoadError> {
    let (levels, level_of) = read_levels(features, frame, findings)?;
    let occupied = occupied_units(features);
    let mut spaces = Spaces {
        by_level: vec![Vec::new(); levels.len()],
        levels,
        level_of,
        units: Vec::new(),
        obstacles: Vec::new(),
        sections: Vec::new(),
        details: Vec::new(),
        unit_index: HashMap::new(),
        restricted: HashSet::new(),
        bounds: Vec::new(),
    };
    for feature in features.of("unit") {
        let Some(level) = level_of_feature(feature, &spaces, findings) else { continue };
        let Some(shape) = shape::area(feature, frame, findings) else { continue };
        let index = UnitIndex(spaces.units.len());
        let unit = read_unit(feature, level, shape, frame, occupied.contains(&feature.id), findings);
        if feature.text("restriction").is_some() {
            spaces.restricted.insert(index);
        }
        spaces.bounds.push(Bounds::of(&unit.shape));
        spaces.unit_index.insert(unit.id, index);
        spaces.by_level[level.0].push(index);
        spaces.units.push(unit);
    }
    if spaces.units.is_empty() {
        let reason = if features.of("unit").is_empty() {
            "the file is missing, empty or damaged"
        } else {
            "none of its units has an outline and a level"
        };
        return Err(LoadError::Nothing { file: "unit.geojson", what: "unit", reason: reason.to_owned() });
    }
    for (index, level) in spaces.levels.iter().enumerate() {
        if spaces.by_level[index].is_empty() {
            let message = format!("level {} has no unit", level.ordinal);
            findings.push(Finding::warning("LevelMustBeReferencedByUnit", level.id, message));
        }
    }
    read_furniture(features, frame, &mut spaces, findings);
    Ok(spaces)
}

fn read_levels(
    features: &Features,
    frame: &Frame,
    findings: &mut Vec<Finding>,
) -> Result<(Vec<Level>, HashMap<FeatureId, LevelIndex>), LoadError> {
    let mut by_ordinal: BTreeMap<i32, Vec<(&Feature, MultiPolygon<f64>)>> = BTreeMap::new();
    for feature in features.of("level") {
        let ordinal = feature.number("ordinal").filter(|n| n.fract() == 0.0 && n.abs() <= 500.0);
        let Some(ordinal) = ordinal else {
            let message = "level.geojson: its ordinal is no whole number; the level is left out".to_owned();
            findings.push(Finding::error("LevelMustHaveOrdinal", feature.id, message));
            continue;
        };
        let Some(shape) = shape::area(feature, frame, findings) else { continue };
        // A plain cast: a small whole number, as checked above.
        by_ordinal.entry(ordinal as i32).or_default().push((feature, shape));
    }
    if by_ordinal.is_empty() {
        return Err(LoadError::Nothing {
            file: "level.geojson",
            what: "level",
            reason: "the file is missing, empty or damaged, or no level has an ordinal and an outline"
                .to_owned(),
        });
    }
    let mut levels = Vec::new();
    let mut level_of = HashMap::new();
    for (ordinal, mut same) in by_ordinal {
        // Indoor levels come first: the first level gives the storey its name.
        same.sort_by_key(|(f, _)| f.flag("outdoor") == Some(true));
        let index = LevelIndex(levels.len());
        let names = same.iter().map(|(f, _)| f.labels("name")).collect::<Vec<_>>();
        if names.iter().any(|n| *n != names[0]) {
            let message = format!("{} levels share ordinal {ordinal} under different names", same.len());
            findings.push(Finding::warning("LevelNamesMustAgree", same[0].0.id, message));
        }
        let named = |key: &str| same.iter().map(|(f, _)| f.labels(key)).find(|l| !l.is_empty());
        let number = || domain::language::Labels::new([("en", ordinal.to_string())]);
        let name = named("name").or_else(|| named("short_name")).unwrap_or_else(number);
        let short_name = named("short_name").unwrap_or_else(|| name.clone());
        let id = same[0].0.id;
        level_of.extend(same.iter().map(|(f, _)| (f.id, index)));
        let none = MultiPolygon::new(Vec::new());
        let outline = same.iter().fold(none, |all, (_, shape)| all.union(shape));
        levels.push(Level { id, ordinal, name, short_name, outline });
    }
    Ok((levels, level_of))
}

fn read_unit(
    feature: &Feature,
    level: LevelIndex,
    shape: MultiPolygon<f64>,
    frame: &Frame,
    occupied: bool,
    findings: &mut Vec<Finding>,
) -> Unit {
    let category = feature.category();
    let mut kind = match category.as_str() {
        // The seats of a food court are open floor; a restaurant is a room.
        "foodservice" if !occupied => UnitKind::Floor,
        "foodservice" => UnitKind::Room,
        other => UnitKind::of_category(other),
    };
    if feature.text("restriction").is_some() && !kind.is_shaft() {
        kind = UnitKind::Closed;
    }
    let drawn = shape::property_point(feature, "display_point", frame);
    let center = drawn.filter(|p| shape.contains(&geo::Point::from(*p))).or_else(|| {
        if drawn.is_some() {
            let message = "unit.geojson: its display_point is outside it; a point inside is used".to_owned();
            findings.push(Finding::warning("UnitGeometryMustContainDisplayPoint", feature.id, message));
        }
        shape.interior_point().map(|p| Point::new(p.x(), p.y()))
    });
    let center = center.or_else(|| shape.0[0].exterior().0.first().map(|c| Point::from(*c)));
    Unit {
        id: feature.id,
        category,
        kind,
        name: feature.labels("name"),
        level,
        center: center.unwrap_or(Point::new(0.0, 0.0)),
        shape,
        closure: None,
    }
}

/// The units with the anchor of an occupant.
fn occupied_units(features: &Features) -> HashSet<FeatureId> {
    let anchors: HashMap<FeatureId, usize> =
        features.of("anchor").iter().enumerate().map(|(i, a)| (a.id, i)).collect();
    let anchor_of = |o: &Feature| anchors.get(&o.reference("anchor_id")?).copied();
    let unit_of = |o: &Feature| features.of("anchor")[anchor_of(o)?].reference("unit_id");
    features.of("occupant").iter().filter_map(unit_of).collect()
}

fn level_of_feature(feature: &Feature, spaces: &Spaces, findings: &mut Vec<Finding>) -> Option<LevelIndex> {
    let found = feature.reference("level_id").and_then(|id| spaces.level(&id));
    if found.is_none() {
        let message = match feature.text("level_id") {
            Some(id) => format!("{}.geojson: its level {id} is not in the map; it is left out", feature.kind),
            None => format!("{}.geojson: it names no level; it is left out", feature.kind),
        };
        findings.push(Finding::error("FeatureMustReferenceLevel", feature.id, message));
    }
    found
}

fn read_furniture(features: &Features, frame: &Frame, spaces: &mut Spaces, findings: &mut Vec<Finding>) {
    for feature in features.of("fixture").iter().chain(features.of("kiosk")) {
        let Some(level) = level_of_feature(feature, spaces, findings) else { continue };
        let Some(shape) = shape::area(feature, frame, findings) else { continue };
        let category = if feature.kind == "kiosk" { "kiosk".to_owned() } else { feature.category() };
        let name = feature.labels("name");
        spaces.obstacles.push(Obstacle { id: feature.id, category, name, level, shape });
    }
    for feature in features.of("section") {
        let Some(level) = level_of_feature(feature, spaces, findings) else { continue };
        let Some(shape) = shape::area(feature, frame, findings) else { continue };
        let (category, name) = (feature.category(), feature.labels("name"));
        spaces.sections.push(Section { id: feature.id, category, name, level, shape });
    }
    for feature in features.of("detail") {
        // A line that is only drawn needs no error.
        let Some(level) = feature.reference("level_id").and_then(|id| spaces.level(&id)) else { continue };
        let lines = shape::lines(feature, frame);
        spaces.details.extend(lines.into_iter().map(|points| Detail { level, points }));
    }
}
