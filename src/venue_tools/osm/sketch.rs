//! The sketch: the building during the conversion, with metres instead of degrees, levels instead of tags,
//! and ids.
//!
//! It starts with the elements of the extract. The modules of this folder add units, gates, shafts and
//! places one after the other; `write` and `overlay` turn the result into files.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use geo::{BooleanOps, Intersects, MultiPolygon, Polygon};
use uuid::Uuid;

use super::conversion::{Options, OsmError, Touching};
use super::element::{Degrees, Element, Rings, Shape};
use super::levels::OsmLevel;
use super::occupants::Use;
use wayfinding::geometry::{Frame, Point};
use wayfinding::load::{Bounds, clean};
use wayfinding::venue::{FeatureId, Finding, TravelDirection, UnitKind};

/// Geometry farther than this from the middle of all indoor elements belongs to another building, in
/// metres.
const FARTHEST_M: f64 = 2_000.0;
/// The greatest number of units; no building has more.
const MOST_UNITS: usize = 20_000;

/// A unit during the conversion.
pub(super) struct UnitDraft {
    pub id: FeatureId,
    /// The id of its source in OpenStreetMap.
    pub source: String,
    /// The index of its source element, if it has one.
    pub element: Option<usize>,
    pub level: OsmLevel,
    pub category: &'static str,
    pub name: BTreeMap<String, String>,
    pub restricted: bool,
    pub shape: MultiPolygon<f64>,
    pub bounds: Bounds,
}

impl UnitDraft {
    /// Whether people walk across it.
    pub fn is_floor(&self) -> bool {
        UnitKind::of_category(self.category).is_thoroughfare() && !self.restricted
    }

    /// Whether people enter it but do not cross it.
    pub fn is_room(&self) -> bool {
        UnitKind::of_category(self.category) == UnitKind::Room
    }

    pub fn holds(&self, point: Point) -> bool {
        self.bounds.holds(point) && self.shape.intersects(&geo::Point::from(point))
    }
}

/// A door or an open edge during the conversion.
pub(super) struct Gate {
    pub id: FeatureId,
    pub level: OsmLevel,
    pub category: &'static str,
    /// The door type of IMDF, and whether the door is automatic.
    pub door: Option<(&'static str, bool)>,
    pub wheelchair: bool,
    pub from: Point,
    pub to: Point,
    pub hours: Option<String>,
}

/// A lift, escalator or staircase during the conversion, with its units from the lowest level up.
pub(super) struct Riser {
    pub source: String,
    pub category: &'static str,
    pub units: Vec<FeatureId>,
    /// The direction of an escalator, if it is tagged.
    pub direction: Option<TravelDirection>,
}

/// A moving walkway during the conversion.
pub(super) struct MovingWalkway {
    pub source: String,
    pub unit: FeatureId,
    /// The direction in which it carries people, in degrees clockwise from north.
    pub heading: f64,
}

/// A shop or facility during the conversion.
pub(super) struct PlaceDraft {
    pub id: FeatureId,
    pub anchor: FeatureId,
    pub element: usize,
    pub purpose: Use,
    pub unit: usize,
    pub at: Point,
}

/// All data of the building during the conversion.
pub(super) struct Sketch {
    pub elements: Vec<Element>,
    pub frame: Frame,
    pub language: String,
    pub time_zone: Option<Tz>,
    pub touching: Touching,
    pub units: Vec<UnitDraft>,
    pub gates: Vec<Gate>,
    pub risers: Vec<Riser>,
    pub moving_walkways: Vec<MovingWalkway>,
    pub places: Vec<PlaceDraft>,
    /// Walls: level, outline and the id of the source.
    pub walls: Vec<(OsmLevel, MultiPolygon<f64>, String)>,
    pub findings: Vec<Finding>,
}

impl Sketch {
    pub fn new(elements: Vec<Element>, options: &Options) -> Result<Self, OsmError> {
        let indoors = |e: &&Element| e.get("indoor").is_some() && e.get("level").is_some();
        let mut positions: Vec<Degrees> =
            elements.iter().filter(indoors).filter_map(Element::position).collect();
        let middle = |list: &mut Vec<Degrees>, part: fn(&Degrees) -> f64| {
            list.sort_by(|a, b| part(a).total_cmp(&part(b)));
            list.get(list.len() / 2).map(part)
        };
        let longitude = middle(&mut positions, |p| p.0).ok_or(OsmError::NothingIndoors)?;
        let latitude = middle(&mut positions, |p| p.1).ok_or(OsmError::NothingIndoors)?;
        let mut findings = Vec::new();
        let language = options.language.clone().unwrap_or_else(|| {
            let message = "the language of the names is not given; they are taken to be English. \
                           Name it with --language"
                .to_owned();
            findings.push(Finding::warning("OsmLanguageMustBeKnown", None, message));
            "en".to_owned()
        });
        if options.time_zone.is_none() {
            let message = "the time zone is not given; opening hours are read in UTC. \
                           Name it with --time-zone"
                .to_owned();
            findings.push(Finding::warning("OsmTimeZoneMustBeKnown", None, message));
        }
        Ok(Self {
            elements,
            frame: Frame::at(longitude, latitude),
            language,
            time_zone: options.time_zone,
            touching: options.touching,
            units: Vec::new(),
            gates: Vec::new(),
            risers: Vec::new(),
            moving_walkways: Vec::new(),
            places: Vec::new(),
            walls: Vec::new(),
            findings,
        })
    }

