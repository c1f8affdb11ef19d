//! The symbols of shop kinds, for shops that have no space for a name or number.

use super::icons::Part::{self, Line};
use crate::venue::Group;

/// The stroke width of the product's other icons.
const THIN: f64 = 1.9;

const FASHION: &[Part] =
    &[Line("M8.5 3.5L2.75 7l2.1 4.1L7 10.1V20.5h10V10.1l2.15 1L21.25 7L15.5 3.5a3.5 3.5 0 0 1-7 0z", THIN)];
const BEAUTY: &[Part] = &[Line("M7.75 13h8.5v7.75h-8.5zM9.25 13V9.25h5.5V13M9.25 9.25v-3l5.5-3v6", THIN)];
const ELECTRONICS: &[Part] = &[Line("M4.75 4.25h14.5v11H4.75zM2.25 19.25h19.5", THIN)];
const HOME: &[Part] = &[
    Line("M5.25 10.5V8a2.5 2.5 0 0 1 2.5-2.5h8.5a2.5 2.5 0 0 1 2.5 2.5v2.5", THIN),
    Line("M2.75 12.5a2 2 0 0 1 4 0v1.75h10.5V12.5a2 2 0 0 1 4 0v5H2.75zM5.5 17.5v2M18.5 17.5v2", THIN),
];
const FOOD: &[Part] = &[
    Line("M3 11.25h18a9 9 0 0 1-5 7.9v1.35H8v-1.35a9 9 0 0 1-5-7.9z", THIN),
    Line("M9.75 8l8.5-5M14.25 8l6.25-3", THIN),
];
const GROCERY: &[Part] = &[
    Line("M2.75 9.75h18.5l-2 9.4a1.75 1.75 0 0 1-1.7 1.35H6.45a1.75 1.75 0 0 1-1.7-1.35z", THIN),
    Line("M7.5 9.75L10.75 3.5M16.5 9.75L13.25 3.5M9.5 13.25v3.75M14.5 13.25v3.75", THIN),
];
const HEALTH: &[Part] = &[Line("M9.25 3.25h5.5v6h6v5.5h-6v6h-5.5v-6h-6v-5.5h6z", THIN)];
const BOOKS: &[Part] = &[Line(
    "M3.25 4.75H10a2 2 0 0 1 2 2v13.5a2 2 0 0 0-2-1.75H3.25zM20.75 4.75H14a2 2 0 0 0-2 2v13.5a2 2 0 0 1 2-1.75h6.75z",
    THIN,
)];
const SPORT: &[Part] = &[
    Line("M12 3.25a8.75 8.75 0 1 1 0 17.5a8.75 8.75 0 1 1 0-17.5z", THIN),
    Line("M3.25 12h17.5M12 3.25v17.5M5.9 5.8a8.75 8.75 0 0 1 0 12.4M18.1 5.8a8.75 8.75 0 0 0 0 12.4", THIN),
];
const SERVICES: &[Part] = &[
    Line("M6.25 3.75a2.75 2.75 0 1 1 0 5.5a2.75 2.75 0 1 1 0-5.5z", THIN),
    Line("M6.25 14.75a2.75 2.75 0 1 1 0 5.5a2.75 2.75 0 1 1 0-5.5z", THIN),
    Line("M8.5 8.1L20.5 18M8.5 15.9l12-9.9", THIN),
];
const ENTERTAINMENT: &[Part] = &[
    Line(
        "M2.75 8a2.25 2.25 0 0 1 2.25-2.25h14A2.25 2.25 0 0 1 21.25 8v1.75a2.25 2.25 0 0 0 0 4.5V16A2.25 2.25 0 0 1 19 18.25H5A2.25 2.25 0 0 1 2.75 16v-1.75a2.25 2.25 0 0 0 0-4.5z",
        THIN,
    ),
    Line("M14.5 9.5v1M14.5 13.5v1", THIN),
];
const SHOP: &[Part] = &[
    Line("M4.5 11.25v9.25h15v-9.25M9.75 20.5V15h4.5v5.5", THIN),
    Line(
        "M3.25 8.25L5 3.5h14l1.75 4.75a2.9 2.9 0 0 1-5.83 0a2.92 2.92 0 0 1-5.84 0a2.9 2.9 0 0 1-5.83 0z",
        THIN,
    ),
];

/// The parts of a kind's symbol.
pub(super) fn parts(group: Group) -> &'static [Part] {
    match group {
        Group::Fashion => FASHION,
        Group::Beauty => BEAUTY,
        Group::Electronics => ELECTRONICS,
        Group::Home => HOME,
        Group::Food => FOOD,
        Group::Grocery => GROCERY,
        Group::Health => HEALTH,
        Group::BooksAndGifts => BOOKS,
        Group::Sport => SPORT,
        Group::Services => SERVICES,
        Group::Entertainment => ENTERTAINMENT,
        Group::DepartmentStore | Group::Facility | Group::Other => SHOP,
    }
}
