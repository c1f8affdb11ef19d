//! The cost of routing in malls from a fraction of the demo mall to ten times its size: a table and a plot.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::rngs::ChaCha20Rng;
use rand::{RngExt as _, SeedableRng as _};
use wayfinding::instructions::steps;
use wayfinding::route::{Router, Spot, TravelProfile};
use wayfinding::testing::at;
use wayfinding::testing::generated::{Size, grown};
use wayfinding::words::words;

use crate::figures::{kiosk, timed, waited};
use crate::table::{human, quantile};

/// Levels, columns and rows. The demo mall has five levels and some two hundred shops.
const SIZES: [(i32, u32, u32); 8] =
    [(1, 2, 2), (2, 2, 2), (3, 3, 2), (5, 3, 2), (5, 4, 3), (8, 4, 4), (10, 5, 4), (10, 6, 5)];
const PAIRS: usize = 1_000;

struct Point {
    levels: usize,
    shops: usize,
    corners: usize,
    /// Import, new tree, route from the kiosk, route of any pair: p99 where there are many samples.
    costs: [Duration; 4],
}

const LINES: [(&str, &str); 4] = [
    ("import", "#0072b2"),
    ("new tree", "#e69f00"),
    ("from the kiosk, p99", "#009e73"),
    ("any pair, p99", "#d55e00"),
];

/// Generates the malls, measures each and writes the plot to the target folder.
pub fn measure() {
    println!(
        "\n{:>6} {:>6} {:>8} {:>12} {:>12} {:>20} {:>14}",
        "levels", "shops", "corners", LINES[0].0, LINES[1].0, LINES[2].0, LINES[3].0
    );
    let points: Vec<Point> = SIZES.into_iter().map(one).collect();
    let file = target().join("ways.svg");
    std::fs::write(&file, plot(&points)).unwrap();
    println!("plotted in {}", file.display());
}

/// The target folder of cargo.
pub fn target() -> PathBuf {
    // target/release/deps/ways-…
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap().to_owned()
}

fn one((levels, columns, rows): (i32, u32, u32)) -> Point {
    let mall = grown(1, Size { levels, columns, rows });
    let archive = mall.plan.archive();
    let (import, router) = waited(|| {
        let venue = wayfinding::load::parse(&archive).unwrap().venue;
        let router = Router::new(Arc::new(venue));
        router.prepare();
        router
    });
    let venue = router.venue();
    let start = kiosk(&router);
    let mut trees: Vec<_> =
        (0..20).map(|_| timed(|| router.tree(&start, TravelProfile::Walking, at(14, 0))).0).collect();
    trees.sort_unstable();
    let tree = router.tree(&start, TravelProfile::Walking, at(14, 0));
    let language = venue.default_language();
    let time_to = |id| {
        let (time, found) =
            timed(|| tree.route_to(id).map(|route| steps(venue, &route, Some(&start), language, words())));
        found.is_ok().then_some(time)
    };
    let mut from_kiosk: Vec<_> = mall.shops.iter().filter_map(time_to).collect();
    from_kiosk.sort_unstable();
    let mut random = ChaCha20Rng::seed_from_u64(3);
    let mut pair = || {
        let [from, to] = [0, 1].map(|_| Spot::Place(mall.shops[random.random_range(0..mall.shops.len())]));
        let (time, found) = timed(|| router.between(from, to, TravelProfile::Walking, at(14, 0)));
        found.is_ok().then_some(time)
    };
    let mut pairs: Vec<_> = (0..PAIRS).filter_map(|_| pair()).collect();
    pairs.sort_unstable();
    let area = |level| router.floor(wayfinding::venue::LevelIndex(level), TravelProfile::Walking);
    let corners = (0..venue.levels().len()).map(|l| geo::CoordsIter::coords_count(&area(l))).sum();
    let costs = [import, quantile(&trees, 0.5), quantile(&from_kiosk, 0.99), quantile(&pairs, 0.99)];
    let [a, b, c, d] = costs.map(human);
    println!("{levels:>6} {:>6} {corners:>8} {a:>12} {b:>12} {c:>20} {d:>14}", mall.shops.len());
    Point { levels: venue.levels().len(), shops: mall.shops.len(), corners, costs }
}

/// A plot with logarithmic axes: corners from left to right, time upwards.
fn plot(points: &[Point]) -> String {
    let (width, height, margin) = (900.0, 560.0, 70.0);
    let most = points.iter().map(|p| p.corners).max().unwrap_or(1);
    let least = points.iter().map(|p| p.corners).min().unwrap_or(1);
    // A plain cast: drawn.
    let x = |corners: usize| {
        let share = (corners as f64 / least as f64).ln() / (most as f64 / least as f64).ln();
        margin + share * (width - 2.0 * margin)
    };
    // From a microsecond to ten seconds.
    let y = |time: Duration| {
        let share = (time.as_secs_f64().log10() + 6.0) / 7.0;
        height - margin - share * (height - 2.0 * margin)
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" \
         font-size=\"13\">\n<rect width=\"{width}\" height=\"{height}\" fill=\"white\"/>\n"
    );
    for power in -6..=1 {
        let time = Duration::from_secs_f64(10f64.powi(power));
        let (at, label) = (y(time), human(time));
        let _ = writeln!(
            svg,
            "<path d=\"M{margin} {at:.1}H{:.1}\" stroke=\"#ddd\"/><text x=\"4\" y=\"{:.1}\">{label}</text>",
            width - margin,
            at + 4.0
        );
    }
    for point in points {
        let at = x(point.corners);
        let _ = writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\"><tspan>{}</tspan><tspan x=\"{at:.1}\" dy=\"15\" \
             fill=\"#666\">{}×{}</tspan></text>",
            height - margin + 20.0,
            point.corners,
            point.levels,
            point.shops
        );
    }
    for (index, (name, colour)) in LINES.iter().enumerate() {
        let line: Vec<_> =
            points.iter().map(|p| format!("{:.1},{:.1}", x(p.corners), y(p.costs[index]))).collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        let _ = writeln!(
            svg,
            "<text x=\"{:.1}\" y=\"{:.1}\" fill=\"{colour}\">{name}</text>",
            margin + 10.0,
            20.0 + 16.0 * f64::from(u32::try_from(index).unwrap())
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">corners of the floor (levels×shops)</text>\n</svg>",
        width / 2.0,
        height - 12.0
    );
    svg
}
