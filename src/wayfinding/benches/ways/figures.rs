//! The measurements of one mall.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::language::{Labels, Language};
use geo::{BoundingRect, Contains};
use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};
use rustix::time::{ClockId, clock_gettime};
use wayfinding::cache::{Cache, Cached};
use wayfinding::geometry::Point;
use wayfinding::instructions::steps;
use wayfinding::load::load;
use wayfinding::route::{Router, Spot, TravelProfile};
use wayfinding::testing::at;
use wayfinding::venue::{KioskSpot, LevelIndex};
use wayfinding::words::words;

use crate::peer::{Answer, Pair, Peer};
use crate::table::Table;

const MS: Duration = Duration::from_millis(1);
const LANGUAGES: [Language; 5] =
    [Language::ZhHans, Language::En, Language::ZhHant, Language::Ja, Language::Ko];
/// Pairs of places and of points: enough for a 99th percentile with thirty samples above it.
const PAIRS: usize = 3_000;
/// Pairs without a route. They take longer because the router also finds the reason.
const REFUSED: usize = 100;
/// Pairs on each level that are compared with the peer.
const ON_A_LEVEL: usize = 1_000;

/// The processor time of a computation, and its result. Other load on the machine does not count. On an
/// idle machine, this is the elapsed time.
pub fn timed<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let now = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap();
    let before = now();
    let result = std::hint::black_box(what());
    (now() - before, result)
}

/// The elapsed time of a computation, with any number of threads.
pub fn waited<T>(what: impl FnOnce() -> T) -> (Duration, T) {
    let before = Instant::now();
    let result = std::hint::black_box(what());
    (before.elapsed(), result)
}

/// Measures the mall in a folder.
pub fn measure(name: &str, folder: &Path, table: &mut Table) {
    let import = (0..3).map(|_| {
        waited(|| {
            let router = Router::new(Arc::new(load(folder).unwrap().venue));
            router.prepare();
            router
        })
    });
    let (times, routers): (Vec<_>, Vec<_>) = import.unzip();
    table.add(name, "import without a cache, until the first way", times, Some((1.0, 5_000 * MS)));
    let router = &routers[0];
    from_a_cache(name, folder, router, table);
    let start = kiosk(router);
    from_the_kiosk(name, router, &start, table);
    trees(name, router, &start, table);
    any_pair(name, router, &start, table);
    on_one_level(name, router, table);
}

fn from_a_cache(name: &str, folder: &Path, made: &Router, table: &mut Table) {
    let kept = tempfile::tempdir().unwrap();
    let cache = Cache::in_folder(kept.path());
    assert!(matches!(cache.prepare(made), Cached::Written));
    let load = |_| {
        waited(|| {
            let router = Router::new(Arc::new(load(folder).unwrap().venue));
            assert!(matches!(cache.prepare(&router), Cached::Read));
            router
        })
        .0
    };
    table.add(
        name,
        "load with a cache, until the first way",
        (0..5).map(load).collect(),
        Some((1.0, 300 * MS)),
    );
}

/// The first kiosk. If the map has none, a point on the largest floor of its first place's level.
pub fn kiosk(router: &Router) -> KioskSpot {
    let venue = router.venue();
    venue.kiosks().first().cloned().unwrap_or_else(|| {
        let level = venue.places()[0].level;
        let position = Floor::largest(router, level).point(&mut ChaCha20Rng::seed_from_u64(0)).unwrap();
        KioskSpot {
            code: "bench".to_owned(),
            feature: None,
            name: Labels::default(),
            level,
            position,
            heading_deg: 0.0,
            screen_bottom_mm: 900,
        }
    })
}

fn from_the_kiosk(name: &str, router: &Router, kiosk: &KioskSpot, table: &mut Table) {
    let venue = router.venue();
    let mut samples = Vec::new();
    for profile in TravelProfile::ALL {
        let tree = router.tree(kiosk, profile, at(14, 0));
        for place in venue.places().iter().filter(|p| tree.time_s(&p.id).is_some()) {
            for language in LANGUAGES {
                let (time, found) = timed(|| {
                    let route = tree.route_to(&place.id)?;
                    Ok::<_, wayfinding::route::NoRoute>(steps(venue, &route, Some(kiosk), language, words()))
                });
                if found.is_ok() {
                    samples.push(time);
                }
            }
        }
    }
    table.add(name, "from the kiosk, with instructions", samples, Some((0.99, MS)));
}

fn trees(name: &str, router: &Router, kiosk: &KioskSpot, table: &mut Table) {
    for profile in TravelProfile::ALL {
        let grow = |minute: u32| timed(|| router.tree(kiosk, profile, at(14, minute % 60))).0;
        let what = format!("new tree, {}", profile.key());
        table.add(name, &what, (0..200).map(grow).collect(), Some((0.99, 20 * MS)));
    }
}