    pub fn guess(&mut self, rule: &'static str, feature: impl Into<Option<FeatureId>>, message: String) {
        self.findings.push(Finding::warning(rule, feature, message));
    }

    /// A position in metres; `None` if it is far from the building.
    pub fn metres(&self, (longitude, latitude): Degrees) -> Option<Point> {
        let point = self.frame.to_metres(longitude, latitude);
        (point.x.hypot(point.y) < FARTHEST_M).then_some(point)
    }

    /// A line in metres, without repeated points.
    pub fn line(&self, line: &[Degrees]) -> Option<Vec<Point>> {
        let mut points: Vec<Point> = line.iter().map(|d| self.metres(*d)).collect::<Option<_>>()?;
        points.dedup();
        (points.len() >= 2).then_some(points)
    }

    /// The area of an element, if it is valid.
    pub fn area(&mut self, index: usize) -> Option<MultiPolygon<f64>> {
        let Shape::Area(polygons) = &self.elements[index].shape else { return None };
        let polygon = |rings: &Rings| {
            let ring = |r: &Vec<Degrees>| -> Option<geo::LineString<f64>> {
                Some(self.line(r)?.into_iter().map(geo::Coord::from).collect())
            };
            let holes = rings.iter().skip(1).filter_map(ring).collect();
            Some(Polygon::new(ring(rings.first()?)?, holes))
        };
        let drawn = MultiPolygon::new(polygons.iter().filter_map(polygon).collect());
        match clean(drawn) {
            Ok(clean) => Some(clean),
            Err(reason) => {
                let message = format!("{}: {reason}; it is left out", self.elements[index].id);
                self.guess("GeometryMustBeSimple", None, message);
                None
            }
        }
    }

    /// Adds a unit. Its id is derived from its source and level.
    pub fn add(
        &mut self,
        source: &str,
        level: OsmLevel,
        category: &'static str,
        element: Option<usize>,
        shape: MultiPolygon<f64>,
    ) -> Option<usize> {
        if self.units.len() >= MOST_UNITS || shape.0.is_empty() {
            return None;
        }
        let id = id(&format!("unit/{source}@{level}"));
        if self.units.iter().any(|u| u.id == id) {
            return None;
        }
        let (name, restricted) = match element.map(|e| &self.elements[e]) {
            Some(e) => (super::tags::names(e, "name", &self.language), is_private(e)),
            None => (BTreeMap::new(), false),
        };
        let bounds = Bounds::of(&shape);
        let source = source.to_owned();
        self.units.push(UnitDraft { id, source, element, level, category, name, restricted, shape, bounds });
        Some(self.units.len() - 1)
    }

    /// Cuts the units of a level that `displaces` accepts out of an area.
    pub fn cut(
        &self,
        level: OsmLevel,
        shape: &MultiPolygon<f64>,
        displaces: impl Fn(&UnitDraft) -> bool,
    ) -> MultiPolygon<f64> {
        let bounds = Bounds::of(shape);
        let mut left = shape.clone();
        for unit in self.units.iter().filter(|u| u.level == level && displaces(u)) {
            if bounds.meets(&unit.bounds) {
                left = left.difference(&unit.shape);
            }
        }
        left
    }

    /// All levels that have a unit, lowest first.
    pub fn levels(&self) -> Vec<OsmLevel> {
        let mut levels: Vec<OsmLevel> = self.units.iter().map(|u| u.level).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }
}

fn is_private(element: &Element) -> bool {
    element.is("access", &["no", "private", "employees"]) || element.is("indoor:access", &["no", "private"])
}

/// A deterministic id for a name.
pub(super) fn id(name: &str) -> FeatureId {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("https://www.openstreetmap.org/{name}").as_bytes()).into()
}
