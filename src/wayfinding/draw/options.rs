//! What a picture is asked to show.

use domain::language::Language;

use super::Fonts;
use super::theme::MapTheme;
use crate::geometry::Point;
use crate::route::Route;
use crate::venue::{FeatureId, KioskSpot, LevelIndex};

/// Which way is up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Rotation {
    NorthUp,
    /// The direction in which the visitor looks, in degrees clockwise from north.
    HeadingUp(f64),
    /// Along or across the building: whatever fills the picture best and has above what is ahead of the
    /// visitor at the kiosk, north where that makes little difference.
    #[default]
    BestFit,
}

/// What part of a level is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum View {
    /// All of it, at the same scale as the other levels.
    #[default]
    Whole,
    /// The route's part on this level, with some room around it.
    Route,
    /// Some metres across, around a point.
    Around {
        /// The point, in metres.
        center: Point,
        /// The width of the picture, in metres.
        width_m: f64,
    },
}

/// A feature with which something is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fault {
    pub feature: FeatureId,
    /// Where it is, if it was left out of the venue and its place is known all the same; in metres.
    pub elsewhere: Option<(LevelIndex, Point)>,
}

/// What a picture shows and how large.
#[derive(Clone, Debug)]
pub struct DrawOptions<'a> {
    /// The language of its labels.
    pub language: Language,
    /// The fonts it will be painted with. Without them the room for labels is only estimated.
    pub fonts: Option<&'a Fonts>,
    pub theme: MapTheme,
    /// Pixels per millimetre of the screen.
    pub px_per_mm: f64,
    pub width_px: u32,
    pub height_px: u32,
    /// The size of labels: the em, in millimetres.
    pub text_mm: f64,
    /// Which way is up.
    pub rotation: Rotation,
    /// What part of the level is seen.
    pub view: View,
    /// The kiosk where the visitor stands.
    pub kiosk: Option<&'a KioskSpot>,
    /// The route; its legs on this level are drawn.
    pub route: Option<&'a Route>,
    /// The place that is looked for.
    pub highlight: Option<FeatureId>,
    /// A point of the level that was pointed at, in metres. The pin stands there and nowhere else.
    pub pointed: Option<Point>,
    /// Features to be marked and numbered, because something is wrong with them.
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
            rotation: Rotation::default(),
            view: View::default(),
            kiosk: None,
            route: None,
            highlight: None,
            pointed: None,
            faults: &[],
        }
    }
}
