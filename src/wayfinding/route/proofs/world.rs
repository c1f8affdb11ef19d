//! A whole venue by brute force: every corner, landing, door and shaft, without a tree, a bound or pruning.
//!
//! It shares only definitions with the router, not results: the floor of each level, the stands in front of
//! a place or a lift, and the tolls of doors and rides. Visibility, the doors on a line, the opening times
//! and the search are its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use super::force::Ground;
use crate::geometry::{Point, side};
use crate::route::approach::{self, Stand};
use crate::route::visibility::Sight;
use crate::route::walker::{Toll, Walker, pass, ride, speed};
use crate::route::{self, Mode, TravelProfile, area};
use crate::venue::{HoursState, LevelIndex, Passage, Service, TravelDirection, UnitIndex, UnitKind, Venue};

/// What opens later than this after the query counts as closed.
const LATEST_OPENING: usize = 30;
/// The number of minutes that are simulated.
const MINUTES: usize = 150;

/// A corner, a landing, or an end of a route.
#[derive(Clone, Copy, Debug)]
pub struct WorldPoint {
    pub level: LevelIndex,
    pub point: Point,
    /// The opening in which it lies. A route that starts or ends here does not have to pass that opening.
    pub inside: Option<u32>,
    /// For a corner, the boundary points before and after it.
    beside: Option<[Point; 2]>,
}

impl WorldPoint {
    /// Whether a taut line from a point could bend here: at anything that is no corner, and at a corner
    /// that reaches into the floor and lies to one side of the line.
    pub fn bends(&self, from: Point) -> bool {
        let Some([before, after]) = self.beside else { return true };
        let (left, right) = (side(from, self.point, before), side(from, self.point, after));
        side(before, self.point, after) < 0.0 && (left.min(right) >= 0.0 || left.max(right) <= 0.0)
    }
}

/// A step of a route: a walk past some openings, or a ride in a shaft.
#[derive(Clone, Debug)]
pub enum Move {
    /// Metres, and the openings passed with the metres up to each.
    Walk(f64, Vec<(f64, usize)>),
    /// Shaft, length, levels, doors at both ends.
    Ride(usize, f64, i32, [Option<u32>; 2]),
}

/// A venue for one profile from one moment on.
pub struct World<'a> {
    pub venue: &'a Venue,
    pub profile: TravelProfile,
    grounds: Vec<Ground>,
    gates: Vec<Vec<usize>>,
    sights: Vec<Sight>,
    floors: Vec<Vec<usize>>,
    pub spots: Vec<WorldPoint>,
    pub steps: Vec<Vec<(usize, Move)>>,
    /// For each opening and each shaft, whether it is open in each minute from now on; `None` if it always
    /// is.
    doors: Vec<Option<Vec<bool>>>,
    shafts: Vec<Option<Vec<bool>>>,
}

impl<'a> World<'a> {
    pub fn new(venue: &'a Venue, profile: TravelProfile, now: DateTime<Tz>) -> Self {
        let mut world = Self::unjoined(venue, profile, now);
        world.join();
        world
    }

