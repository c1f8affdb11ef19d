//! The route to a place: time and state first, then the map, then the instructions.
//!
//! A worker computes the routes; this page only chooses travel profile, level and zoom. Its state is a
//! [`ShownRoute`].

use chrono::TimeDelta;
use wayfinding::instructions;
use wayfinding::route::{NoRoute, PlaceFilter, Route, TravelProfile};
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::calendar::{self, OpenState};
use crate::effect::Effect;
use crate::pages::properties::PrimaryAction;
use crate::pages::{find, places};
use crate::view::{Direction, Extent, LevelButton, MapScene};
use crate::visit::cx::{Cx, FIRST_ZOOM};
use crate::visit::page::{Page, ShownRoute};
use crate::words::{kept_together, words};

/// The content of the route page.
#[derive(Clone, PartialEq)]
pub struct RouteView {
    /// The name of the destination.
    pub name: String,
    /// `L2-07 · East wing · Open until 22:00`; without the hours if it is closed.
    pub place_and_state: String,
    /// That the destination is closed now, or will be on arrival, and what is open instead.
    pub closed: Option<ClosedNotice>,
    /// The travel profiles to choose from.
    pub profiles: Vec<ProfileChip>,
    pub map: MapScene,
    /// Whether the map can be zoomed in.
    pub closer: bool,
    /// Whether the map can be zoomed out.
    pub wider: bool,
    /// A button for each level.
    pub levels: Vec<LevelButton>,
    /// The instructions.
    pub steps: Vec<StepRow>,
    /// The index of the instruction that the visitor has reached.
    pub step: usize,
    /// Why there is no route, and what to do; empty if there is one.
    pub no_route: String,
}

/// A warning before the route to a place that is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedNotice {
    /// `Closed, opens tomorrow 09:00`, `Closes before you arrive`.
    pub title: String,
    /// The nearest similar place that is open; empty without one.
    pub similar: String,
    /// The label of the button that shows the route to it; empty without one.
    pub action: String,
}

/// A travel profile with its walking time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileChip {
    pub profile: TravelProfile,
    /// Name and time: `Walk · 2 min`, `Step-free · no route`.
    pub label: String,
    /// `Walk`, `Step-free`.
    pub name: String,
    /// `2 min`, `no route`.
    pub minutes: String,
    pub icon: &'static str,
    /// Whether the page shows this profile.
    pub chosen: bool,
    /// Whether there is a route with this profile.
    pub possible: bool,
}

/// One instruction of the route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    pub icon: &'static str,
    pub text: String,
    /// The distance, `46 m`; empty if it does not help.
    pub distance: String,
    /// The level, `L2`; empty if it is the same as before.
    pub level: String,
}

const PROFILES: [TravelProfile; 3] =
    [TravelProfile::Walking, TravelProfile::StepFree, TravelProfile::Stroller];
/// The zoom steps: the whole level, the whole route, the route enlarged.
const ZOOMS: [(Extent, f32); 3] = [(Extent::Whole, 1.0), (Extent::Route, 1.0), (Extent::Route, 1.6)];
const _: () = assert!(FIRST_ZOOM < ZOOMS.len());

/// A touch on this page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RouteTouch {
    /// Switch to this travel profile.
    Profile(TravelProfile),
    /// Show this level.
    Level(LevelIndex),
    /// Go to this instruction and show its level.
    Step(usize),
    /// Zoom in or out.
    Zoom(Direction),
    /// Show the route to the similar place that is open.
    Similar,
}

/// The primary action: find another place.
pub fn primary(_: &Cx) -> Option<PrimaryAction> {
    Some(PrimaryAction::page("route.another", find::open_search))
}

