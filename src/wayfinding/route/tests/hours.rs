//! Opening hours of doors and shafts at the time of arrival: on small malls, and against brute force.

use proptest::prelude::*;

use super::*;
use crate::route::anchor::{Anchor, Seen, at_once, firsts};
use crate::route::conditions::{Conditions, OpenTimes};
use crate::route::graph::{Crossing, Ride, count};
use crate::route::network::Network;
use crate::route::pass::{ridden, walked};
use crate::route::search::{Labels, Search};
use crate::route::walker::Toll;

/// A corridor from west to east with a door at its east end, and a wall in the middle. One route leads
/// through a shop (short, but it costs more), another one round the wall (long, but it costs less).
fn detour() -> (VenueBuilder, String) {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 20.0, 6.0));
    plan.unit(0, "room", (20.0, 0.0, 30.0, 6.0));
    plan.unit(0, "walkway", (30.0, 0.0, 50.0, 6.0));
    plan.opening(0, (20.0, 2.0), (20.0, 4.0));
    plan.opening(0, (30.0, 2.0), (30.0, 4.0));
    // The detour: north along x = 0 to 6, east along y = 40, south along x = 44 to 50.
    plan.unit(0, "walkway", (0.0, 6.0, 6.0, 46.0));
    plan.unit(0, "walkway", (6.0, 40.0, 44.0, 46.0));
    plan.unit(0, "walkway", (44.0, 6.0, 50.0, 46.0));
    plan.opening(0, (0.0, 6.0), (6.0, 6.0));
    plan.opening(0, (6.0, 40.0), (6.0, 46.0));
    plan.opening(0, (44.0, 40.0), (44.0, 46.0));
    plan.opening(0, (44.0, 6.0), (50.0, 6.0));
    plan.unit(0, "walkway", (50.0, 0.0, 60.0, 6.0));
    let door = plan.opening(0, (50.0, 2.0), (50.0, 4.0));
    plan.kiosk("K1", 0, (10.0, 3.0), 0.0);
    (plan, door)
}

fn seconds_later(hour: u32, minute: u32, seconds: i64) -> chrono::DateTime<chrono_tz::Tz> {
    at(hour, minute) + chrono::Duration::seconds(seconds)
}

/// A route that costs more but is earlier passes the door before it is locked.
#[test]
fn dearer_earlier_ways_pass_before_locking() {
    let (mut plan, door) = detour();
    plan.overlay(&format!("[[door]]\nopening = \"{door}\"\nhours = \"Mo-Su 10:00-22:00\""));
    let router = router(plan.venue());
    let (from, to) =
        (Spot::Kiosk("K1".to_owned()), Spot::At { level: LevelIndex(0), point: Point::new(55.0, 3.0) });
    let ask = |moment| router.between(from.clone(), to.clone(), TravelProfile::Walking, moment);
    // By day the detour, some 120 m. The door is 40 m away through the shop: 34 s.
    let by_day = ask(at(12, 0)).unwrap();
    assert!(by_day.length_m > 100.0, "{}", by_day.length_m);
    let late = ask(seconds_later(21, 59, 10)).unwrap();
    assert!(late.length_m < 50.0, "{}", late.length_m);
    assert!(late.time_s < by_day.time_s);
    let too_late = ask(seconds_later(21, 59, 40)).unwrap_err();
    assert_eq!(too_late.reason, Reason::Closed(vec![door.parse().unwrap()]));
    let tree = router.tree_from(from.clone(), TravelProfile::Walking, at(12, 0)).unwrap();
    assert_eq!(tree.valid_until(), Some(at(22, 0)));
}

/// A visitor who arrives a minute early waits, and the route has a warning.
#[test]
fn early_arrivals_wait_and_are_told() {
    let (mut plan, door) = detour();
    plan.overlay(&format!("[[door]]\nopening = \"{door}\"\nhours = \"Mo-Su 10:00-22:00\""));
    let router = router(plan.venue());
    let (from, to) =
        (Spot::Kiosk("K1".to_owned()), Spot::At { level: LevelIndex(0), point: Point::new(55.0, 3.0) });
    let ask = |moment| router.between(from.clone(), to.clone(), TravelProfile::Walking, moment);
    let route = ask(at(9, 55)).unwrap();
    let feature = door.parse().unwrap();
    assert_eq!(route.warnings, [RouteWarning::Wait { feature, until: at(10, 0) }]);
    // Five metres beyond the door, which opens 300 s after the query.
    assert!((route.time_s - 300.0 - 5.0 / 1.2).abs() < 0.1, "{}", route.time_s);
    assert_eq!(ask(seconds_later(9, 59, 0)).unwrap().warnings, [], "it is open when one gets there");
    assert!(matches!(ask(at(9, 0)).unwrap_err().reason, Reason::Closed(_)), "nobody waits for an hour");
}