    /// Without the walks between corners: enough to follow a given route.
    pub fn unjoined(venue: &'a Venue, profile: TravelProfile, now: DateTime<Tz>) -> Self {
        let walker = Walker::of(profile);
        let levels = || (0..venue.levels().len()).map(LevelIndex);
        let floors: Vec<_> = levels().map(|l| area::floor(venue, l, walker)).collect();
        let enters = |u: Option<UnitIndex>| u.is_some_and(|u| walker.enters(venue.unit(u).kind));
        let both = |o: &usize| {
            let opening = &venue.openings()[*o];
            opening.twin_of.is_none() && opening.sides.into_iter().all(enters)
        };
        let mut world = Self {
            venue,
            profile,
            grounds: floors.iter().map(|f| Ground::new(&f.area)).collect(),
            gates: floors.iter().map(|f| f.openings.iter().copied().filter(both).collect()).collect(),
            sights: floors.iter().map(|f| Sight::new(&f.area)).collect(),
            floors: floors.into_iter().map(|f| f.openings).collect(),
            spots: Vec::new(),
            steps: Vec::new(),
            doors: (0..venue.openings().len()).map(|o| door(venue, o, now)).collect(),
            shafts: venue.shafts().iter().map(|s| shaft(s, now)).collect(),
        };
        for level in levels() {
            let corner = |[before, point, after]: [Point; 3]| WorldPoint {
                level,
                point,
                inside: None,
                beside: Some([before, after]),
            };
            world.spots.extend(world.grounds[level.0].corners().map(corner));
        }
        let landings = world.landings(walker);
        world.steps = vec![Vec::new(); world.spots.len()];
        world.ride(walker, &landings);
        world
    }

    /// The points where a walker stands at a place or a kiosk.
    pub fn stands(&self, end: &route::Spot) -> Vec<WorldPoint> {
        let walker = Walker::of(self.profile);
        let (level, stands) = match end {
            route::Spot::Place(id) => {
                let place = self.venue.place(id).unwrap();
                (place.level, self.standing(place.level, walker).place(place))
            }
            route::Spot::Kiosk(code) => {
                let kiosk = self.venue.kiosk(code).unwrap();
                let stand = self.standing(kiosk.level, walker).spot(kiosk.position);
                (kiosk.level, stand.into_iter().collect())
            }
            route::Spot::At { .. } => unreachable!("these proofs ask for places and kiosks"),
        };
        stands.into_iter().map(|s| spot(level, s)).collect()
    }

