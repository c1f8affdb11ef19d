//! Floors: corridors and squares as they are drawn, footways as strips.
//!
//! Strips matter where no area is drawn: on bridges, outside along a building, between buildings. Inside an
//! area they add nothing, because everything drawn earlier is cut out of what is drawn later.

use std::collections::{BTreeMap, BTreeSet};

use geo::algorithm::buffer::{BufferStyle, LineCap, LineJoin};
use geo::{Area, BooleanOps, Buffer, Intersects, MultiPolygon, unary_union};

use super::element::{Element, Shape};
use super::levels::OsmLevel;
use super::sketch::Sketch;
use wayfinding::geometry::Point;

/// Half the width of a footway without a tagged width, in metres.
const HALF_FOOTWAY: f64 = 1.0;
/// Smaller pieces are remains of cutting.
const SMALLEST_M2: f64 = 0.3;
/// Ends of lines closer to each other than this are one node, in metres.
const NODE_M: f64 = 0.05;

/// A footway on one level.
pub(super) struct Strip {
    pub source: String,
    pub level: OsmLevel,
    pub points: Vec<Point>,
    pub half_width: f64,
}

/// Whether an element is an area that people walk across.
pub(super) fn is_floor(element: &Element) -> bool {
    let way = element.is("highway", &["footway", "pedestrian", "corridor", "path", "platform"])
        || element.is("railway", &["platform"])
        || element.is("public_transport", &["platform"]);
    let tagged = element.is("indoor", &["corridor", "area"]) || way;
    tagged && matches!(element.shape, Shape::Area(_)) && element.get("room").is_none()
}

fn is_strip(element: &Element) -> bool {
    element.is("highway", &["footway", "pedestrian", "corridor", "path"])
        && matches!(element.shape, Shape::Line(_))
        && element.get("conveying").is_none_or(|c| c == "no")
}

/// The footways of every level. An indoor footway without a level gets the level of the footways that it
/// meets.
pub(super) fn draft(sketch: &mut Sketch) -> Vec<Strip> {
    let mut strips = Vec::new();
    let mut unlevelled = Vec::new();
    for element in sketch.elements.iter().filter(|e| is_strip(e)) {
        let Shape::Line(line) = &element.shape else { continue };
        let Some(points) = sketch.line(line) else { continue };
        let half_width = element.metres("width").map_or(HALF_FOOTWAY, |w| w / 2.0);
        let levels = element.levels();
        let inside = element.get("indoor").is_some() || element.is("covered", &["yes"]);
        let strip = |level| Strip { source: element.id.clone(), level, points: points.clone(), half_width };
        match levels[..] {
            [level] => strips.push(strip(level)),
            [] if inside => unlevelled.push(strip(OsmLevel(0))),
            _ => {}
        }
    }
    let mut guesses = Vec::new();
    loop {
        let known = ends(&strips);
        let mut rest = Vec::new();
        let before = unlevelled.len();
        for mut strip in unlevelled {
            let met: BTreeSet<OsmLevel> =
                strip.points.iter().filter_map(|p| known.get(&node(*p))).flatten().copied().collect();
            match met.first() {
                Some(level) if met.len() == 1 => {
                    strip.level = *level;
                    guesses.push(format!(
                        "{}: no level; it has that of the footways it meets, {level}",
                        strip.source
                    ));
                    strips.push(strip);
                }
                _ => rest.push(strip),
            }
        }
        unlevelled = rest;
        if unlevelled.len() == before {
            break;
        }
    }
    for strip in unlevelled {
        guesses.push(format!("{}: an indoor footway without a level; it is left out", strip.source));
    }
    guesses.into_iter().for_each(|message| sketch.guess("OsmLevelMustBeKnown", None, message));
    strips
}

/// The node key of a point.
// A plain cast: points are within kilometres.
pub(super) fn node(p: Point) -> (i64, i64) {
    ((p.x / NODE_M).round() as i64, (p.y / NODE_M).round() as i64)
}

/// The levels of the strips that have a point at each node.
pub(super) fn ends(strips: &[Strip]) -> BTreeMap<(i64, i64), BTreeSet<OsmLevel>> {
    let mut found: BTreeMap<(i64, i64), BTreeSet<OsmLevel>> = BTreeMap::new();
    for strip in strips {
        for point in &strip.points {
            found.entry(node(*point)).or_default().insert(strip.level);
        }
    }
    found
}

/// Draws the floor of every level around rooms and shafts.
pub(super) fn draw(sketch: &mut Sketch, strips: &[Strip]) {
    for index in 0..sketch.elements.len() {
        let element = &sketch.elements[index];
        let parking = element.is("amenity", &["parking"]) && matches!(element.shape, Shape::Area(_));
        if !is_floor(element) && !parking {
            continue;
        }
        let (levels, source) = (element.levels(), element.id.clone());
        let category = match element {
            _ if parking => "parking",
            e if e.is("highway", &["platform"]) || e.is("railway", &["platform"]) => "platform",
            _ => "walkway",
        };
        let Some(shape) = (!levels.is_empty()).then(|| sketch.area(index)).flatten() else { continue };
        for level in levels {
            let left = pieces(sketch.cut(level, &shape, |_| true));
            sketch.add(&source, level, category, Some(index), left);
        }
    }
    let levels: BTreeSet<OsmLevel> = strips.iter().map(|s| s.level).collect();
    for level in levels {
        let here: Vec<&Strip> = strips.iter().filter(|s| s.level == level).collect();
        let drawn: Vec<MultiPolygon<f64>> = here.iter().map(|s| outline(s)).collect();
        let polygons: Vec<_> = drawn.iter().flatten().cloned().collect();
        let left = pieces(sketch.cut(level, &unary_union(&polygons), |_| true));
        for piece in left {
            // A piece behind a wall that was cut off has no footway in it.
            let of: Vec<&str> =
                here.iter().filter(|s| runs_through(s, &piece)).map(|s| s.source.as_str()).collect();
            if let Some(source) = of.iter().min() {
                let source = format!(
                    "{source}/{}",
                    sketch.units.iter().filter(|u| u.source.starts_with(source)).count()
                );
                sketch.add(&source, level, "walkway", None, piece.into());
            }
        }
    }
}

fn outline(strip: &Strip) -> MultiPolygon<f64> {
    let line: geo::LineString<f64> = strip.points.iter().map(|p| geo::Coord::from(*p)).collect();
    let join = LineJoin::Miter(std::f64::consts::FRAC_PI_4);
    line.buffer_with_style(BufferStyle::new(strip.half_width).line_cap(LineCap::Square).line_join(join))
}

fn runs_through(strip: &Strip, piece: &geo::Polygon<f64>) -> bool {
    strip.points.windows(2).any(|w| {
        let line = geo::Line::new(geo::Coord::from(w[0]), geo::Coord::from(w[1]));
        piece.intersects(&line)
    })
}

/// The parts of an area that are large enough to stand on.
fn pieces(area: MultiPolygon<f64>) -> MultiPolygon<f64> {
    let area = area.union(&MultiPolygon::new(Vec::new()));
    MultiPolygon::new(area.0.into_iter().filter(|p| p.unsigned_area() > SMALLEST_M2).collect())
}