/// A route with a wait stays straight, although a crooked line would end at a better side of the door.
#[test]
fn waiting_makes_no_way_crooked() {
    let mut plan = VenueBuilder::new(&[0]);
    plan.unit(0, "walkway", (0.0, 0.0, 30.0, 10.0));
    plan.unit(0, "walkway", (30.0, 0.0, 60.0, 10.0));
    let door = plan.opening(0, (30.0, 1.0), (30.0, 9.0));
    plan.overlay(&format!("[[door]]\nopening = \"{door}\"\nhours = \"Mo-Su 10:00-22:00\""));
    let router = router(plan.venue());
    let [from, to] = [(10.0, 2.0), (50.0, 8.0)].map(|(x, y)| Point::new(x, y));
    let [a, b] = [from, to].map(|point| Spot::At { level: LevelIndex(0), point });
    let route = router.between(a, b, TravelProfile::Walking, at(9, 55)).unwrap();
    assert_eq!(route.legs[0].points, [from, to]);
    let after = |y: f64| 300.0 + to.distance(Point::new(30.0, y)) / 1.2;
    assert!((route.time_s - after(5.0)).abs() < 1e-6, "it passes the door in its middle");
    let saved = route.time_s - after(8.0);
    assert!(saved > 0.1 && saved < 8.0 / 1.2, "{saved}");
}

/// The door upstairs is checked for the time at which the lift arrives.
#[test]
fn doors_are_judged_at_arrival_time() {
    let mut small = small();
    let door = small.lift_doors[1].clone();
    small.plan.overlay(&format!("[[door]]\nopening = \"{door}\"\nhours = \"Mo-Su 10:00-22:00\""));
    let router = router(small.plan.venue());
    let ask = |moment| {
        let spots = (Spot::Kiosk("K1".to_owned()), Spot::Place(small.restroom));
        router.between(spots.0, spots.1, TravelProfile::StepFree, moment)
    };
    // Thirty metres to the lift, which arrives upstairs 61 s later: some 91 s in total.
    assert!(ask(seconds_later(21, 58, 20)).is_ok());
    assert!(ask(seconds_later(21, 58, 50)).is_err(), "the lift is boarded in time and left too late");
    let early = ask(seconds_later(9, 59, 0)).unwrap();
    assert_eq!(early.warnings, [], "open when the lift arrives");
}

/// From, to, metres, and the doors on the walk, each with the share of the walk before it.
type Stroll = (usize, usize, f64, Vec<(u32, f64)>);

/// A random network of a few nodes: walks with doors, and rides.
#[derive(Clone, Debug)]
struct Chance {
    nodes: usize,
    walks: Vec<Stroll>,
    /// From, to, shaft, mode, exit door.
    rides: Vec<(usize, usize, u32, Mode, Option<u32>)>,
    tolls: Vec<(f64, f64)>,
    doors: Vec<OpenTimes>,
    shafts: Vec<OpenTimes>,
}

fn open() -> impl Strategy<Value = OpenTimes> {
    let interval = |from: f64| {
        (0u32..4, 1u32..8).prop_map(move |(a, b)| {
            let from = from + f64::from(a) * 20.0;
            (if from < 10.0 { f64::NEG_INFINITY } else { from }, from + f64::from(b) * 15.0)
        })
    };
    prop_oneof![
        2 => Just(OpenTimes::Always),
        1 => Just(OpenTimes::NEVER),
        3 => interval(0.0).prop_map(|i| OpenTimes::During(vec![i])),
        2 => (interval(0.0), interval(200.0)).prop_map(|(a, b)| OpenTimes::During(vec![a, b])),
        2 => interval(0.0).prop_map(|(from, to)| OpenTimes::During(vec![(from, to), (to + 30.0, f64::INFINITY)])),
    ]
}

