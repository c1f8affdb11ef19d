//! The place that a submission is about, as the visitor chose it.

use domain::place::{MapPoint, PlaceRef};
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::world::World;

/// The visitor's answer to a place question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceChoice {
    /// Near this kiosk.
    Here,
    /// The visitor does not know, or there is no particular place.
    NotSure,
    /// A place on the map.
    Place(FeatureId),
    /// A point on the map that the visitor touched.
    Pointed(Pointed),
}

/// A point that a visitor touched on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    pub level: LevelIndex,
    pub at: MapPoint,
    /// The touched place, or else the nearest one.
    pub place: FeatureId,
    /// Whether the point is inside that place, and not only near it.
    pub inside: bool,
}

/// The place as a submission names it; none if it is unknown or there is no map.
pub fn place_ref(world: &World, place: &PlaceChoice) -> Option<PlaceRef> {
    let s = world.map.as_ref()?;
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
