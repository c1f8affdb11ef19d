//! The way to a place: the answer first, then the map, then the words.

use wayfinding::instructions;
use wayfinding::route::{NoRoute, Route, TravelProfile};
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::app::App;
use crate::calendar;
use crate::event::{Effect, RouteEvent, Turn};
use crate::pages::{Page, places};
use crate::view::{Chosen, Extent, LevelButton, MapScene, ProfileChip, RouteView, StepRow};
use crate::words::words;

/// What of the way is being looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    place: FeatureId,
    profile: TravelProfile,
    level: LevelIndex,
    zoom: usize,
}

const PROFILES: [TravelProfile; 3] =
    [TravelProfile::Walking, TravelProfile::StepFree, TravelProfile::Stroller];
/// From the whole level to a close look; a way is first shown as large as it fits.
const ZOOMS: [(Extent, f32); 3] = [(Extent::Whole, 1.0), (Extent::Way, 1.0), (Extent::Way, 1.6)];
const FIRST_ZOOM: usize = 1;

impl Shown {
    /// The way to `place`, seen where it begins; none when there is no such place.
    pub fn new(app: &App, place: FeatureId, profile: TravelProfile) -> Option<Self> {
        let s = app.world.surroundings.as_ref()?;
        s.venue.place(&place)?;
        Some(Self { place, profile, level: s.spot.level, zoom: FIRST_ZOOM })
    }
}

/// A touch on it.
pub fn handle(app: &mut App, event: RouteEvent) -> Vec<Effect> {
    let Page::Route(shown) = app.session.page() else { return Vec::new() };
    let mut shown = shown.clone();
    match event {
        RouteEvent::Profile(profile) => shown.profile = profile,
        RouteEvent::Level(level) if known_level(app, level) => shown.level = level,
        RouteEvent::Level(_) => {}
        RouteEvent::Step(index) => {
            if let Some(step) = steps(app, &shown).get(index) {
                shown.level = step.level;
            }
        }
        RouteEvent::Zoom(Turn::Next) => shown.zoom = (shown.zoom + 1).min(ZOOMS.len() - 1),
        RouteEvent::Zoom(Turn::Previous) => shown.zoom = shown.zoom.saturating_sub(1),
    }
    app.turn(Page::Route(shown))
}

fn known_level(app: &App, level: LevelIndex) -> bool {
    app.world.venue().is_some_and(|v| level.0 < v.levels().len())
}

fn way(app: &App, shown: &Shown) -> Option<Result<Route, NoRoute>> {
    Some(app.ways.as_ref()?.tree(shown.profile).route_to(&shown.place))
}

fn steps(app: &App, shown: &Shown) -> Vec<instructions::RouteStep> {
    let (Some(s), Some(Ok(route))) = (&app.world.surroundings, way(app, shown)) else { return Vec::new() };
    instructions::steps(&s.venue, &route, Some(&s.spot), app.session.language, wayfinding::words::words())
}

/// What it shows.
pub fn view(app: &App, shown: &Shown) -> RouteView {
    let language = app.session.language;
    let way = way(app, shown);
    let place = app.world.venue().and_then(|v| v.place(&shown.place));
    let state =
        calendar::open_state(language, place.and_then(|p| p.hours.as_ref()), app.world.local(app.now));
    let name = place.map_or_else(String::new, |p| p.name.get(language).to_owned());
    let no_way = match &way {
        None => app.word("route.not-yet"),
        Some(Ok(_)) => String::new(),
        Some(Err(none)) => no_way(app, none),
    };
    RouteView {
        place_words: place.map_or_else(String::new, |p| app.world.place_words(p, language)),
        state: state.words,
        closed: state.closed,
        profiles: PROFILES.map(|p| profile_chip(app, shown, p)).to_vec(),
        map: map(app, shown, &name),
        closer: yes(shown.zoom + 1 < ZOOMS.len()),
        wider: yes(shown.zoom > 0),
        levels: levels(app, shown, way.and_then(Result::ok).as_ref()),
        steps: step_rows(app, &steps(app, shown)),
        no_way,
        name,
    }
}

