//! The colours of a map: on paper, in the dark, and with the highest contrast.
//!
//! Every meaning has its own colour. Two meanings that a visitor must not confuse stay distinct for eyes
//! that lack one kind of cone; the tests below simulate such eyes for each theme. Colour is never the only
//! sign: the route has chevrons, the destination a pin, shops have names, facilities pictograms.

use std::fmt;
use std::str::FromStr;

/// A colour, `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Colour(pub u8, pub u8, pub u8);

impl Colour {
    const fn of(rgb: u32) -> Self {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Self(red, green, blue)
    }

    /// A colour between this one (share 0) and another (share 1).
    pub fn mixed(self, other: Self, share: f64) -> Self {
        // A plain cast: between two bytes.
        let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
        Self(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The colours of a map. The default is [`MapTheme::PAPER`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapTheme {
    /// The ground around the building.
    pub outside: Colour,
    /// The floor.
    pub paper: Colour,
    /// Walls, and the outline of the building.
    pub wall: Colour,
    /// Shops of fashion, beauty, sport.
    pub fashion: Colour,
    /// Food and groceries.
    pub food: Colour,
    /// Home, electronics, department stores.
    pub living: Colour,
    /// Children, books and entertainment.
    pub children: Colour,
    /// Services and facilities.
    pub service: Colour,
    /// Closed to the public.
    pub closed: Colour,
    /// A hole in the floor.
    pub void: Colour,
    /// Planters, and what grows in them.
    pub green: Colour,
    pub water: Colour,
    /// Labels of shops.
    pub ink: Colour,
    pub quiet_ink: Colour,
    /// The squares behind pictograms.
    pub icon: Colour,
    /// Pictograms, and the casing of the route.
    pub on_icon: Colour,
    pub route: Colour,
    /// The visitor and the destination; nothing else.
    pub alert: Colour,
    /// Texts about the visitor.
    pub alert_ink: Colour,
    /// The marks of faults, on a map that is drawn for its author.
    pub fault: Colour,
}

impl MapTheme {
    /// The standard look of the product: dark on paper.
    pub const PAPER: Self = Self {
        outside: Colour::of(0xffffff),
        paper: Colour::of(0xfbfaf6),
        wall: Colour::of(0x9a8f7c),
        fashion: Colour::of(0xd5dff0),
        food: Colour::of(0xf6dcb8),
        living: Colour::of(0xd2e7d3),
        children: Colour::of(0xf0d8e9),
        service: Colour::of(0xc4dfeb),
        closed: Colour::of(0xcdc7bb),
        void: Colour::of(0xe6e1d5),
        green: Colour::of(0xb9d6b4),
        water: Colour::of(0xa9cde0),
        ink: Colour::of(0x1d2021),
        quiet_ink: Colour::of(0x4a4e50),
        icon: Colour::of(0x0a5c5a),
        on_icon: Colour::of(0xffffff),
        route: Colour::of(0x0b3a8f),
        alert: Colour::of(0xcb3a16),
        alert_ink: Colour::of(0xb5340f),
        fault: Colour::of(0xd4148c),
    };

    /// Light on dark, for a hall that is dark in the evening.
    pub const DARK: Self = Self {
        outside: Colour::of(0x101214),
        paper: Colour::of(0x33383c),
        wall: Colour::of(0x8b8578),
        fashion: Colour::of(0x33465f),
        food: Colour::of(0x5c4418),
        living: Colour::of(0x2c4f38),
        children: Colour::of(0x54355a),
        service: Colour::of(0x1b4d63),
        closed: Colour::of(0x17191a),
        void: Colour::of(0x1e2123),
        green: Colour::of(0x3d6346),
        water: Colour::of(0x2c5f7d),
        ink: Colour::of(0xf4f2ec),
        quiet_ink: Colour::of(0xc9c9c5),
        icon: Colour::of(0x9fe0d8),
        on_icon: Colour::of(0x0c0e10),
        route: Colour::of(0x6db6ff),
        alert: Colour::of(0xff8a5c),
        alert_ink: Colour::of(0xffa27d),
        fault: Colour::of(0xff7ad9),
    };

    /// White, yellow and orange on black, every text at 7:1 or more.
    pub const HIGH_CONTRAST: Self = Self {
        outside: Colour::of(0x000000),
        paper: Colour::of(0x000000),
        wall: Colour::of(0xffffff),
        fashion: Colour::of(0x1f3a66),
        food: Colour::of(0x553a00),
        living: Colour::of(0x124a22),
        children: Colour::of(0x55235c),
        service: Colour::of(0x004a5e),
        closed: Colour::of(0x3d3d3d),
        void: Colour::of(0x1c1c1c),
        green: Colour::of(0x2f6b33),
        water: Colour::of(0x1d5f86),
        ink: Colour::of(0xffffff),
        quiet_ink: Colour::of(0xffffff),
        icon: Colour::of(0xffd800),
        on_icon: Colour::of(0x000000),
        route: Colour::of(0x4db8ff),
        alert: Colour::of(0xff8a66),
        alert_ink: Colour::of(0xffa488),
        fault: Colour::of(0xff7ad9),
    };
}

impl Default for MapTheme {
    fn default() -> Self {
        Self::PAPER
    }
}

/// The name of a theme on a command line or in a setting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ThemeName {
    /// [`MapTheme::PAPER`].
    #[default]
    Paper,
    /// [`MapTheme::DARK`].
    Dark,
    /// [`MapTheme::HIGH_CONTRAST`].
    HighContrast,
}

/// A name that no theme has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no theme; choose paper, dark or high-contrast")]
pub struct UnknownTheme(String);

impl ThemeName {
    pub const ALL: [Self; 3] = [Self::Paper, Self::Dark, Self::HighContrast];

    pub fn key(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Dark => "dark",
            Self::HighContrast => "high-contrast",
        }
    }

    pub fn theme(self) -> MapTheme {
        match self {
            Self::Paper => MapTheme::PAPER,
            Self::Dark => MapTheme::DARK,
            Self::HighContrast => MapTheme::HIGH_CONTRAST,
        }
    }
}

impl FromStr for ThemeName {
    type Err = UnknownTheme;

    fn from_str(text: &str) -> Result<Self, UnknownTheme> {
        Self::ALL.into_iter().find(|t| t.key() == text).ok_or_else(|| UnknownTheme(text.to_owned()))
    }
}

#[cfg(test)]
mod eyes;
