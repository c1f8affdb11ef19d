//! Lists of levels in OpenStreetMap tags: `0;1`, `-1-2`, `0-2;5`, and halves such as `0.5`.

use std::fmt;

/// A level in tenths: a mezzanine `0.5` is an integer too, and levels can be compared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct OsmLevel(pub i32);

/// The greatest level number; no building has more levels.
const MOST: i32 = 200;

impl fmt::Display for OsmLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 % 10 == 0 {
            write!(f, "{}", self.0 / 10)
        } else {
            write!(f, "{:.1}", f64::from(self.0) / 10.0)
        }
    }
}

impl fmt::Debug for OsmLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OsmLevel({self})")
    }
}

/// The levels of a tag, in order. Parts that are not numbers are left out.
pub(super) fn parse(text: &str) -> Vec<OsmLevel> {
    let mut found = Vec::new();
    for part in text.split([';', ',']).map(str::trim) {
        if let Some(level) = one(part) {
            found.push(level);
        } else if let Some((from, to)) = range(part) {
            let (from, to) = (from.min(to), from.max(to));
            let between = (from.0..=to.0).filter(|n| (n - from.0) % 10 == 0).map(OsmLevel);
            found.extend(between.take(MOST as usize));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn one(text: &str) -> Option<OsmLevel> {
    let number: f64 = text.parse().ok()?;
    // A plain cast: within the number of levels of a building.
    (number.abs() <= f64::from(MOST)).then(|| OsmLevel((number * 10.0).round() as i32))
}

/// `-2--1`: the hyphen between the numbers is the first one after a digit.
fn range(text: &str) -> Option<(OsmLevel, OsmLevel)> {
    let digit = text.find(|c: char| c.is_ascii_digit())?;
    let hyphen = digit + text[digit..].find('-')?;
    Some((one(text[..hyphen].trim())?, one(text[hyphen + 1..].trim())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        parse(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lists_and_ranges_are_levels_in_order() {
        assert_eq!(texts("0;1"), ["0", "1"]);
        assert_eq!(texts("0-2"), ["0", "1", "2"]);
        assert_eq!(texts("-2--1;3"), ["-2", "-1", "3"]);
        assert_eq!(texts("2;0;0-1"), ["0", "1", "2"]);
        assert_eq!(texts("0.5"), ["0.5"]);
    }

    /// Text that is no level gives none, and no range is unlimited.
    #[test]
    fn level_ranges_are_finite() {
        for text in ["", "ground", "-", "1e9", "NaN", "inf", "--", "5-", "é-ü"] {
            assert!(parse(text).is_empty(), "{text}");
        }
        assert!(parse("-200-200").len() <= MOST as usize);
    }
}
