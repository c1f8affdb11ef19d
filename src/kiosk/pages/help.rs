//! Calling somebody to this kiosk, and where to go instead when nobody can be told.

use domain::Timestamp;
use domain::submission::Body;
use wayfinding::route::TravelProfile;
use wayfinding::venue::Facility;

use crate::app::App;
use crate::calendar;
use crate::event::{Effect, Link};
use crate::outbox::Said;
use crate::session::{Whereabouts, place_ref};
use crate::view::HelpView;

/// How far the call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// It may still be a slip of the finger.
    Asking,
    /// Somebody should be here by then.
    Called(Timestamp),
}

/// The main button: call.
pub fn call(app: &mut App) -> Vec<Effect> {
    let said = Said {
        language: app.session.language,
        place: place_ref(&app.world, &Whereabouts::Here),
        body: Body::ServiceRequest,
        contact: None,
    };
    app.send(Some(said))
}

/// The way to the nearest desk.
pub fn show_desk(app: &mut App) -> Vec<Effect> {
    match app.nearest(Facility::Information) {
        Some(place) => app.show_route(place, TravelProfile::Walking),
        None => Vec::new(),
    }
}

/// Where the nearest desk is, in words; none when no map shows one.
pub fn desk(app: &App) -> Option<String> {
    let place = app.world.venue()?.place(&app.nearest(Facility::Information)?)?;
    let language = app.session.language;
    let values = [("desk", place.name.get(language)), ("place", &app.world.place_words(place, language))];
    Some(app.fill("help.desk", &values))
}

/// What it shows.
pub fn view(app: &App, call: &Call) -> HelpView {
    let (title, text) = match (call, app.link) {
        (Call::Asking, Link::Online) => (app.word("help.asking"), app.word("help.asking.text")),
        (Call::Asking, Link::Offline) => (app.word("help.asking"), app.word("help.offline.text")),
        (Call::Called(due), Link::Online) => {
            let time = calendar::clock(app.world.local(*due));
            (app.word("help.called"), app.fill("help.called.text", &[("time", &time)]))
        }
        (Call::Called(_), Link::Offline) => (app.word("help.queued"), app.word("help.queued.text")),
    };
    let desk = desk(app);
    HelpView {
        title,
        text,
        show_desk: if desk.is_some() { app.word("help.show-desk") } else { String::new() },
        desk: desk.unwrap_or_default(),
    }
}
