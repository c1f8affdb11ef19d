//! The map on which a visitor points at a place that has no name: a stain in a corridor, a lamp that is out,
//! a bench.
//!
//! The place question opens it, and it returns there. A touch chooses a point at once and shows it as a pin.
//! The primary button accepts it and goes to the next question. A touch outside the building has no effect.

use domain::place::MapPoint;
use wayfinding::geometry::Point;
use wayfinding::venue::{Facility, FeatureId, LevelIndex, UnitKind, Venue};

use super::step::{answers, progress};
use super::view::{FormStep, FormView};
use super::{place, steps};
use crate::effect::Effect;
use crate::pages::places;
use crate::pages::properties::PrimaryAction;
use crate::view::{Direction, Extent, MapScene};
use crate::visit::cx::Cx;
use crate::visit::page::{Page, PointingMap};
use crate::visit::place::{PlaceChoice, Pointed};

/// The zoom factors: the whole level, and enlarged.
const ZOOMS: [f32; 3] = [1.0, 1.6, 2.5];
/// A point farther than this from every place, in metres, is outside.
const REACH_M: f64 = 40.0;

/// A touch on the map page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MapTouch {
    /// Show this level.
    Level(LevelIndex),
    /// Zoom in or out.
    Zoom(Direction),
    /// A touch on the map.
    Point {
        /// The place that is drawn there, if there is one.
        place: Option<FeatureId>,
        /// The point on the level, in metres.
        at: Point,
    },
}

/// The primary action: accept the point.
pub fn primary(cx: &Cx) -> Option<PrimaryAction> {
    let Page::Pointing(map) = cx.visit.page() else { return None };
    Some(PrimaryAction::page("pointing.use", done).when(|| pointed(cx, map.step).is_some()))
}

/// Opens the map at the level of the last pointed place, or else of the kiosk.
pub fn open(cx: &mut Cx, step: usize) -> Vec<Effect> {
    let Some(s) = &cx.world().map else { return Vec::new() };
    let level = pointed(cx, step).map_or(s.spot.level, |pointed| pointed.level);
    cx.replace(Page::Pointing(PointingMap { step, level, zoom: 0 }))
}

pub fn touch(cx: &mut Cx, mut map: PointingMap, touch: MapTouch) -> Vec<Effect> {
    let Some(venue) = cx.world().venue() else { return Vec::new() };
    match touch {
        MapTouch::Level(level) if level.0 < venue.levels().len() => map.level = level,
        MapTouch::Level(_) => {}
        MapTouch::Zoom(Direction::Next) => map.zoom = (map.zoom + 1).min(ZOOMS.len() - 1),
        MapTouch::Zoom(Direction::Previous) => map.zoom = map.zoom.saturating_sub(1),
        MapTouch::Point { place, at } => {
            if let Some(pointed) = point_at(venue, map.level, place, at) {
                return point(cx, map.step, pointed);
            }
        }
    }
    cx.replace(Page::Pointing(map))
}

/// A lift, escalator or staircase is at most this far from the position of its place, in metres.
const RIDE_M: f64 = 20.0;

/// The lift, the escalators or the stairs on which this point lies. Only their pictograms are drawn as places, but a
/// finger points at the thing itself.
fn ride_at(venue: &Venue, level: LevelIndex, at: Point) -> Option<FeatureId> {
    let facility = match venue.unit(venue.unit_at(level, at)?).kind {
        UnitKind::Escalator => Facility::Escalator,
        UnitKind::Lift => Facility::Lift,
        UnitKind::Stairs => Facility::Stairs,
        _ => return None,
    };
    let of_kind = venue.places().iter().filter(|p| p.level == level && p.facilities.contains(&facility));
    let nearest = of_kind.map(|place| (place.position.distance(at), place.id));
    nearest.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far, _)| *far <= RIDE_M).map(|(_, id)| id)
}

/// The meaning of a touch: the place that is drawn there, the lift or escalator on which the point lies, or a point
/// near the nearest place.
fn point_at(venue: &Venue, level: LevelIndex, place: Option<FeatureId>, at: Point) -> Option<Pointed> {
    let (longitude, latitude) = venue.frame().to_degrees(at);
    let point = MapPoint::of_degrees(longitude, latitude);
    if let Some(place) = place.or_else(|| ride_at(venue, level, at)) {
        return Some(Pointed { level, at: point, place, inside: true });
    }
    let here = venue.places().iter().filter(|place| place.level == level);
    let (distance, nearest) = here
        .map(|place| (place.position.distance(at), place.id))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
    (distance <= REACH_M).then_some(Pointed { level, at: point, place: nearest, inside: false })
}

fn question(cx: &Cx, step: usize) -> Option<String> {
    let form = &cx.visit.filling.as_ref()?.form;
    Some(form.steps.get(step)?.fields.first()?.id.clone())
}

fn pointed(cx: &Cx, step: usize) -> Option<Pointed> {
    match cx.visit.filling.as_ref()?.places.get(&question(cx, step)?) {
        Some(PlaceChoice::Pointed(pointed)) => Some(*pointed),
        _ => None,
    }
}

fn point(cx: &mut Cx, step: usize, pointed: Pointed) -> Vec<Effect> {
    let question = question(cx, step);
    if let (Some(filling), Some(id)) = (&mut cx.visit.filling, question) {
        filling.checked = false;
        filling.places.insert(id, PlaceChoice::Pointed(pointed));
    }
    Vec::new()
}

/// Accepts the point and goes to the next step.
fn done(cx: &mut Cx) -> Vec<Effect> {
    let Page::Pointing(PointingMap { step, .. }) = *cx.visit.page() else { return Vec::new() };
    if pointed(cx, step).is_none() {
        return Vec::new();
    }
    cx.replace(Page::Form(step));
    steps::next(cx)
}

pub fn view(cx: &Cx, map: &PointingMap) -> FormView {
    let (Some(filling), Some(venue)) = (&cx.visit.filling, cx.world().venue()) else {
        return FormView::default();
    };
    let language = cx.visit.language;
    let pointed = pointed(cx, map.step);
    let words = question(cx, map.step).filter(|_| pointed.is_some());
    let level = venue.level(map.level).name.get(language);
    FormView {
        progress: progress(cx, filling, &answers(cx, filling)),
        title: cx.word("pointing.title"),
        hint: cx.word("pointing.hint"),
        step: FormStep::Map {
            map: MapScene {
                level: map.level,
                language,
                text_size: cx.visit.text_size,
                contrast: cx.visit.contrast,
                destination: None,
                landmark: None,
                pointed: pointed.filter(|pointed| pointed.level == map.level).map(|pointed| pointed.at),
                extent: Extent::Whole,
                zoom: ZOOMS[map.zoom],
                description: cx.fill("pointing.map", &[("level", level)]),
            },
            closer: map.zoom + 1 < ZOOMS.len(),
            wider: map.zoom > 0,
            levels: places::levels(cx, map.level, |level| {
                pointed.is_some_and(|pointed| pointed.level == level)
            }),
            chosen: words.map_or_else(String::new, |question| place::words(cx, filling, &question)),
        },
        ..FormView::default()
    }
}
