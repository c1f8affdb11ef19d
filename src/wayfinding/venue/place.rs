//! Places: everything that a visitor can be led to. A place is a shop (IMDF occupant) or a facility
//! (amenity, restroom, exit).
//!
//! [`crate::load`] makes the places from a map and its `venue.toml`. Opening hours are stored here; whether
//! a place is open at a moment is decided by [`Hours`].

use domain::language::{Labels, Language};
use serde::{Deserialize, Serialize};

use super::{Closure, Facility, FeatureId, Group, Hours, LevelIndex, Validity};
use crate::geometry::Point;

/// Whether a place is a business or a facility of the mall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// A shop, restaurant, cinema, office: somebody's business.
    Occupant,
    /// A facility of the mall: a restroom, a lift, a cash machine, an exit.
    Amenity,
}

/// Something that a visitor can be led to.
#[derive(Clone, Debug)]
pub struct Place {
    pub id: FeatureId,
    pub kind: PlaceKind,
    /// Never empty.
    pub name: Labels,
    pub category: String,
    /// The directory group under which it is listed.
    pub group: Group,
    /// The facilities that it counts as in a search for the nearest one.
    pub facilities: Vec<Facility>,
    pub level: LevelIndex,
    /// The number on the signs: "L2-07".
    pub number: Option<String>,
    /// The part of the mall: "East wing".
    pub section: Option<Labels>,
    pub hours: Option<Hours>,
    pub phone: Option<String>,
    pub website: Option<String>,
    /// Search words besides the name.
    pub keywords: Vec<(Language, String)>,
    /// In metres.
    pub position: Point,
    pub unit: FeatureId,
    /// How well people know it, 0 to 1: an anchor store guides better than a side shop.
    pub landmark: f64,
    /// The period in which the place exists.
    pub validity: Validity,
    /// Set while the place is closed outside its normal hours, for example for a refit.
    pub closure: Option<Closure>,
}
