//! Walkers: their width, what they can pass, and the time and cost of each element of a route.
//!
//! Time is what a visitor is shown. Cost decides which route is taken: it is the time plus penalties for
//! what people dislike, such as changing levels. The two are never mixed.
//!
//! Turns cost nothing, on purpose. On one level the best route is then the shortest path, which another
//! engine and brute force can check to the centimetre. A price on turns would break the triangle
//! inequality, and a taut line has few turns that could be saved. A moving walkway with unknown direction
//! counts as floor: walking beside it costs little time.

use super::types::{Mode, TravelProfile};
use crate::venue::{Door, Opening, Passage, Speeds, UnitKind};

/// The walker that a network is computed for. Profiles with the same walker share one network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Walker {
    OnFoot,
    Rolling,
}

impl Walker {
    pub fn of(profile: TravelProfile) -> Self {
        if profile.is_rolling() { Self::Rolling } else { Self::OnFoot }
    }

    /// The distance in metres that its centre keeps from every wall.
    pub fn radius(self) -> f64 {
        match self {
            Self::OnFoot => 0.30,
            Self::Rolling => 0.45,
        }
    }

    /// The narrowest door that it can pass, in metres.
    pub fn narrowest_door(self) -> f64 {
        match self {
            Self::OnFoot => 0.70,
            Self::Rolling => 0.80,
        }
    }

    /// Whether it can walk in a unit of this kind.
    pub fn enters(self, kind: UnitKind) -> bool {
        match kind {
            UnitKind::Steps | UnitKind::MovingWalkway { direction: None } => self == Self::OnFoot,
            other => other.is_walkable(),
        }
    }

    /// Whether it can pass an opening, as long as that is open.
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

/// Seconds that something takes, and the cost that people perceive, in seconds too.
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

/// The cost of entering a room only to cross it: a shop is no corridor.
const ROOM: f64 = 120.0;
/// The cost of a change of level, in addition to its time.
const LEVEL_CHANGE: f64 = 15.0;

/// The speed of a profile on level floor, in metres a second.
pub(crate) fn speed(profile: TravelProfile, speeds: &Speeds) -> f64 {
    match profile {
        TravelProfile::Walking => speeds.walking,
        TravelProfile::StepFree => speeds.step_free,
        TravelProfile::Stroller => speeds.stroller,
    }
}

/// The toll of a door or an edge between units of these kinds, each with its length in metres.
///
/// A ramp or a flight of steps is slow inside. Half of that time is charged at each of its two ends.
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

/// The cost of a metre of ramp, in metres of level floor. It is four for a person who rolls alone, because
/// the map gives no gradient.
fn ramp(profile: TravelProfile) -> f64 {
    match profile {
        TravelProfile::Walking => 1.0,
        TravelProfile::StepFree => 4.0,
        TravelProfile::Stroller => 1.5,
    }
}

/// The toll of a ride or climb over `length` metres of plan and `climb` levels (negative is down). A moving
/// walkway moves at `walkway` metres a second while people walk on it.
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
        // Waiting and doors, plus six seconds a level. Waiting feels longer than riding.
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

    /// An escalator is better than a lift for two levels and worse for four.
    #[test]
    fn escalators_beat_lifts_for_two_levels_only() {
        let speeds = Speeds::default();
        let escalators =
            |n| f64::from(n) * ride(Mode::Escalator, 12.0, 1, TravelProfile::Walking, &speeds, 0.0).cost;
        let lift = |n| ride(Mode::Lift, 0.0, n, TravelProfile::Walking, &speeds, 0.0).cost;
        assert!(escalators(1) < lift(1) && escalators(2) < lift(2));
        assert!(escalators(4) > lift(4));
    }

    /// Stairs take longer upwards than downwards, and longer than level floor.
    #[test]
    fn stairs_take_longest_upwards() {
        let speeds = Speeds::default();
        let up = ride(Mode::Stairs, 8.0, 1, TravelProfile::Walking, &speeds, 0.0).time;
        let down = ride(Mode::Stairs, 8.0, -1, TravelProfile::Walking, &speeds, 0.0).time;
        assert!(up > down && down > 8.0 / speeds.walking);
    }

    /// A route crosses a shop only if that saves at least four minutes.
    #[test]
    fn shops_are_no_small_short_cuts() {
        let speeds = Speeds::default();
        let door = pass(Door::Free, [Some((UnitKind::Room, 10.0)), None], TravelProfile::Walking, &speeds);
        assert_eq!(door.time, 0.0);
        assert!(2.0 * door.cost >= 240.0);
    }
}
