//! Rooms, columns and walls: the areas with an outline of their own.

use geo::algorithm::buffer::{BufferStyle, LineCap};
use geo::{Area, BooleanOps, Buffer, MultiPolygon};

use super::element::{Element, Shape};
use super::levels::OsmLevel;
use super::occupants;
use super::sketch::Sketch;
use wayfinding::geometry::Point;

/// Smaller rooms are drawing errors.
const SMALLEST_M2: f64 = 0.5;
/// Half the thickness of a wall that is drawn as a line, in metres.
const HALF_WALL: f64 = 0.1;
/// Half the side of the room that is drawn around a shop known only as a point, in metres.
const HALF_STAND: f64 = 3.0;

/// The unit category of a room; `None` if the element is no room.
fn category(element: &Element) -> Option<&'static str> {
    if element.is("indoor", &["column"]) {
        return Some("column");
    }
    let inside = element.is("indoor", &["room", "yes"]) && element.get("highway").is_none();
    let shop = element.get("level").is_some()
        && (element.get("shop").is_some_and(|s| s != "mall") || occupants::is_eating_place(element));
    if !(inside || shop || element.get("room").is_some()) {
        return None;
    }
    let used = element.get("amenity").or_else(|| element.get("room")).unwrap_or_default();
    Some(match used {
        "toilets" | "toilet" => restroom(element),
        "restaurant" | "fast_food" | "cafe" | "bar" | "pub" | "food_court" | "ice_cream" => "foodservice",
        "office" | "administration" => "office",
        "storage" | "storeroom" => "storage",
        "kitchen" => "kitchen",
        "technical" | "service" | "machine" | "server" => "nonpublic",
        "cinema" => "movietheater",
        "auditorium" | "lecture" => "auditorium",
        "class" | "classroom" => "classroom",
        "library" => "library",
        "waiting" | "waiting_room" => "waitingroom",
        "first_aid" => "firstaid",
        _ => "room",
    })
}

fn restroom(element: &Element) -> &'static str {
    let wheelchair = element.is("wheelchair", &["yes", "designated"])
        || element.is("toilets:wheelchair", &["yes", "designated"]);
    let (male, female) = (element.is("male", &["yes"]), element.is("female", &["yes"]));
    match (element.is("unisex", &["yes"]) || (male && female), male, female, wheelchair) {
        (true, _, _, true) => "restroom.unisex.wheelchair",
        (true, _, _, false) => "restroom.unisex",
        (_, true, _, true) => "restroom.male.wheelchair",
        (_, true, _, false) => "restroom.male",
        (_, _, true, true) => "restroom.female.wheelchair",
        (_, _, true, false) => "restroom.female",
        _ => "restroom",
    }
}

/// Whether [`super::verticals`] draws this element.
fn is_shaft(element: &Element) -> bool {
    element.is("highway", &["elevator", "steps"])
        || element.is("stairs", &["yes"])
        || element.is("elevator", &["yes"])
        || element.is("room", &["stairs", "elevator"])
        || element.get("conveying").is_some()
}

/// Draws every room on each of its levels. Smaller rooms are cut out of larger ones.
pub(super) fn draw(sketch: &mut Sketch) {
    let mut rooms = Vec::new();
    for index in 0..sketch.elements.len() {
        let element = &sketch.elements[index];
        let Some(category) = category(element).filter(|_| !is_shaft(element)) else { continue };
        if !matches!(element.shape, Shape::Area(_)) {
            continue;
        }
        let levels = element.levels();
        if levels.is_empty() {
            let message = format!("{}: a room without a level; it is left out", element.id);
            sketch.guess("OsmLevelMustBeKnown", None, message);
            continue;
        }
        if let Some(shape) = sketch.area(index) {
            rooms.push((index, category, levels, shape));
        }
    }
    rooms.sort_by(|a, b| a.3.unsigned_area().total_cmp(&b.3.unsigned_area()));
    for (index, category, levels, shape) in rooms {
        let source = sketch.elements[index].id.clone();
        for level in levels {
            let left = sketch.cut(level, &shape, |_| true);
            if left.unsigned_area() > SMALLEST_M2 {
                sketch.add(&source, level, category, Some(index), left);
            }
        }
    }
    stands(sketch);
    walls(sketch);
}

/// Draws rooms for shops that are known only as a point, if there is no room around the point and no other
/// floor on the level.
fn stands(sketch: &mut Sketch) {
    for index in 0..sketch.elements.len() {
        let element = &sketch.elements[index];
        let Shape::Dot(at) = element.shape else { continue };
        if occupants::occupant(element).is_none() {
            continue;
        }
        let (source, levels) = (element.id.clone(), element.levels());
        let Some(at) = sketch.metres(at) else { continue };
        for level in levels {
            let around = sketch.units.iter().any(|u| u.level == level && u.holds(at));
            if around || on_floor(sketch, level, at) {
                continue;
            }
            let (a, b) = (at.moved(-HALF_STAND, -HALF_STAND), at.moved(HALF_STAND, HALF_STAND));
            let square: MultiPolygon<f64> =
                geo::Rect::new(geo::Coord::from(a), geo::Coord::from(b)).to_polygon().into();
            let left = sketch.cut(level, &square, |_| true);
            let Some(unit) = sketch.add(&source, level, "room", Some(index), left) else { continue };
            let id = sketch.units[unit].id;
            let message =
                format!("{source}: only a point on level {level}; a room of 6 m by 6 m is drawn around it");
            sketch.guess("OsmRoomMustHaveOutline", id, message);
        }
    }
}

/// Whether a tagged floor area of the level contains this point.
fn on_floor(sketch: &Sketch, level: OsmLevel, at: Point) -> bool {
    sketch.elements.iter().any(|e| {
        let Shape::Area(polygons) = &e.shape else { return false };
        super::floors::is_floor(e)
            && e.levels().contains(&level)
            && polygons.iter().filter_map(|p| sketch.line(p.first()?)).any(|ring| {
                let ring: geo::LineString<f64> = ring.into_iter().map(geo::Coord::from).collect();
                let area = geo::Polygon::new(ring, Vec::new());
                geo::Intersects::intersects(&area, &geo::Point::from(at))
            })
    })
}

/// Draws walls that are tagged as lines, with gaps at their doors.
fn walls(sketch: &mut Sketch) {
    let doors: Vec<(Point, f64)> = sketch
        .elements
        .iter()
        .filter(|e| e.get("door").is_some() || e.get("entrance").is_some())
        .filter_map(|e| Some((sketch.metres(e.position()?)?, super::doors::width(e))))
        .collect();
    for index in 0..sketch.elements.len() {
        let element = &sketch.elements[index];
        let Shape::Line(line) = &element.shape else { continue };
        let is_wall = element.is("indoor", &["wall"]) || element.is("barrier", &["wall"]);
        let levels = element.levels();
        let Some(line) = sketch.line(line).filter(|_| is_wall && !levels.is_empty()) else { continue };
        let style = BufferStyle::new(HALF_WALL).line_cap(LineCap::Butt);
        let coords: geo::LineString<f64> = line.into_iter().map(geo::Coord::from).collect();
        let mut shape = coords.buffer_with_style(style);
        for (at, width) in &doors {
            let (a, b) = (at.moved(-width / 2.0, -width / 2.0), at.moved(width / 2.0, width / 2.0));
            shape = shape.difference(&geo::Rect::new(geo::Coord::from(a), geo::Coord::from(b)).to_polygon());
        }
        let source = sketch.elements[index].id.clone();
        sketch.walls.extend(levels.into_iter().map(|level| (level, shape.clone(), source.clone())));
    }
}