fn yes(so: bool) -> crate::view::Shown {
    if so { crate::view::Shown::Yes } else { crate::view::Shown::No }
}

fn profile_chip(app: &App, shown: &Shown, profile: TravelProfile) -> ProfileChip {
    let minutes = places::minutes(app, &shown.place, profile);
    let (key, icon) = match profile {
        TravelProfile::Walking => ("route.profile.walking", "walk"),
        TravelProfile::StepFree => ("route.profile.step-free", "wheelchair"),
        TravelProfile::Stroller => ("route.profile.stroller", "stroller"),
    };
    let name = app.word(key);
    let possible = !minutes.is_empty();
    let label = if possible {
        app.fill("route.profile.minutes", &[("profile", &name), ("minutes", &minutes)])
    } else {
        app.fill("route.profile.none", &[("profile", &name)])
    };
    ProfileChip {
        profile,
        label,
        name,
        minutes: if possible { minutes } else { app.word("route.profile.no-way") },
        icon,
        chosen: if profile == shown.profile { Chosen::Yes } else { Chosen::No },
        possible: yes(possible),
    }
}

fn map(app: &App, shown: &Shown, name: &str) -> MapScene {
    let language = app.session.language;
    let level = app.world.venue().map_or("", |v| v.level(shown.level).name.get(language));
    let (extent, zoom) = ZOOMS[shown.zoom];
    MapScene {
        level: shown.level,
        language,
        text_size: app.session.text_size,
        contrast: app.session.contrast,
        destination: Some((shown.place, shown.profile)),
        pointed: None,
        extent,
        zoom,
        description: app.fill("map.route", &[("level", level), ("place", name)]),
    }
}

fn levels(app: &App, shown: &Shown, route: Option<&Route>) -> Vec<LevelButton> {
    let crosses =
        |level| route.is_some_and(|r| r.legs.iter().any(|l| l.level == level || l.to_level == level));
    places::levels(app, shown.level, crosses)
}

fn step_rows(app: &App, steps: &[instructions::RouteStep]) -> Vec<StepRow> {
    let language = app.session.language;
    let mut before = None;
    let row = |step: &instructions::RouteStep| {
        let sign = app.world.venue().map_or("", |v| v.level(step.level).short_name.get(language));
        let level = if before == Some(step.level) { String::new() } else { sign.to_owned() };
        before = Some(step.level);
        StepRow {
            icon: icon(step.kind),
            text: step.text.clone(),
            distance: distance(app, step.distance_m),
            level,
        }
    };
    steps.iter().map(row).collect()
}

fn distance(app: &App, metres: f64) -> String {
    if metres < 2.5 {
        return String::new();
    }
    let n = instructions::rounded_metres(metres).to_string();
    words().fill(app.session.language, "route.distance", &[("n", &n)])
}

fn no_way(app: &App, none: &NoRoute) -> String {
    let language = app.session.language;
    let mut lines = app
        .world
        .venue()
        .map_or_else(Vec::new, |v| instructions::no_route(v, none, language, wayfinding::words::words()));
    lines.push(app.word("route.ask-desk"));
    lines.join("\n")
}

fn icon(kind: instructions::StepKind) -> &'static str {
    use instructions::StepKind::{
        Arrive, Back, EscalatorDown, EscalatorUp, Left, LiftDown, LiftUp, MovingWalkway, RampDown, RampUp,
        Right, SharpLeft, SharpRight, SlightLeft, SlightRight, StairsDown, StairsUp, Straight,
    };
    match kind {
        Straight | RampUp | RampDown | MovingWalkway => "straight",
        SlightLeft => "slight-left",
        SlightRight => "slight-right",
        Left | SharpLeft => "left",
        Right | SharpRight => "right",
        Back => "u-turn",
        LiftUp | LiftDown => "lift",
        EscalatorUp | EscalatorDown => "escalator",
        StairsUp | StairsDown => "stairs",
        Arrive => "arrive",
    }
}
