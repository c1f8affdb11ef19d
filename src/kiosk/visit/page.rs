//! The page where a visitor is, as data. Views and the meaning of touches are in `pages`.

use domain::Timestamp;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::outbox::Receipt;

/// A page, with the state that belongs to it alone.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// No visitor is there.
    Attract,
    /// The first page.
    Home,
    /// The list of places.
    Find,
    /// The route to a place.
    Route(ShownRoute),
    /// A menu of forms.
    Menu(Menu),
    /// The step of the form with this index, from 0.
    Form(usize),
    /// The map on which the visitor points at a place for a form.
    Pointing(PointingMap),
    /// The review at the end of a form.
    Review,
    Thanks(Box<Receipt>),
    /// Number and code of a receipt.
    Lookup,
    /// The status of a case.
    CaseStatus,
    Help(HelpCall),
}

/// The shown route and its map.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRoute {
    pub place: FeatureId,
    pub profile: TravelProfile,
    pub level: LevelIndex,
    /// An index into the page's zooms.
    pub zoom: usize,
}

/// A menu of forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Ratings, praise, suggestions, questions, complaints.
    TellUs,
    /// Service requests, lost and found.
    Services,
}

/// The map on which the visitor points at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct PointingMap {
    /// The step of the form that asks for the place.
    pub step: usize,
    pub level: LevelIndex,
    /// An index into the page's zooms.
    pub zoom: usize,
}

/// The state of a call for help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpCall {
    /// The visitor has to confirm, in case the touch was a mistake.
    Asking,
    /// Staff were called and are due at this time.
    Called(Timestamp),
}