    fn standing(&self, level: LevelIndex, walker: Walker) -> approach::LevelStands<'_> {
        let (sight, openings) = (&self.sights[level.0], &self.floors[level.0]);
        approach::LevelStands::new(self.venue, level, walker, sight, openings)
    }

    fn landings(&mut self, walker: Walker) -> HashMap<(UnitIndex, LevelIndex), Vec<usize>> {
        let mut landings = HashMap::new();
        let stops = self.venue.shafts().iter().filter(|s| walker.rides(s.kind)).flat_map(|s| &s.stops);
        for stop in stops {
            let stands = self.standing(stop.level, walker).landings(stop.unit);
            let first = self.spots.len();
            if let Entry::Vacant(entry) = landings.entry((stop.unit, stop.level)) {
                entry.insert((first..first + stands.len()).collect());
                self.spots.extend(stands.into_iter().map(|s| spot(stop.level, s)));
            }
        }
        landings
    }

    /// Joins all points that see each other.
    fn join(&mut self) {
        for i in 0..self.spots.len() {
            for j in i + 1..self.spots.len() {
                let there = self.walk(&self.spots[i], &self.spots[j]);
                self.steps[i].extend(there.map(|step| (j, step)));
                let back = self.walk(&self.spots[j], &self.spots[i]);
                self.steps[j].extend(back.map(|step| (i, step)));
            }
        }
    }

    /// The straight walk from one spot to another, if there is one.
    pub fn walk(&self, a: &WorldPoint, b: &WorldPoint) -> Option<Move> {
        if a.level != b.level || !self.grounds[a.level.0].is_free(a.point, b.point) {
            return None;
        }
        let length = a.point.distance(b.point);
        let mut passed = Vec::new();
        for &gate in &self.gates[a.level.0] {
            let opening = &self.venue.openings()[gate];
            let here = Some(u32::try_from(gate).unwrap());
            let (from, to) =
                (side(opening.from, opening.to, a.point), side(opening.from, opening.to, b.point));
            let (low, high) = (side(a.point, b.point, opening.from), side(a.point, b.point, opening.to));
            // A point on the line counts as on its right. A bend on the line can therefore not hide a door.
            let crosses = (from > 0.0) != (to > 0.0) && (low > 0.0) != (high > 0.0);
            // An opening for one direction lets walkers pass to the left of its line, or to the right.
            let (onward, back) = (
                opening.direction != TravelDirection::Backward,
                opening.direction != TravelDirection::Forward,
            );
            if crosses && !(if to > 0.0 { onward } else { back }) {
                return None;
            }
            if crosses && a.inside != here && b.inside != here {
                passed.push((length * from / (from - to), gate));
            }
        }
        passed.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(Move::Walk(length, passed))
    }

    fn ride(&mut self, walker: Walker, landings: &HashMap<(UnitIndex, LevelIndex), Vec<usize>>) {
        for (index, shaft) in self.venue.shafts().iter().enumerate() {
            if !walker.rides(shaft.kind) || shaft.service == Service::Staff {
                continue;
            }
            for (i, a) in shaft.stops.iter().enumerate() {
                for (j, b) in shaft.stops.iter().enumerate() {
                    let next = i.abs_diff(j) == 1 || (shaft.kind == UnitKind::Lift && i != j);
                    let flat = shaft.kind.is_ridden_walkway();
                    let with = match shaft.direction {
                        TravelDirection::Both => true,
                        TravelDirection::Forward => i < j,
                        TravelDirection::Backward => i > j,
                    };
                    if !next || !with || (a.level == b.level) != flat {
                        continue;
                    }
                    let levels = self.venue.level(b.level).ordinal - self.venue.level(a.level).ordinal;
                    for from in self.at_end(&landings[&(a.unit, a.level)], a.end) {
                        for to in self.at_end(&landings[&(b.unit, b.level)], b.end) {
                            let (p, q) = (self.spots[from], self.spots[to]);
                            let length = p.point.distance(q.point);
                            let rides = shaft.kind == UnitKind::Lift || shaft.kind.is_ridden_walkway();
                            let length = if rides { length } else { length.max(5.0) };
                            let ride = Move::Ride(index, length, levels, [p.inside, q.inside]);
                            self.steps[from].push((to, ride));
                        }
                    }
                }
            }
        }
    }

    /// The landings at the end that the map names; all landings if it names none.
    fn at_end(&self, landings: &[usize], end: Option<Point>) -> Vec<usize> {
        let Some(end) = end else { return landings.to_vec() };
        let far = |i: &usize| self.spots[*i].point.distance(end);
        landings.iter().copied().min_by(|a, b| far(a).total_cmp(&far(b))).into_iter().collect()
    }

    /// The toll after a step, including the wait for whatever is still closed.
    pub fn spend(&self, spent: Toll, step: &Move) -> Option<Toll> {
        self.spend_noting(spent, step, &mut false)
    }

    /// The same; also reports whether the walker waits.
    pub fn spend_noting(&self, spent: Toll, step: &Move, waited: &mut bool) -> Option<Toll> {
        let mut wait = |open: &Option<Vec<bool>>, spent: Toll| {
            let passed = wait(open, spent)?;
            *waited |= passed.time > spent.time;
            Some(passed)
        };
        let speeds = self.venue.speeds();
        let flat = |metres: f64| {
            let time = metres / speed(self.profile, &speeds);
            Toll::new(time, time)
        };
        match step {
            Move::Walk(length, passed) => {
                let (mut spent, mut done) = (spent, 0.0);
                for (at, gate) in passed {
                    spent = wait(&self.doors[*gate], spent.plus(flat(at - done)))?;
                    done = *at;
                    let opening = &self.venue.openings()[*gate];
                    let units = opening.sides.map(|u| u.map(|u| (self.venue.unit(u).kind, 0.0)));
                    spent = spent.plus(pass(opening.door, units, self.profile, &speeds));
                }
                Some(spent.plus(flat(length - done)))
            }
            Move::Ride(shaft, length, climb, [door_in, door_out]) => {
                let closed = |door: &Option<u32>| door.and_then(|d| self.doors[d as usize].clone());
                let boarding = match (closed(door_in), &self.shafts[*shaft]) {
                    (Some(a), Some(b)) => Some(a.iter().zip(b).map(|(a, b)| *a && *b).collect()),
                    (a, b) => a.or_else(|| b.clone()),
                };
                let spent = wait(&boarding, spent)?;
                let taken = &self.venue.shafts()[*shaft];
                let mode = match taken.kind {
                    UnitKind::Lift => Mode::Lift,
                    UnitKind::Escalator => Mode::Escalator,
                    UnitKind::Ramp => Mode::Ramp,
                    UnitKind::MovingWalkway { direction: Some(_) } => Mode::MovingWalkway,
                    _ => Mode::Stairs,
                };
                wait(
                    &closed(door_out),
                    spent.plus(ride(mode, *length, *climb, self.profile, &speeds, taken.speed)),
                )
            }
        }
    }
}