pub fn touch(cx: &mut Cx, touch: RouteTouch) -> Vec<Effect> {
    let Page::Route(shown) = cx.visit.page() else { return Vec::new() };
    let mut shown = shown.clone();
    match touch {
        RouteTouch::Profile(profile) => {
            cx.visit.travel_profile = profile;
            // The new route may not cross the level on the screen, so it is shown from its start.
            (shown.level, shown.step) = (start_level(cx, &shown), 0);
        }
        RouteTouch::Level(level) if known_level(cx, level) => shown.level = level,
        RouteTouch::Level(_) => {}
        RouteTouch::Step(index) => {
            if let Some(step) = steps(cx, &shown).get(index) {
                (shown.level, shown.step) = (step.level, index);
            }
        }
        RouteTouch::Similar => {
            if let Some(place) = similar_open(cx, &shown.place) {
                shown = ShownRoute { place, level: start_level(cx, &shown), zoom: FIRST_ZOOM, step: 0 };
            }
        }
        RouteTouch::Zoom(Direction::Next) => shown.zoom = (shown.zoom + 1).min(ZOOMS.len() - 1),
        RouteTouch::Zoom(Direction::Previous) => shown.zoom = shown.zoom.saturating_sub(1),
    }
    cx.replace(Page::Route(shown))
}

/// The level where every route from this kiosk starts.
fn start_level(cx: &Cx, shown: &ShownRoute) -> LevelIndex {
    cx.world().map.as_ref().map_or(shown.level, |s| s.spot.level)
}

/// Whether a place is closed when the visitor arrives. Without a route it counts as open.
fn is_closed_on_arrival(cx: &Cx, id: &FeatureId) -> bool {
    let place = cx.world().venue().and_then(|venue| venue.place(id));
    let Some((place, seconds)) = place.zip(cx.tree().and_then(|tree| tree.time_s(id))) else { return false };
    let arrival = cx.now() + TimeDelta::seconds(seconds.ceil() as i64);
    calendar::open_state(cx.language(), place.hours.as_ref(), cx.world().local(arrival)).closed
}

/// The nearest place like this one that is open on arrival: of the same category, or else of the same facility
/// or group.
fn similar_open(cx: &Cx, id: &FeatureId) -> Option<FeatureId> {
    let (tree, place) = (cx.tree()?, cx.world().venue()?.place(id)?);
    let broader = match place.facilities.first() {
        Some(facility) => PlaceFilter::Facility(*facility),
        None => PlaceFilter::Group(place.group),
    };
    [PlaceFilter::Category(place.category.clone()), broader].iter().find_map(|filter| {
        let near = tree.nearest_of(filter, usize::MAX);
        near.iter().map(|near| near.place).find(|other| other != id && !is_closed_on_arrival(cx, other))
    })
}

/// The warning, if the destination is closed now or on arrival.
fn closed_notice(cx: &Cx, shown: &ShownRoute, state: &OpenState) -> Option<ClosedNotice> {
    let title = if state.closed {
        state.words.clone()
    } else if is_closed_on_arrival(cx, &shown.place) {
        cx.word("hours.closes-before")
    } else {
        return None;
    };
    let similar = similar_open(cx, &shown.place);
    let venue = cx.world().venue();
    let name = similar.and_then(|id| venue?.place(&id)).map(|place| place.name.get(cx.language()));
    let minutes = similar.map(|id| places::minutes(cx, &id, cx.visit.travel_profile)).unwrap_or_default();
    Some(ClosedNotice {
        title,
        similar: name.map_or_else(String::new, |name| {
            cx.fill("route.similar", &[("place", name), ("minutes", &minutes)])
        }),
        action: if name.is_some() { cx.word("route.similar.show") } else { String::new() },
    })
}

fn known_level(cx: &Cx, level: LevelIndex) -> bool {
    cx.world().venue().is_some_and(|v| level.0 < v.levels().len())
}

fn route(cx: &Cx, shown: &ShownRoute) -> Option<Result<Route, NoRoute>> {
    Some(cx.tree()?.route_to(&shown.place))
}

fn steps(cx: &Cx, shown: &ShownRoute) -> Vec<instructions::RouteStep> {
    let (Some(s), Some(Ok(route))) = (&cx.world().map, route(cx, shown)) else { return Vec::new() };
    instructions::steps(&s.venue, &route, Some(&s.spot), cx.visit.language, wayfinding::words::words())
}