/// Each query has another minute: no answer is computed in advance.
fn any_pair(name: &str, router: &Router, start: &KioskSpot, table: &mut Table) {
    let venue = router.venue();
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let mut asked = 0;
    let mut ask = |[from, to]: [Spot; 2]| {
        asked += 1;
        let moment = at(13 + asked / 60 % 2, asked % 60);
        let profile = TravelProfile::ALL[asked as usize % 3];
        let (time, found) = timed(|| router.between(from, to, profile, moment));
        (time, found.is_ok())
    };
    // Pairs of places in the step-free tree have a route; of the other pairs, a hundred are enough.
    let tree = router.tree(start, TravelProfile::StepFree, at(14, 0));
    let places = venue.places();
    let (mut samples, mut refused) = (Vec::new(), Vec::new());
    for _ in 0..10 * PAIRS {
        let pair = [0, 1].map(|_| &places[random.random_range(0..places.len())]);
        let joined = pair.iter().all(|p| tree.time_s(&p.id).is_some());
        if if joined { samples.len() == PAIRS } else { refused.len() >= REFUSED } {
            continue;
        }
        let (time, found) = ask(pair.map(|p| Spot::Place(p.id)));
        if found { samples.push(time) } else { refused.push(time) }
    }
    table.add(name, "any pair of places", samples, Some((0.99, 5 * MS)));
    if !refused.is_empty() {
        table.add(name, "any pair of places, no way, with the reason", refused, None);
    }
    let floors: Vec<Floor> = (0..venue.levels().len()).map(|l| Floor::new(router, LevelIndex(l))).collect();
    let reached: Vec<Floor> =
        floors.into_iter().map(|f| f.reached_from(router, start)).filter(|f| !f.area.0.is_empty()).collect();
    let mut samples = Vec::new();
    for _ in 0..PAIRS {
        let pair = [0, 1].map(|_| {
            let floor = &reached[random.random_range(0..reached.len())];
            floor.point(&mut random).map(|point| Spot::At { level: floor.level, point })
        });
        let [Some(from), Some(to)] = pair else { continue };
        let (time, found) = ask([from, to]);
        samples.extend(found.then_some(time));
    }
    table.add(name, "any pair of points", samples, Some((0.99, 5 * MS)));
}

/// The floor of a level for every profile: the floor for wheels, which is also floor for people on foot.
struct Floor {
    level: LevelIndex,
    area: geo::MultiPolygon<f64>,
}

impl Floor {
    fn new(router: &Router, level: LevelIndex) -> Self {
        Self { level, area: router.floor(level, TravelProfile::StepFree) }
    }

    /// The parts of it that a route reaches.
    fn reached_from(mut self, router: &Router, start: &KioskSpot) -> Self {
        let from = Spot::At { level: start.level, point: start.position };
        let level = self.level;
        let is_reached = |part: &geo::Polygon<f64>| {
            let whole = Self { level, area: geo::MultiPolygon::from(part.clone()) };
            let point = whole.point(&mut ChaCha20Rng::seed_from_u64(7));
            let spot = point.map(|point| Spot::At { level, point });
            spot.is_some_and(|to| {
                router.between(from.clone(), to, TravelProfile::StepFree, at(14, 0)).is_ok()
            })
        };
        self.area.0.retain(is_reached);
        self
    }

    /// Its largest part.
    fn largest(router: &Router, level: LevelIndex) -> Self {
        let mut floor = Self::new(router, level);
        let area = |p: &geo::Polygon<f64>| geo::Area::unsigned_area(p);
        floor.area.0.sort_by(|a, b| area(b).total_cmp(&area(a)));
        floor.area.0.truncate(1);
        floor
    }

    fn point(&self, random: &mut ChaCha20Rng) -> Option<Point> {
        let around = self.area.bounding_rect()?;
        (0..10_000).find_map(|_| {
            let x = random.random_range(around.min().x..around.max().x);
            let y = random.random_range(around.min().y..around.max().y);
            self.area.contains(&geo::Point::new(x, y)).then_some(Point::new(x, y))
        })
    }
}

/// The same pairs on the largest part of each level, for the whole router and for the bare search of the
/// peer.
fn on_one_level(name: &str, router: &Router, table: &mut Table) {
    let (mut ours, mut theirs, mut lost) = (Vec::new(), Vec::new(), 0);
    for level in 0..router.venue().levels().len() {
        let floor = Floor::largest(router, LevelIndex(level));
        let Some(peer) = floor.area.0.first().and_then(Peer::new) else { continue };
        let mut random = ChaCha20Rng::seed_from_u64(2);
        let mut pairs: Vec<Pair> = Vec::new();
        for _ in 0..ON_A_LEVEL {
            let ends = [0, 1].map(|_| floor.point(&mut random));
            let [Some(from), Some(to)] = ends else { continue };
            pairs.push([(from.x, from.y), (to.x, to.y)]);
            let spot = |point| Spot::At { level: floor.level, point };
            let (time, found) =
                timed(|| router.between(spot(from), spot(to), TravelProfile::StepFree, at(14, 0)));
            ours.extend(found.is_ok().then_some(time));
        }
        for answer in peer.ask(&pairs) {
            match answer {
                Answer::Way(_, time) => theirs.push(time),
                Answer::None | Answer::Lost => lost += 1,
            }
        }
    }
    let what = format!("peer on one level, bare search ({lost} without an answer)");
    table.add(name, "on one level, route with all legs", ours, None);
    table.add(name, &what, theirs, None);
    if let Some(ratio) = table.ratio(name, "on one level", "peer on one level") {
        println!("{name:<12} the median route takes {ratio:.1} times as long as the peer's bare search");
    }
    if let Some(ratio) = table.ratio(name, "from the kiosk", "peer on one level") {
        println!("{name:<12} the median route from the kiosk takes {ratio:.1} times as long");
    }
}