fn spot(level: LevelIndex, stand: Stand) -> WorldPoint {
    WorldPoint { level, point: stand.point, inside: stand.inside, beside: None }
}

/// The toll at the first moment from `spent` on at which something is open.
fn wait(open: &Option<Vec<bool>>, spent: Toll) -> Option<Toll> {
    let Some(open) = open else { return Some(spent) };
    // A plain cast: minutes of one trip.
    let now = (spent.time / 60.0).floor() as usize;
    assert!(now < MINUTES, "a trip longer than what is looked ahead");
    let at = (now..MINUTES).find(|m| open[*m])?;
    let opened = (0..=at).rev().take_while(|m| open[*m]).last()?;
    if opened > LATEST_OPENING {
        return None;
    }
    // A plain cast: minutes of one trip.
    let wait = (at as f64 * 60.0 - spent.time).max(0.0);
    Some(spent.plus(Toll::new(wait, wait)))
}

/// Whether something is open in each minute; `None` if it always is.
fn minutes(now: DateTime<Tz>, open: impl Fn(DateTime<Tz>) -> bool) -> Option<Vec<bool>> {
    let moments = (0..MINUTES).map(|m| now + Duration::minutes(i64::try_from(m).unwrap()));
    let open: Vec<bool> = moments.map(open).collect();
    open.contains(&false).then_some(open)
}

/// A door that is drawn twice is open only while both drawings are open.
fn door(venue: &Venue, index: usize, now: DateTime<Tz>) -> Option<Vec<bool>> {
    let drawings = venue.openings().iter().enumerate();
    let same = drawings.filter(|(i, o)| *i == index || o.twin_of == Some(index));
    let times = same.filter_map(|(_, o)| drawing(venue, o, now));
    times.reduce(|a, b| a.iter().zip(&b).map(|(a, b)| *a && *b).collect())
}

fn drawing(venue: &Venue, opening: &crate::venue::Opening, now: DateTime<Tz>) -> Option<Vec<bool>> {
    let beside = opening.sides.iter().flatten().filter_map(|u| venue.unit(*u).closure.as_ref());
    let closures: Vec<_> = opening.closure.iter().chain(beside).collect();
    let shut = |hours: &crate::venue::Hours, t| matches!(hours.state_at(t), HoursState::Closed { .. });
    minutes(now, |t| {
        opening.passage != Passage::Emergency
            && !opening.hours.as_ref().is_some_and(|h| shut(h, t))
            && !closures.iter().any(|c| c.holds_at(t))
    })
}

fn shaft(shaft: &crate::venue::Shaft, now: DateTime<Tz>) -> Option<Vec<bool>> {
    minutes(now, |t| {
        shaft.service == Service::Public
            && !shaft.hours.as_ref().is_some_and(|h| matches!(h.state_at(t), HoursState::Closed { .. }))
            && !shaft.closure.as_ref().is_some_and(|c| c.holds_at(t))
    })
}
