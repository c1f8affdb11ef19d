//! Where a visitor is. Data only: what a page shows and what its touches mean is in `pages`.

use domain::Timestamp;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{FeatureId, LevelIndex};

use crate::outbox::Receipt;

/// A page, and what of it is being looked at.
#[derive(Clone, Debug, PartialEq)]
pub enum Page {
    /// Nobody is here.
    Attract,
    /// The first page.
    Home,
    /// The list of places.
    Find,
    /// The route to a place.
    Route(ShownRoute),
    /// Forms to choose from.
    Menu(Menu),
    /// The form at this step, from 0.
    Form(usize),
    /// The map on which the place that a form asks for is pointed at.
    Pointing(PointingMap),
    /// The end of a form.
    Review,
    Thanks(Box<Receipt>),
    /// The number and the code on a receipt.
    Lookup,
    /// What became of a case.
    CaseStatus,
    Help(HelpCall),
}

/// What of a route is being looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRoute {
    pub place: FeatureId,
    pub profile: TravelProfile,
    pub level: LevelIndex,
    /// An index into the page's zooms.
    pub zoom: usize,
}

/// Which forms to choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Ratings, praise, ideas, questions, complaints.
    TellUs,
    /// What is brought to a visitor, and what was lost or found.
    Services,
}

/// What is seen of the map on which a place is pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct PointingMap {
    /// The step of the form that asks for the place.
    pub step: usize,
    pub level: LevelIndex,
    /// An index into the page's zooms.
    pub zoom: usize,
}

/// How far a call for somebody has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpCall {
    /// It may still be a slip of the finger.
    Asking,
    /// Somebody should be here by then.
    Called(Timestamp),
}
