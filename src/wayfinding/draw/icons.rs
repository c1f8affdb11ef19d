//! Pictograms for facilities, drawn as paths on a square of 24 by 24.
//!
//! The shapes follow signs that people know (ISO 7001), reduced to what is still clear at five millimetres:
//! thick strokes, few gaps, no text except the P of parking and the i of information.

use super::MapTheme;
use super::kinds;
use super::model::{Item, Paint, Path, Stroke};
use crate::geometry::Point;
use crate::venue::{Facility, Group};

/// A part of a pictogram: a filled outline, or a line of some width.
pub(super) enum Part {
    Fill(&'static str),
    Line(&'static str, f64),
    /// Filled with the colour of the square, as a hole.
    Cut(&'static str),
}
use Part::{Cut, Fill, Line};

/// The subject of a pictogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Pictogram {
    Of(Facility),
    /// A kind of shop.
    Kind(Group),
    EscalatorUp,
    EscalatorDown,
    Ramp,
    Up,
    Down,
}

const RESTROOM: &[Part] = &[
    Fill("M7 2.6a2.1 2.1 0 1 1 0 4.2a2.1 2.1 0 1 1 0-4.2z"),
    Fill(
        "M4.4 7.6h5.2a1.3 1.3 0 0 1 1.3 1.3v5.4h-1.6v7H7.5v-6.2h-1v6.2H4.7v-7H3.1V8.9a1.3 1.3 0 0 1 1.3-1.3z",
    ),
    Fill("M17 2.6a2.1 2.1 0 1 1 0 4.2a2.1 2.1 0 1 1 0-4.2z"),
    Fill(
        "M15.3 7.6h3.4a1 1 0 0 1 1 .8l1.9 7.2h-2.4v5.7h-1.8v-5.7h-.8v5.7h-1.8v-5.7h-2.4l1.9-7.2a1 1 0 0 1 1-.8z",
    ),
    Line("M12 3v18", 0.9),
];
const ACCESSIBLE: &[Part] = &[
    Fill("M10 1.8a2.1 2.1 0 1 1 0 4.2a2.1 2.1 0 1 1 0-4.2z"),
    Line("M10 7.2v6.6h6l2.6 5.6h1.9", 2.2),
    Line("M10.4 10h4.8", 1.9),
    Line("M7.3 11.2a5.4 5.4 0 1 0 7.6 7.2", 2.0),
];
const FAMILY: &[Part] = &[
    Fill("M10.4 1.6h3.2v2.6h1.2a1.6 1.6 0 0 1 1.6 1.6v1.6H7.6V5.8a1.6 1.6 0 0 1 1.6-1.6h1.2z"),
    Fill("M7 8.6h10v11.6a2.2 2.2 0 0 1-2.2 2.2H9.2A2.2 2.2 0 0 1 7 20.2z"),
    Cut("M12.2 11h4.8v1.2h-4.8zM13.6 14.2H17v1.2h-3.4zM12.2 17.4h4.8v1.2h-4.8z"),
];
const LIFT: &[Part] =
    &[Line("M4.6 2.8h14.8v18.4H4.6z", 1.9), Fill("M12 5.8l3.9 5H8.1z"), Fill("M12 18.2l-3.9-5h7.8z")];
const ESCALATOR_UP: &[Part] =
    &[Line("M2.6 20h4.2L16.4 9.4h4.8", 3.0), Line("M4.6 12.6l6.6-7.3", 2.2), Fill("M13.4 2.8v6L7.4 3z")];
const ESCALATOR_DOWN: &[Part] =
    &[Line("M21.4 20h-4.2L7.6 9.4H2.8", 3.0), Line("M12.8 4.6l5.4 6", 2.2), Fill("M21 13.6l-6-.4 5.4-5.4z")];
const STAIRS: &[Part] = &[Line("M2.8 20.4h4.8v-4.6h4.6v-4.6h4.6V6.6h4.6", 2.6)];
const ATM: &[Part] = &[
    Line("M2.6 6h18.8v12H2.6z", 1.9),
    Fill("M12 8.6a3.4 3.4 0 1 1 0 6.8a3.4 3.4 0 1 1 0-6.8z"),
    Fill("M4.8 8.2h2.6v1.6H4.8zM16.6 14.2h2.6v1.6h-2.6z"),
];
const INFORMATION: &[Part] = &[
    Fill("M12 2.6a2.1 2.1 0 1 1 0 4.2a2.1 2.1 0 1 1 0-4.2z"),
    Fill("M8.6 9h5.2v9.4h2.4v2.8H8.2v-2.8h2.4v-6.6h-2z"),
];
const FIRST_AID: &[Part] = &[Fill("M9.2 3h5.6v6.2H21v5.6h-6.2V21H9.2v-6.2H3V9.2h6.2z")];
const LOCKERS: &[Part] = &[
    Line("M3.8 3.2h16.4v17.6H3.8zM12 3.2v17.6M3.8 12h16.4", 1.9),
    Fill("M8.2 6.6h1.8v2.6H8.2zM16.4 6.6h1.8v2.6h-1.8zM8.2 15.2h1.8v2.6H8.2zM16.4 15.2h1.8v2.6h-1.8z"),
];
const EXIT: &[Part] =
    &[Line("M13 7.4V3H4.4v18H13v-4.4", 2.2), Line("M9.4 12h9.6", 2.4), Fill("M16 7l6 5l-6 5z")];
const PARKING: &[Part] =
    &[Fill("M6.6 2.8h6.8a5.8 5.8 0 0 1 0 11.6h-3v6.8H6.6zM10.4 6.2v4.8h2.8a2.4 2.4 0 0 0 0-4.8z")];
const WATER: &[Part] = &[
    Fill("M5.4 8.4h13.2l-1.5 11.9a1.4 1.4 0 0 1-1.4 1.2H8.3a1.4 1.4 0 0 1-1.4-1.2z"),
    Cut("M7.6 10.2h8.8l-.3 2.6H7.9z"),
    Fill("M12 1.6c1.5 2 2 2.7 2 3.5a2 2 0 0 1-4 0c0-.8.5-1.5 2-3.5z"),
];
const CHARGING: &[Part] = &[Fill("M13.6 1.8L4.8 13.4h5.6l-1.6 8.8l9.4-12.4h-6z")];
const DEFIBRILLATOR: &[Part] = &[
    Fill("M12 21.4C5.4 16.4 2.4 13 2.4 8.8a5 5 0 0 1 9.6-2a5 5 0 0 1 9.6 2c0 4.2-3 7.6-9.6 12.6z"),
    Cut("M13 6.8l-4.8 6.4h3l-1 5l5-6.6h-3.1z"),
];
const STROLLERS: &[Part] = &[
    Fill("M10.6 4.2a7.6 7.6 0 0 1 7.8 7.6h-7.8z"),
    Line("M3 5.4h2.4l3.2 9h9.6", 1.9),
    Fill("M9 16.6a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0-4.4zM17 16.6a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0-4.4z"),
];
const RAMP: &[Part] =
    &[Fill("M2.4 21L21.6 13v8z"), Line("M3.8 14.4l11.4-4.8", 2.4), Fill("M20.2 7.4l-4 5.4-2.8-6.4z")];
const UP: &[Part] = &[Line("M12 21V7", 3.0), Fill("M12 2l6.4 8H5.6z")];
const DOWN: &[Part] = &[Line("M12 3v14", 3.0), Fill("M12 22l-6.4-8h12.8z")];

impl Pictogram {
    /// Its parts; `None` if this facility has no pictogram.
    fn parts(self) -> Option<&'static [Part]> {
        Some(match self {
            Self::EscalatorUp => ESCALATOR_UP,
            Self::EscalatorDown => ESCALATOR_DOWN,
            Self::Ramp => RAMP,
            Self::Up => UP,
            Self::Down => DOWN,
            Self::Kind(group) => kinds::parts(group),
            Self::Of(facility) => match facility {
                Facility::Restroom => RESTROOM,
                Facility::AccessibleRestroom => ACCESSIBLE,
                Facility::FamilyRoom => FAMILY,
                Facility::Lift => LIFT,
                Facility::Escalator => ESCALATOR_UP,
                Facility::Stairs => STAIRS,
                Facility::Atm => ATM,
                Facility::Information => INFORMATION,
                Facility::FirstAid => FIRST_AID,
                Facility::Lockers => LOCKERS,
                Facility::Exit => EXIT,
                Facility::Parking => PARKING,
                Facility::DrinkingWater => WATER,
                Facility::Charging => CHARGING,
                Facility::Defibrillator => DEFIBRILLATOR,
                Facility::Strollers => STROLLERS,
                _ => return None,
            },
        })
    }

    /// Whether this pictogram exists.
    pub fn exists(self) -> bool {
        self.parts().is_some()
    }

    /// Its priority; lower values are more important.
    pub fn rank(self) -> u8 {
        match self {
            Self::Up | Self::Down => 0,
            Self::EscalatorUp | Self::EscalatorDown | Self::Ramp => 3,
            Self::Kind(_) => 20,
            Self::Of(facility) => match facility {
                Facility::Lift => 1,
                Facility::Restroom => 2,
                Facility::AccessibleRestroom => 4,
                Facility::Exit => 5,
                Facility::Information => 6,
                Facility::FamilyRoom => 7,
                Facility::FirstAid => 8,
                Facility::Atm => 9,
                Facility::Stairs => 10,
                Facility::Lockers => 11,
                Facility::Parking => 12,
                _ => 13,
            },
        }
    }

    /// The pictogram on its square, centred on a point.
    pub fn tile(self, center: Point, size: f64, theme: &MapTheme) -> Vec<Item> {
        let half = size / 2.0;
        let square = Path::rounded(center.x - half, center.y - half, size, size, size * 0.2);
        let rim = size * 0.06;
        let mut items =
            vec![Item::Path { data: square, paint: Paint::fill(theme.icon).outlined(theme.on_icon, rim) }];
        items.extend(self.glyph(center, size * 0.76, theme.on_icon, theme.icon));
        items
    }

    /// The pictogram without its square.
    pub fn glyph(self, center: Point, size: f64, colour: super::Colour, behind: super::Colour) -> Vec<Item> {
        let scale = size / 24.0;
        let place = |data: &str| Path::scaled(data, scale, center.moved(-size / 2.0, -size / 2.0));
        let parts = self.parts().unwrap_or_default().iter();
        parts
            .map(|part| match part {
                Fill(data) => Item::Path { data: place(data), paint: Paint::fill(colour) },
                Cut(data) => Item::Path { data: place(data), paint: Paint::fill(behind) },
                Line(data, width) => Item::Path {
                    data: place(data),
                    paint: Paint {
                        stroke: Some(Stroke { colour, width: width * scale, dash: None }),
                        ..Paint::default()
                    },
                },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_common_facility_has_a_pictogram_that_parses() {
        let shown = Facility::ALL.into_iter().map(Pictogram::Of).filter(|p| p.exists());
        let shown = shown.chain(Group::ALL.into_iter().map(Pictogram::Kind));
        let all: Vec<_> = shown.chain([Pictogram::EscalatorUp, Pictogram::EscalatorDown]).collect();
        assert!(all.len() >= 30);
        for pictogram in all {
            let items = pictogram.tile(Point::new(50.0, 50.0), 20.0, &MapTheme::default());
            assert!(items.len() >= 2, "{pictogram:?}");
            let svg = crate::draw::svg::write(&items, 100, 100, "Noto Sans");
            let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
            assert_eq!(tree.root().children().len(), items.len(), "{pictogram:?}");
        }
    }
}