pub fn view(cx: &Cx, shown: &ShownRoute) -> RouteView {
    let language = cx.visit.language;
    let route = route(cx, shown);
    let place = cx.world().venue().and_then(|v| v.place(&shown.place));
    let state =
        calendar::open_state(language, place.and_then(|p| p.hours.as_ref()), cx.world().local(cx.now()));
    let name = place.map_or_else(String::new, |p| p.name.get(language).to_owned());
    let no_route = match &route {
        None => cx.word("route.not-yet"),
        Some(Ok(_)) => String::new(),
        Some(Err(none)) => no_route(cx, none),
    };
    let steps = steps(cx, shown);
    let reached = shown.step.min(steps.len().saturating_sub(1));
    let landmark = steps.get(reached).and_then(|step| step.landmark);
    let at = place.map_or_else(String::new, |p| cx.world().place_words(p, language));
    RouteView {
        place_and_state: language.side_by_side([at.as_str(), if state.closed { "" } else { &state.words }]),
        closed: closed_notice(cx, shown, &state),
        profiles: PROFILES.map(|p| profile_chip(cx, shown, p)).to_vec(),
        map: map(cx, shown, &name, landmark),
        closer: shown.zoom + 1 < ZOOMS.len(),
        wider: shown.zoom > 0,
        levels: levels(cx, shown, route.and_then(Result::ok).as_ref()),
        step: reached,
        steps: step_rows(cx, &steps),
        no_route,
        name,
    }
}

fn profile_chip(cx: &Cx, shown: &ShownRoute, profile: TravelProfile) -> ProfileChip {
    let minutes = places::minutes(cx, &shown.place, profile);
    let (key, icon) = match profile {
        TravelProfile::Walking => ("route.profile.walking", "walk"),
        TravelProfile::StepFree => ("route.profile.step-free", "wheelchair"),
        TravelProfile::Stroller => ("route.profile.stroller", "stroller"),
    };
    let name = cx.word(key);
    let possible = !minutes.is_empty();
    let label = if possible {
        cx.fill("route.profile.minutes", &[("profile", &name), ("minutes", &minutes)])
    } else {
        cx.fill("route.profile.none", &[("profile", &name)])
    };
    ProfileChip {
        profile,
        label,
        name,
        minutes: if possible { minutes } else { cx.word("route.profile.no-way") },
        icon,
        chosen: profile == cx.visit.travel_profile,
        possible,
    }
}

fn map(cx: &Cx, shown: &ShownRoute, name: &str, landmark: Option<FeatureId>) -> MapScene {
    let language = cx.visit.language;
    let level = cx.world().venue().map_or("", |v| v.level(shown.level).name.get(language));
    let (extent, zoom) = ZOOMS[shown.zoom];
    MapScene {
        level: shown.level,
        language,
        text_size: cx.visit.text_size,
        contrast: cx.visit.contrast,
        destination: Some((shown.place, cx.visit.travel_profile)),
        landmark,
        pointed: None,
        extent,
        zoom,
        description: cx.fill("map.route", &[("level", level), ("place", name)]),
    }
}

fn levels(cx: &Cx, shown: &ShownRoute, route: Option<&Route>) -> Vec<LevelButton> {
    let crosses =
        |level| route.is_some_and(|r| r.legs.iter().any(|l| l.level == level || l.to_level == level));
    places::levels(cx, shown.level, crosses)
}

fn step_rows(cx: &Cx, steps: &[instructions::RouteStep]) -> Vec<StepRow> {
    let language = cx.visit.language;
    let mut before = None;
    let row = |step: &instructions::RouteStep| {
        let sign = cx.world().venue().map_or("", |v| v.level(step.level).short_name.get(language));
        let level = if before == Some(step.level) { String::new() } else { sign.to_owned() };
        before = Some(step.level);
        StepRow {
            icon: icon(step.kind),
            text: kept_together(language, &step.text),
            distance: distance(cx, step.distance_m),
            level,
        }
    };
    steps.iter().map(row).collect()
}

fn distance(cx: &Cx, metres: f64) -> String {
    if metres < 2.5 {
        return String::new();
    }
    let n = instructions::rounded_metres(metres).to_string();
    words().fill(cx.visit.language, "route.distance", &[("n", &n)])
}

fn no_route(cx: &Cx, none: &NoRoute) -> String {
    let language = cx.visit.language;
    let mut lines = cx
        .world()
        .venue()
        .map_or_else(Vec::new, |v| instructions::no_route(v, none, language, wayfinding::words::words()));
    lines.push(cx.word("route.ask-desk"));
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
