//! The page where a visitor is, as data. Views and the meaning of touches are in `pages`.

use std::mem::Discriminant;

use wayfinding::venue::{Facility, FeatureId, LevelIndex};

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
    /// A menu of forms, or of the kinds of a facility.
    Menu(Menu),
    /// The step of the form with this index, from 0.
    Form(usize),
    /// The map on which the visitor points at a place for a form.
    Pointing(PointingMap),
    /// The review at the end of a form.
    Review,
    Thanks(Box<Receipt>),
    /// The receipt was left; the visit ends soon.
    Farewell,
    /// A rating was given by one touch.
    Rated,
    /// Number and code of a receipt.
    Lookup,
    /// The status of a case.
    CaseStatus,
    /// Calling staff, and how far the call is.
    Help,
}

impl Page {
    /// The page of a form to return to from here; none if this is no page of a form.
    pub fn form_page(&self) -> Option<Self> {
        match self {
            Self::Form(step) => Some(Self::Form(*step)),
            Self::Pointing(map) => Some(Self::Form(map.step)),
            Self::Review => Some(Self::Review),
            _ => None,
        }
    }

    /// Which controls this page has, and where: the page, and its part if it has several.
    pub fn scene(&self) -> (Discriminant<Self>, Part) {
        let part = match self {
            Self::Form(step) => Part::Step(*step),
            Self::Menu(menu) => Part::Menu(*menu),
            Self::Route(shown) => Part::Place(shown.place),
            _ => Part::Whole,
        };
        (std::mem::discriminant(self), part)
    }
}

/// A part of a page with its own controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The page has one part.
    Whole,
    /// The step of a form.
    Step(usize),
    Menu(Menu),
    /// The destination of a route.
    Place(FeatureId),
}

/// The shown route and its map.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownRoute {
    pub place: FeatureId,
    pub level: LevelIndex,
    /// An index into the page's zooms.
    pub zoom: usize,
    /// The instruction that was touched last, or is shown alone in the largest text; 0 at the start.
    pub step: usize,
}

/// A menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// Ratings, praise, suggestions, questions, complaints.
    TellUs,
    /// Service requests, lost and found.
    Services,
    /// The kinds of a facility: restrooms for women, for men, accessible ones.
    FacilityKinds(Facility),
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
