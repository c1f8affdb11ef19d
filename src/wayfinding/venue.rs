//! A venue: its levels, spaces, doors, shafts, the places people look for, and its kiosks.
//!
//! A [`Venue`] comes from [`crate::load`] and is complete and consistent: every index exists, every name has a
//! text, every time is in its grammar. What was wrong with the files is in [`Loaded::findings`]. A new
//! map, or a new closure, makes a new venue; nobody changes one.

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

/// A venue and what was wrong with its files.
#[derive(Debug)]
pub struct Loaded {
    /// What could be understood.
    pub venue: Venue,
    /// What was repaired or ignored, errors first.
    pub findings: Vec<Finding>,
}

impl Loaded {
    /// Whether the map is fit for visitors: nothing in it would mislead them.
    pub fn is_publishable(&self) -> bool {
        self.findings.iter().all(|f| f.severity != Severity::Error)
    }
}

/// Where one of the mall's own terminals stands.
#[derive(Clone, Debug)]
pub struct KioskSpot {
    /// The code by which the operator knows it: "K1".
    pub code: String,
    /// The feature of the map that is the terminal itself, if the map has one.
    pub feature: Option<FeatureId>,
    /// Where it is, in words: "North entrance".
    pub name: Labels,
    /// The level it stands on.
    pub level: LevelIndex,
    /// Where its visitor stands, in metres.
    pub position: Point,
    /// The direction in which a visitor looks who faces the screen, in degrees clockwise from north.
    pub heading_deg: f64,
    /// The height of the lower edge of the screen above the floor.
    pub screen_bottom_mm: u32,
}

/// How fast people move on the flat, in metres a second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Speeds {
    pub walking: f64,
    /// In a wheelchair, or unable to take steps.
    pub step_free: f64,
    /// With a stroller.
    pub stroller: f64,
}

impl Default for Speeds {
    fn default() -> Self {
        Self { walking: 1.2, step_free: 1.0, stroller: 1.0 }
    }
}

/// A named part of the car park.
#[derive(Clone, Debug)]
pub struct ParkingZone {
    /// The section of the map it is.
    pub section: FeatureId,
    /// Its letter on the pillars: "A".
    pub code: String,
    pub name: Labels,
    /// The colour of its pillars, `#rrggbb`.
    pub colour: Option<String>,
    /// What that colour is called.
    pub colour_name: Labels,
    /// Bays it has.
    pub bays: Option<u32>,
    /// The level it is on.
    pub level: LevelIndex,
    /// Where its label goes.
    pub center: Point,
}

/// A mall, as a map describes it.
#[derive(Clone, Debug)]
pub struct Venue {
    pub(crate) name: Labels,
    pub(crate) time_zone: Tz,
    pub(crate) hours: Option<Hours>,
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

    /// The time zone of its clocks.
    pub fn time_zone(&self) -> Tz {
        self.time_zone
    }

    /// When the building is open.
    pub fn hours(&self) -> Option<&Hours> {
        self.hours.as_ref()
    }

    /// The language a visitor sees before choosing one.
    pub fn default_language(&self) -> Language {
        self.default_language
    }

    /// Whom to name wherever the map is shown: "© OpenStreetMap contributors, ODbL 1.0".
    pub fn credit(&self) -> Option<&str> {
        self.credit.as_deref()
    }

    /// Its levels, lowest first.
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// One of its levels.
    pub fn level(&self, index: LevelIndex) -> &Level {
        &self.levels[index.0]
    }

    /// The level with this ordinal, if it has one.
    pub fn level_of_ordinal(&self, ordinal: i32) -> Option<LevelIndex> {
        self.levels.iter().position(|l| l.ordinal == ordinal).map(LevelIndex)
    }

    /// Everything a visitor may look for: shops first, then facilities, each in the order of the map.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places that are there at a moment, in the same order.
    pub fn places_at(&self, now: chrono::DateTime<Tz>) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(move |p| p.validity.holds_at(now))
    }

    /// The same venue without the places that are not there at a moment. None, where all of them are.
    pub fn without_absent(&self, now: chrono::DateTime<Tz>) -> Option<Self> {
        if self.places_at(now).count() == self.places.len() {
            return None;
        }
        let places: Vec<Place> = self.places_at(now).cloned().collect();
        let place_index = places.iter().enumerate().map(|(index, place)| (place.id, index)).collect();
        Some(Self { places, place_index, ..self.clone() })
    }

    /// One place by its id.
    pub fn place(&self, id: &FeatureId) -> Option<&Place> {
        self.place_index.get(id).map(|i| &self.places[*i])
    }

    /// The position of a place in [`Self::places`].
    pub(crate) fn place_position(&self, id: &FeatureId) -> Option<usize> {
        self.place_index.get(id).copied()
    }

    /// The terminals of this mall.
    pub fn kiosks(&self) -> &[KioskSpot] {
        &self.kiosks
    }

    /// One terminal by its code.
    pub fn kiosk(&self, code: &str) -> Option<&KioskSpot> {
        self.kiosks.iter().find(|k| k.code == code)
    }

    /// All spaces of all levels.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    pub fn unit(&self, index: UnitIndex) -> &Unit {
        &self.units[index.0]
    }

    /// One space by its id.
    pub fn unit_of(&self, id: &FeatureId) -> Option<UnitIndex> {
        self.unit_index.get(id).copied()
    }

    /// The unit at a point of a level: the smallest one, where several overlap.
    pub fn unit_at(&self, level: LevelIndex, point: Point) -> Option<UnitIndex> {
        let here = geo::Point::from(point);
        let size = |u: &UnitIndex| self.unit(*u).shape.unsigned_area();
        (0..self.units.len())
            .map(UnitIndex)
            .filter(|u| self.unit(*u).level == level && self.unit(*u).shape.intersects(&here))
            .min_by(|a, b| size(a).total_cmp(&size(b)))
    }

    /// All doors, gates and open edges between spaces.
    pub fn openings(&self) -> &[Opening] {
        &self.openings
    }

    /// What stands around on the floors.
    pub fn obstacles(&self) -> &[Obstacle] {
        &self.obstacles
    }

    /// Lifts, escalators and stairs.
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

    /// The named parts of the car park.
    pub fn parking_zones(&self) -> &[ParkingZone] {
        &self.parking
    }

    /// How fast people move here.
    pub fn speeds(&self) -> Speeds {
        self.speeds
    }

    /// The frame in which its metres are measured.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// The SHA-256 of its files, in hexadecimal: it names this version of the map.
    pub fn digest(&self) -> String {
        self.digest.clone()
    }
}
