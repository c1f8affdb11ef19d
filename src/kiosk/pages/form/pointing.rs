//! Pointing at the place on the map: for a stain in a corridor, a lamp that is out, a bench that has no name.
//!
//! It is opened from the question for a place and leads back to it. What was touched is chosen at once and
//! seen as a pin; the button below takes it and goes on to the next question. A touch beside the building
//! means nothing.

use domain::place::MapPoint;
use wayfinding::geometry::Point;
use wayfinding::venue::{FeatureId, LevelIndex, Venue};

use super::{answers, place, progress};
use crate::app::App;
use crate::event::{Effect, MapEvent, Turn};
use crate::pages::{Page, places};
use crate::session::{Pointed, Whereabouts};
use crate::view::{Extent, FormStep, FormView, MapScene, Shown};

/// How large the level is drawn, from what fits to a close look.
const ZOOMS: [f32; 2] = [1.0, 1.6];
/// Farther than this from every place, in metres, is outside.
const REACH_M: f64 = 40.0;

/// What of the map is seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Looking {
    step: usize,
    level: LevelIndex,
    zoom: usize,
}

impl Looking {
    /// The step of the form that asks for the place.
    pub fn step(&self) -> usize {
        self.step
    }
}

/// Opens the map where somebody pointed before, or else where they stand.
pub fn open(app: &mut App, step: usize) -> Vec<Effect> {
    let Some(s) = &app.world.surroundings else { return Vec::new() };
    let level = pointed(app, step).map_or(s.spot.level, |pointed| pointed.level);
    app.turn(Page::Pointing(Looking { step, level, zoom: 0 }))
}

/// A touch on it.
pub fn handle(app: &mut App, mut looking: Looking, event: MapEvent) -> Vec<Effect> {
    let Some(venue) = app.world.venue() else { return Vec::new() };
    match event {
        MapEvent::Level(level) if level.0 < venue.levels().len() => looking.level = level,
        MapEvent::Level(_) => {}
        MapEvent::Zoom(Turn::Next) => looking.zoom = (looking.zoom + 1).min(ZOOMS.len() - 1),
        MapEvent::Zoom(Turn::Previous) => looking.zoom = looking.zoom.saturating_sub(1),
        MapEvent::Touched { place, at } => {
            if let Some(pointed) = point_at(venue, looking.level, place, at) {
                return point(app, looking.step, pointed);
            }
        }
    }
    app.turn(Page::Pointing(looking))
}

/// What a touch means: the place that is drawn there, or a point near the nearest one.
fn point_at(venue: &Venue, level: LevelIndex, place: Option<FeatureId>, at: Point) -> Option<Pointed> {
    let (longitude, latitude) = venue.frame().to_degrees(at);
    let point = MapPoint::of_degrees(longitude, latitude);
    if let Some(place) = place {
        return Some(Pointed { level, at: point, place, inside: true });
    }
    let here = venue.places().iter().filter(|place| place.level == level);
    let (distance, nearest) = here
        .map(|place| (place.position.distance(at), place.id))
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))?;
    (distance <= REACH_M).then_some(Pointed { level, at: point, place: nearest, inside: false })
}

fn question(app: &App, step: usize) -> Option<String> {
    let form = &app.session.filling.as_ref()?.form;
    Some(form.steps.get(step)?.fields.first()?.id.clone())
}

fn pointed(app: &App, step: usize) -> Option<Pointed> {
    match app.session.filling.as_ref()?.places.get(&question(app, step)?) {
        Some(Whereabouts::Pointed(pointed)) => Some(*pointed),
        _ => None,
    }
}

fn point(app: &mut App, step: usize, pointed: Pointed) -> Vec<Effect> {
    let question = question(app, step);
    if let (Some(filling), Some(id)) = (&mut app.session.filling, question) {
        filling.checked = false;
        filling.places.insert(id, Whereabouts::Pointed(pointed));
    }
    Vec::new()
}

/// Whether something was pointed at, so that it can be taken.
pub fn is_done(app: &App, looking: &Looking) -> bool {
    pointed(app, looking.step).is_some()
}

/// Takes what was pointed at and goes on.
pub fn done(app: &mut App, looking: &Looking) -> Vec<Effect> {
    if !is_done(app, looking) {
        return Vec::new();
    }
    app.turn(Page::Form(looking.step));
    super::next(app, looking.step)
}

/// What it shows.
pub fn view(app: &App, looking: &Looking) -> FormView {
    let (Some(filling), Some(venue)) = (&app.session.filling, app.world.venue()) else {
        return FormView::default();
    };
    let language = app.session.language;
    let pointed = pointed(app, looking.step);
    let words = question(app, looking.step).filter(|_| pointed.is_some());
    let level = venue.level(looking.level).name.get(language);
    let yes = |so: bool| if so { Shown::Yes } else { Shown::No };
    FormView {
        progress: progress(app, filling, &answers(app, filling)),
        title: app.word("pointing.title"),
        hint: app.word("pointing.hint"),
        step: FormStep::Map {
            map: MapScene {
                level: looking.level,
                language,
                text_size: app.session.text_size,
                contrast: app.session.contrast,
                destination: None,
                pointed: pointed.filter(|pointed| pointed.level == looking.level).map(|pointed| pointed.at),
                extent: Extent::Whole,
                zoom: ZOOMS[looking.zoom],
                description: app.fill("pointing.map", &[("level", level)]),
            },
            closer: yes(looking.zoom + 1 < ZOOMS.len()),
            wider: yes(looking.zoom > 0),
            levels: places::levels(app, looking.level, |level| {
                pointed.is_some_and(|pointed| pointed.level == level)
            }),
            chosen: words.map_or_else(String::new, |question| place::words(app, filling, &question)),
        },
        ..FormView::default()
    }
}
