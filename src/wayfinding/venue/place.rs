//! Places: what a visitor looks for. Shops (IMDF occupants) and facilities (amenities, restrooms, exits).

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

/// Somewhere a visitor may want to go.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its id in the map.
    pub id: FeatureId,
    /// Business or facility.
    pub kind: PlaceKind,
    /// What it is called. Never empty.
    pub name: Labels,
    /// Its IMDF category.
    pub category: String,
    /// The group of a directory it belongs to.
    pub group: Group,
    /// What it serves as when the nearest one of a kind is wanted.
    pub facilities: Vec<Facility>,
    /// The level it is on.
    pub level: LevelIndex,
    /// Its number on the signs: "L2-07".
    pub number: Option<String>,
    /// The part of the mall it is in: "East wing".
    pub section: Option<Labels>,
    /// When it is open.
    pub hours: Option<Hours>,
    /// Its telephone number.
    pub phone: Option<String>,
    /// Its address on the web.
    pub website: Option<String>,
    /// Words by which people look for it, beside its name.
    pub keywords: Vec<(Language, String)>,
    /// Where it is, in metres.
    pub position: Point,
    /// The unit it is in.
    pub unit: FeatureId,
    /// How well people know it, 0 to 1: an anchor store guides better than a side shop.
    pub landmark: f64,
    /// From when until when it is there at all.
    pub validity: Validity,
    /// Set while it is closed out of its hours, for example for a refit.
    pub closure: Option<Closure>,
}
