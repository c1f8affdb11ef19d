//! Is anybody still there? Counts the seconds without a touch, warns, and ends the visit.
//!
//! Seconds are counted, not read off a clock: a clock that jumps when the network comes back must not
//! throw a visitor out.

use crate::view::TextSize;

/// What a visitor is doing, as far as it decides how long they may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nobody is here.
    Nothing,
    /// Looking.
    Browsing,
    /// Reading or writing.
    Form,
    /// Holding a telephone to the receipt.
    Receipt,
}

/// Where the count stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Somebody is there, or nobody has to be.
    Fine,
    /// Warn: so many seconds are left, of so many.
    Warn {
        /// Left.
        seconds: u8,
        /// Of.
        of: u8,
    },
    /// End the visit.
    Over,
}

/// Seconds since the last touch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Idle {
    seconds: u32,
}

impl Idle {
    /// Somebody touched something.
    pub fn touched(&mut self) {
        self.seconds = 0;
    }

    /// A second went by.
    pub fn second(&mut self) {
        self.seconds = self.seconds.saturating_add(1);
    }

    /// What follows. Whoever needs larger text gets twice the time: ten times the average reader's pause
    /// is the rule of thumb, and a warning of at least 20 s is what WCAG 2.2.1 asks.
    pub fn standing(self, doing: Doing, size: TextSize) -> Standing {
        let patience = match doing {
            Doing::Nothing => return Standing::Fine,
            Doing::Browsing => 45,
            Doing::Form => 90,
            Doing::Receipt => 60,
        };
        let (patience, of) = if size == TextSize::Normal { (patience, 20) } else { (patience * 2, 40) };
        match self.seconds.checked_sub(patience) {
            None => Standing::Fine,
            Some(warned) => match u8::try_from(warned).ok().and_then(|w| u8::checked_sub(of, w)) {
                None | Some(0) => Standing::Over,
                Some(seconds) => Standing::Warn { seconds, of },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(seconds: u32) -> Idle {
        Idle { seconds }
    }

    #[test]
    fn a_visit_is_never_ended_without_twenty_seconds_of_warning() {
        for doing in [Doing::Browsing, Doing::Form, Doing::Receipt] {
            for size in TextSize::ALL {
                let standings: Vec<_> = (0..400).map(|s| after(s).standing(doing, size)).collect();
                let warned = standings.iter().filter(|s| matches!(s, Standing::Warn { .. })).count();
                assert!(warned >= 20, "{doing:?} {size:?}: {warned}");
                assert_eq!(standings.last(), Some(&Standing::Over));
            }
        }
    }

    #[test]
    fn larger_text_gives_more_time_and_nobody_is_never_warned() {
        assert!(matches!(
            after(45).standing(Doing::Browsing, TextSize::Normal),
            Standing::Warn { seconds: 20, .. }
        ));
        assert_eq!(after(45).standing(Doing::Browsing, TextSize::Large), Standing::Fine);
        assert_eq!(after(9999).standing(Doing::Nothing, TextSize::Normal), Standing::Fine);
    }

    #[test]
    fn a_touch_starts_the_count_again() {
        let mut idle = after(60);
        idle.touched();
        assert_eq!(idle.standing(Doing::Browsing, TextSize::Normal), Standing::Fine);
    }
}
