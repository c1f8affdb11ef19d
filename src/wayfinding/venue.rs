//! A venue: its levels, spaces, doors, shafts, places and kiosks.
//!
//! A [`Venue`] comes from [`crate::load`] and is complete and consistent: every index exists, every name
//! has a text, all hours are parsed. The faults of its files are in [`Loaded::findings`]. A venue never
//! changes; a new map or a new closure makes a new venue.

mod facility;
mod finding;
mod group;
mod hours;
mod id;
mod place;
mod space;
mod validity;

use std::collections::HashMap;

use chrono_tz::Tz;
use domain::language::{Labels, Language};
use geo::{Area, Intersects};

use crate::geometry::{Frame, Point};

pub use facility::Facility;
pub use finding::{Finding, Severity};
pub use group::Group;
pub use hours::{Hours, HoursError, HoursState};
pub use id::FeatureId;
pub use place::{Place, PlaceKind};
pub use space::{
    Closure, Detail, Door, Level, LevelIndex, Obstacle, Opening, Passage, Section, Service, Shaft, Stop,
    TravelDirection, Unit, UnitIndex, UnitKind,
};
pub use validity::{Moment, Validity};

/// A venue and the faults of its files.
#[derive(Debug)]
pub struct Loaded {
    pub venue: Venue,
    /// What was repaired or ignored, errors first.
    pub findings: Vec<Finding>,
}

impl Loaded {
    /// Whether the map may be published: it has no finding that would mislead a visitor.
    pub fn is_publishable(&self) -> bool {
        self.findings.iter().all(|f| f.severity != Severity::Error)
    }
}

/// The position of one of the mall's own kiosks.
#[derive(Clone, Debug)]
pub struct KioskSpot {
    /// The operator's code: "K1".
    pub code: String,
    /// The feature that represents the kiosk, if the map has one.
    pub feature: Option<FeatureId>,
    /// The position in words: "North entrance".
    pub name: Labels,
    pub level: LevelIndex,
    /// Where a visitor stands in front of the kiosk, in metres.
    pub position: Point,
    /// The direction in which a visitor in front of the screen looks, in degrees clockwise from north.
    pub heading_deg: f64,
    /// The height of the screen's lower edge above the floor.
    pub screen_bottom_mm: u32,
}

/// How fast people move on level floor, in metres a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speeds {
    pub walking: f64,
    /// In a wheelchair, or without steps.
    pub step_free: f64,
    /// With a stroller.
    pub stroller: f64,
}

impl Default for Speeds {
    fn default() -> Self {
        Self { walking: 1.2, step_free: 1.0, stroller: 1.0 }
    }
}

/// A named zone of the car park.
#[derive(Clone, Debug)]
pub struct ParkingZone {
    /// The section of the map that is this zone.
    pub section: FeatureId,
    /// The letter on the pillars: "A".
    pub code: String,
    pub name: Labels,
    /// The colour of the pillars, `#rrggbb`.
    pub colour: Option<String>,
    /// The name of that colour.
    pub colour_name: Labels,
    /// The number of parking bays.
    pub bays: Option<u32>,
    pub level: LevelIndex,
    /// The position of its label.
    pub center: Point,
}

/// A mall, as its map describes it.
#[derive(Clone, Debug)]
pub struct Venue {
    pub(crate) name: Labels,
    pub(crate) time_zone: Tz,
    pub(crate) hours: Option<Hours>,
    pub(crate) country: Option<String>,
    pub(crate) default_language: Language,
    pub(crate) credit: Option<String>,
    pub(crate) frame: Frame,
    pub(crate) levels: Vec<Level>,
    pub(crate) units: Vec<Unit>,
    pub(crate) openings: Vec<Opening>,
    pub(crate) obstacles: Vec<Obstacle>,
    pub(crate) sections: Vec<Section>,
    pub(crate) details: Vec<Detail>,
    pub(crate) shafts: Vec<Shaft>,
    pub(crate) places: Vec<Place>,
    pub(crate) kiosks: Vec<KioskSpot>,
    pub(crate) parking: Vec<ParkingZone>,
    pub(crate) speeds: Speeds,
    pub(crate) digest: String,
    pub(crate) place_index: HashMap<FeatureId, usize>,
    pub(crate) unit_index: HashMap<FeatureId, UnitIndex>,
}

