//! Where something was, as a visitor says it.

use domain::place::{MapPoint, PlaceRef};
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::world::World;

/// Where something was, as a visitor says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceChoice {
    /// Near this kiosk.
    Here,
    /// The visitor is not sure, or it is nowhere in particular.
    NotSure,
    /// A place on the map.
    Place(FeatureId),
    /// Somewhere on the map, pointed at with a finger.
    Pointed(Pointed),
}

/// A point of the map that a visitor touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// On which level.
    pub level: LevelIndex,
    pub at: MapPoint,
    /// The place that was touched, or the nearest one.
    pub place: FeatureId,
    /// Whether the point is in that place, and not only near it.
    pub inside: bool,
}

/// What a submission says of a place.
pub fn place_ref(world: &World, place: &PlaceChoice) -> Option<PlaceRef> {
    let s = world.surroundings.as_ref()?;
    let level = |index| s.venue.level(index).short_name.get(s.venue.default_language()).to_owned();
    match place {
        PlaceChoice::NotSure => None,
        PlaceChoice::Here => Some(PlaceRef {
            feature: s.spot.code.clone(),
            name: s.spot.name.clone(),
            level: level(s.spot.level),
            number: None,
            at: None,
        }),
        PlaceChoice::Place(id) => s.venue.place(id).map(|p| PlaceRef {
            feature: p.id.to_string(),
            name: p.name.clone(),
            level: level(p.level),
            number: p.number.clone(),
            at: None,
        }),
        PlaceChoice::Pointed(pointed) => s.venue.place(&pointed.place).map(|p| PlaceRef {
            feature: p.id.to_string(),
            name: p.name.clone(),
            level: level(pointed.level),
            number: p.number.clone().filter(|_| pointed.inside),
            at: Some(pointed.at),
        }),
    }
}
