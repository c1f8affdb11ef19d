//! Who walks: how wide they are, what they can pass, how long each thing takes them and how much they
//! mind it.
//!
//! Time is what a visitor is told. Cost decides which way is taken: it adds to the time what people do
//! not like to do, such as changing levels. The two are never mixed up.
//!
//! Turns cost nothing, on purpose. On one level the way is then the shortest line there is, which another
//! engine and brute force can check to the centimetre; a price on turns would break the triangle
//! inequality, and a taut line round corners has few turns that anybody could save. A moving walkway of
//! which nobody says which way it runs is floor: who does not step on it loses little.

use super::types::{Mode, TravelProfile};
use crate::venue::{Door, Opening, Passage, Speeds, UnitKind};

/// The floor that a walker needs. Profiles of the same walker share their network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Walker {
    OnFoot,
    Rolling,
}

impl Walker {
    pub fn of(profile: TravelProfile) -> Self {
        if profile.is_rolling() { Self::Rolling } else { Self::OnFoot }
    }

    /// How far from every wall its centre stays, in metres.
    pub fn radius(self) -> f64 {
        match self {
            Self::OnFoot => 0.30,
            Self::Rolling => 0.45,
        }
    }

    /// The narrowest door it passes, in metres.
    pub fn narrowest_door(self) -> f64 {
        match self {
            Self::OnFoot => 0.70,
            Self::Rolling => 0.80,
        }
    }

    /// Whether it can be in a unit of this kind.
    pub fn enters(self, kind: UnitKind) -> bool {
        match kind {
            UnitKind::Steps | UnitKind::MovingWalkway { direction: None } => self == Self::OnFoot,
            other => other.is_walkable(),
        }
    }

    /// Whether it can pass an opening that is open.
    pub fn passes(self, opening: &Opening) -> bool {
        let wide_enough = opening.width() >= self.narrowest_door();
        let door = self == Self::OnFoot || !matches!(opening.door, Door::Revolving | Door::Turnstile);
        wide_enough && door && opening.passage != Passage::Service
    }

    /// Whether it can use a shaft of this kind.
    pub fn rides(self, kind: UnitKind) -> bool {
        self == Self::OnFoot || matches!(kind, UnitKind::Lift | UnitKind::Ramp)
    }
}

/// Seconds that something takes, and seconds that it feels like.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Toll {
    pub time: f64,
    pub cost: f64,
}

impl Toll {
    pub const fn new(time: f64, cost: f64) -> Self {
        Self { time, cost }
    }

    pub fn plus(self, other: Self) -> Self {
        Self::new(self.time + other.time, self.cost + other.cost)
    }
}

/// What it costs to walk into a room that one only crosses: a shop is no corridor.
const ROOM: f64 = 120.0;
/// What a change of level costs, beside its time.
const LEVEL_CHANGE: f64 = 15.0;

/// The speed of a profile on the flat, in metres a second.
pub(crate) fn speed(profile: TravelProfile, speeds: &Speeds) -> f64 {
    match profile {
        TravelProfile::Walking => speeds.walking,
        TravelProfile::StepFree => speeds.step_free,
        TravelProfile::Stroller => speeds.stroller,
    }
}

/// What it takes to pass a door or an edge between units of these kinds, each with its length in metres.
///
/// What is slow inside a ramp or a flight of steps is charged half at each of its two ends.
pub(crate) fn pass(
    door: Door,
    units: [Option<(UnitKind, f64)>; 2],
    profile: TravelProfile,
    speeds: &Speeds,
) -> Toll {
    let mut toll = match door {
        Door::Free => Toll::default(),
        Door::Pushed => Toll::new(0.0, 5.0),
        Door::Revolving | Door::Turnstile => Toll::new(2.0, 7.0),
    };
    for (kind, length) in units.into_iter().flatten() {
        let flat = length / speed(profile, speeds);
        toll = toll.plus(match kind {
            UnitKind::Room => Toll::new(0.0, ROOM),
            UnitKind::Steps => Toll::new(flat / 2.0, flat * 1.5),
            UnitKind::Ramp if profile == TravelProfile::StepFree => Toll::new(0.0, flat * 1.5),
            UnitKind::Ramp if profile == TravelProfile::Stroller => Toll::new(0.0, flat * 0.25),
            _ => Toll::default(),
        });
    }
    toll
}

/// What a metre of ramp feels like, in metres of the flat: four for somebody who rolls alone, as long as nobody
/// says how steep it is.
fn ramp(profile: TravelProfile) -> f64 {
    match profile {
        TravelProfile::Walking => 1.0,
        TravelProfile::StepFree => 4.0,
        TravelProfile::Stroller => 1.5,
    }
}

/// What it takes to ride or climb over `length` metres of plan; `climb` levels up, or down if negative. A
/// moving walkway runs at `walkway` metres a second under those who walk on it.
pub(crate) fn ride(
    mode: Mode,
    length: f64,
    climb: i32,
    profile: TravelProfile,
    speeds: &Speeds,
    walkway: f64,
) -> Toll {
    let levels = f64::from(climb).abs();
    match mode {
        // Waiting, doors, and six seconds a level. Waiting feels longer than riding.
        Mode::Lift => Toll::new(55.0 + 6.0 * levels, 77.5 + 6.0 * levels + LEVEL_CHANGE),
        Mode::Escalator => {
            let time = length / 0.45 + 3.0;
            Toll::new(time, time + LEVEL_CHANGE * levels)
        }
        Mode::Stairs => {
            let time = length / (speeds.walking * if climb > 0 { 0.35 } else { 0.5 });
            Toll::new(time, time * 2.0 + LEVEL_CHANGE * levels)
        }
        Mode::Ramp => {
            let time = length / speed(profile, speeds);
            Toll::new(time, time * ramp(profile) + LEVEL_CHANGE * levels)
        }
        Mode::MovingWalkway => {
            let time = length / (speed(profile, speeds) + walkway);
            Toll::new(time, time)
        }
        Mode::Walk => Toll::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An escalator beats the lift for two levels and loses for four.
    #[test]
    fn escalators_beat_lifts_for_two_levels_only() {
        let speeds = Speeds::default();
        let escalators =
            |n| f64::from(n) * ride(Mode::Escalator, 12.0, 1, TravelProfile::Walking, &speeds, 0.0).cost;
        let lift = |n| ride(Mode::Lift, 0.0, n, TravelProfile::Walking, &speeds, 0.0).cost;
        assert!(escalators(1) < lift(1) && escalators(2) < lift(2));
        assert!(escalators(4) > lift(4));
    }

    /// Stairs take longer up than down and longer than the flat.
    #[test]
    fn stairs_take_longest_upwards() {
        let speeds = Speeds::default();
        let up = ride(Mode::Stairs, 8.0, 1, TravelProfile::Walking, &speeds, 0.0).time;
        let down = ride(Mode::Stairs, 8.0, -1, TravelProfile::Walking, &speeds, 0.0).time;
        assert!(up > down && down > 8.0 / speeds.walking);
    }

    /// A shop is never a short cut for less than four minutes.
    #[test]
    fn shops_are_no_small_short_cuts() {
        let speeds = Speeds::default();
        let door = pass(Door::Free, [Some((UnitKind::Room, 10.0)), None], TravelProfile::Walking, &speeds);
        assert_eq!(door.time, 0.0);
        assert!(2.0 * door.cost >= 240.0);
    }
}
