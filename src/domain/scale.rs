//! The survey scales: CSAT, NPS and CES. A value outside its scale cannot be made.

use serde::{Deserialize, Serialize};

/// CSAT: how satisfied, from 1 (very dissatisfied) to 5 (very satisfied).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Csat(u8);

/// NPS: how likely to recommend the mall, from 0 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Nps(u8);

/// CES: how easy it was, from 1 (very hard) to 7 (very easy).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub struct Ces(u8);

/// The number is outside the scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given} is not on the scale from {lowest} to {highest}")]
pub struct OffScale {
    given: u8,
    lowest: u8,
    highest: u8,
}

macro_rules! scale {
    ($type:ident, $lowest:literal, $highest:literal) => {
        impl $type {
            /// The lowest value of the scale.
            pub const LOWEST: u8 = $lowest;
            /// The highest value of the scale.
            pub const HIGHEST: u8 = $highest;

            /// The value as a number.
            pub fn get(self) -> u8 {
                self.0
            }
        }
        impl TryFrom<u8> for $type {
            type Error = OffScale;

            fn try_from(given: u8) -> Result<Self, OffScale> {
                if (Self::LOWEST..=Self::HIGHEST).contains(&given) {
                    Ok(Self(given))
                } else {
                    Err(OffScale { given, lowest: Self::LOWEST, highest: Self::HIGHEST })
                }
            }
        }
        impl From<$type> for u8 {
            fn from(step: $type) -> u8 {
                step.0
            }
        }
    };
}
scale!(Csat, 1, 5);
scale!(Nps, 0, 10);
scale!(Ces, 1, 7);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_off_the_scale_is_refused() {
        assert!(Csat::try_from(0).is_err() && Csat::try_from(6).is_err() && Csat::try_from(5).is_ok());
        assert_eq!(Nps::try_from(11).unwrap_err().to_string(), "11 is not on the scale from 0 to 10");
        assert!(serde_json::from_str::<Csat>("9").is_err());
    }
}