fn chance() -> impl Strategy<Value = Chance> {
    let nodes = 6usize;
    let walk = (0..nodes, 0..nodes, 5.0..80.0f64, proptest::collection::vec((0u32..5, 0.0..1.0f64), 0..3));
    let mode = prop_oneof![Just(Mode::Lift), Just(Mode::Escalator), Just(Mode::Stairs)];
    let ride = (0..nodes, 0..nodes, 0u32..3, mode, proptest::option::of(0u32..5));
    (
        proptest::collection::vec(walk, 6..14),
        proptest::collection::vec(ride, 0..4),
        proptest::collection::vec((0.0..3.0f64, 0.0..150.0f64), 5),
        proptest::collection::vec(open(), 5),
        proptest::collection::vec(open(), 3),
    )
        .prop_map(move |(mut walks, rides, tolls, doors, shafts)| {
            for (_, _, _, doors) in &mut walks {
                doors.sort_by(|a, b| a.1.total_cmp(&b.1));
            }
            Chance { nodes, walks, rides, tolls, doors, shafts }
        })
}

impl Chance {
    fn network(&self) -> Network {
        let mut walks = vec![Vec::new(); self.nodes];
        for (from, to, length, doors) in &self.walks {
            let crossing = |(opening, share): &(u32, f64)| Crossing {
                opening: *opening,
                at: length * share,
                to_left: true,
                standing: false,
            };
            walks[*from].push((count(*to), *length, doors.iter().map(crossing).collect()));
        }
        let mut rides = vec![Vec::new(); self.nodes];
        for (from, to, shaft, mode, out) in &self.rides {
            rides[*from].push(Ride {
                to: count(*to),
                shaft: *shaft,
                mode: *mode,
                length: 12.0,
                climb: 1,
                doors: [None, *out],
            });
        }
        Network::by_hand(walks, rides)
    }

    fn conditions(&self) -> Conditions {
        let tolls = self.tolls.iter().map(|(time, beside)| Toll::new(*time, time + beside)).collect();
        Conditions::by_hand(tolls, self.doors.clone(), self.shafts.clone())
    }
}

/// The lowest cost of every node, found by trying every path that visits no node twice.
fn by_force(network: &Network, conditions: &Conditions, from: u32) -> Vec<f64> {
    fn go(
        network: &Network,
        conditions: &Conditions,
        at: u32,
        toll: Toll,
        been: &mut Vec<bool>,
        best: &mut Vec<f64>,
    ) {
        best[at as usize] = best[at as usize].min(toll.cost);
        been[at as usize] = true;
        for walk in network.walks.of(at) {
            let next = walked(conditions, toll, walk.length, network.gates(walk), &mut |_| {});
            if let Some(next) = next.filter(|_| !been[walk.to as usize]) {
                go(network, conditions, walk.to, next, been, best);
            }
        }
        for edge in network.rides.of(at) {
            let next = ridden(conditions, toll, edge, &mut |_| {});
            if let Some(next) = next.filter(|_| !been[edge.to as usize]) {
                go(network, conditions, edge.to, next, been, best);
            }
        }
        been[at as usize] = false;
    }
    let mut best = vec![f64::INFINITY; network.nodes.len()];
    let mut been = vec![false; network.nodes.len()];
    go(network, conditions, from, Toll::default(), &mut been, &mut best);
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    /// Whatever opens and closes, no route costs less than the one found.
    #[test]
    fn no_timed_route_beats_the_one_found(chance in chance()) {
        let (network, conditions) = (chance.network(), chance.conditions());
        let start = Anchor {
            level: LevelIndex(0),
            point: Point::new(0.0, 0.0),
            inside: None,
            sees: vec![Seen { node: 0, length: 0.0, crossings: Vec::new() }],
        };
        let starts = [start];
        let labels: Labels = Search::run(&network, &conditions, |search| {
            search.spread(firsts(at_once(&starts)), |_| 0.0, |_, _, _| false)
        });
        let expected = by_force(&network, &conditions, 0);
        for node in 0..count(chance.nodes) {
            let found = labels.of(node).map(|(_, l)| l.toll.cost).fold(f64::INFINITY, f64::min);
            let wanted = expected[node as usize];
            prop_assert!(
                (found.is_infinite() && wanted.is_infinite()) || (found - wanted).abs() < 1e-6,
                "node {}: found {}, by force {}", node, found, wanted
            );
        }
    }
}
