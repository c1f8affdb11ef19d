//! The options of a picture.

use domain::language::Language;

use super::Fonts;
use super::theme::MapTheme;
use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{FeatureId, KioskSpot, LevelIndex};

/// Which direction is up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rotation {
    NorthUp,
    /// The direction in which the visitor looks, in degrees clockwise from north.
    HeadingUp(f64),
    /// Along or across the building: whatever fills the picture best and shows the area in front of the
    /// kiosk's visitor at the top; north up if the gain is small.
    #[default]
    BestFit,
}

/// The visible part of a level.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum View {
    /// All of the level, at the same scale as the other levels.
    #[default]
    Whole,
    /// The part of the route on this level, with some space around it.
    Route,
    /// A given width around a point.
    Around {
        /// In metres.
        center: Point,
        /// The width of the picture, in metres.
        width_m: f64,
    },
}

/// A faulty feature of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    pub feature: FeatureId,
    /// Its level and position in metres, if the feature was left out of the venue but its position is
    /// known.
    pub elsewhere: Option<(LevelIndex, Point)>,
}

/// The content and size of a picture.
#[derive(Clone, Debug)]
pub struct DrawOptions<'a> {
    /// The language of its labels.
    pub language: Language,
    /// The fonts of the picture. Without them the space for labels is only estimated.
    pub fonts: Option<&'a Fonts>,
    pub theme: MapTheme,
    /// Pixels per millimetre of the screen.
    pub px_per_mm: f64,
    pub width_px: u32,
    pub height_px: u32,
    /// The size of labels: the em, in millimetres.
    pub text_mm: f64,
    /// The smallest size of a label that does not fit at its own, in millimetres.
    pub least_text_mm: f64,
    pub rotation: Rotation,
    pub view: View,
    /// The kiosk at which the visitor stands.
    pub kiosk: Option<&'a KioskSpot>,
    /// The route. Only its legs on this level are drawn.
    pub route: Option<&'a Route>,
    /// The place to highlight as the destination.
    pub highlight: Option<FeatureId>,
    /// Another place that has to be found on the picture, such as the landmark of a step: its name is placed
    /// next after that of the destination, beside the place if it does not fit inside.
    pub named: Option<FeatureId>,
    /// A point on the level, in metres. If it is set, the pin stands only there.
    pub pointed: Option<Point>,
    /// The faulty features, which are marked and numbered.
    pub faults: &'a [Fault],
}

impl Default for DrawOptions<'_> {
    fn default() -> Self {
        Self {
            language: Language::default(),
            fonts: None,
            theme: MapTheme::default(),
            px_per_mm: 4.0,
            width_px: 1000,
            height_px: 600,
            text_mm: 3.6,
            least_text_mm: 3.2,
            rotation: Rotation::default(),
            view: View::default(),
            kiosk: None,
            route: None,
            highlight: None,
            named: None,
            pointed: None,
            faults: &[],
        }
    }
}