impl Venue {
    pub fn name(&self) -> &Labels {
        &self.name
    }

    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// When the building is open.
    pub fn hours(&self) -> Option<&Hours> {
        self.hours.as_ref()
    }

    /// The country that the venue stands in, ISO 3166-1 alpha-2; none if its map has no address.
    pub fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }

    /// The language of a kiosk before the visitor chooses one.
    pub fn default_language(&self) -> Language {
        self.default_language
    }

    /// The credit line that has to be shown with the map: "© OpenStreetMap contributors, ODbL 1.0".
    pub fn credit(&self) -> Option<&str> {
        self.credit.as_deref()
    }

    /// All levels, lowest first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    pub fn level(&self, index: LevelIndex) -> &Level {
        &self.levels[index.0]
    }

    /// The level with this ordinal, if there is one.
    pub fn level_of_ordinal(&self, ordinal: i32) -> Option<LevelIndex> {
        self.levels.iter().position(|l| l.ordinal == ordinal).map(LevelIndex)
    }

    /// All places: shops first, then facilities, each in the order of the map.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places that exist at a moment, in the same order.
    pub fn places_at(&self, now: chrono::DateTime<Tz>) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |p| p.validity.holds_at(now))
    }

    /// The same venue without the places that do not exist at `now`. `None` if all of them exist.
    pub fn without_absent(&self, now: chrono::DateTime<Tz>) -> Option<Self> {
        if self.places_at(now).count() == self.places.len() {
            return None;
        }
        let places: Vec<Place> = self.places_at(now).cloned().collect();
        let place_index = places.iter().enumerate().map(|(index, place)| (place.id, index)).collect();
        Some(Self { places, place_index, ..self.clone() })
    }

    pub fn place(&self, id: &FeatureId) -> Option<&Place> {
        self.place_index.get(id).map(|i| &self.places[*i])
    }

    /// The position of a place in [`Self::places`].
    pub(crate) fn place_position(&self, id: &FeatureId) -> Option<usize> {
        self.place_index.get(id).copied()
    }

    /// The kiosks of this mall.
    pub fn kiosks(&self) -> &[KioskSpot] {
        &self.kiosks
    }

    pub fn kiosk(&self, code: &str) -> Option<&KioskSpot> {
        self.kiosks.iter().find(|k| k.code == code)
    }

    /// All units of all levels.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    pub fn unit(&self, index: UnitIndex) -> &Unit {
        &self.units[index.0]
    }

    /// The index of a unit.
    pub fn unit_of(&self, id: &FeatureId) -> Option<UnitIndex> {
        self.unit_index.get(id).copied()
    }

    /// The unit at a point of a level. Where several overlap, the smallest one.
    pub fn unit_at(&self, level: LevelIndex, point: Point) -> Option<UnitIndex> {
        let here = geo::Point::from(point);
        let size = |u: &UnitIndex| self.unit(*u).shape.unsigned_area();
        (0..self.units.len())
            .map(UnitIndex)
            .filter(|u| self.unit(*u).level == level && self.unit(*u).shape.intersects(&here))
            .min_by(|a, b| size(a).total_cmp(&size(b)))
    }

    /// All doors, gates and open edges between units.
    pub fn openings(&self) -> &[Opening] {
        &self.openings
    }

    /// The obstacles on the floors.
    pub fn obstacles(&self) -> &[Obstacle] {
        &self.obstacles
    }

    /// Lifts, escalators, stairs, ramps and moving walkways.
    pub fn shafts(&self) -> &[Shaft] {
        &self.shafts
    }

    /// The named zones of its levels.
    pub fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Lines that are only drawn.
    pub fn details(&self) -> &[Detail] {
        &self.details
    }

    /// The named zones of the car park.
    pub fn parking_zones(&self) -> &[ParkingZone] {
        &self.parking
    }

    pub fn speeds(&self) -> Speeds {
        self.speeds
    }

    /// The frame that converts between metres and degrees.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The SHA-256 of the map's files, in hexadecimal. It identifies this version of the map.
    pub fn digest(&self) -> String {
        self.digest.clone()
    }
}
