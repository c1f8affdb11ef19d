//! Is anybody still there? Counts the seconds without a touch, warns, and ends the visit.
//!
//! Seconds are counted, not read off a clock: a clock that jumps when the network comes back must not
//! throw a visitor out.

use crate::view::TextSize;

/// What a visitor is doing, as far as it decides how long they may think.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Nobody is here.
    Nothing,
    Browsing,
    /// Reading or writing.
    Reading,
    /// Holding a telephone to the receipt.
    Receipt,
}

/// What the count means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleState {
    /// Somebody is there, or nobody has to be.
    Fine,
    /// Warn: so many seconds are left, of so many.
    Warn {
        seconds: u8,
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

    /// What follows. A visitor who needs larger text gets twice the time: ten times the average reader's pause
    /// is the rule of thumb, and a warning of at least 20 s is what WCAG 2.2.1 asks.
    pub fn state(self, activity: Activity, size: TextSize) -> IdleState {
        let patience = match activity {
            Activity::Nothing => return IdleState::Fine,
            Activity::Browsing => 45,
            Activity::Reading => 90,
            Activity::Receipt => 60,
        };
        let (patience, of) = if size == TextSize::Normal { (patience, 20) } else { (patience * 2, 40) };
        match self.seconds.checked_sub(patience) {
            None => IdleState::Fine,
            Some(warned) => match u8::try_from(warned).ok().and_then(|w| u8::checked_sub(of, w)) {
                None | Some(0) => IdleState::Over,
                Some(seconds) => IdleState::Warn { seconds, of },
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
    fn a_visit_ends_only_after_twenty_seconds_warning() {
        for activity in [Activity::Browsing, Activity::Reading, Activity::Receipt] {
            for size in TextSize::ALL {
                let states: Vec<_> = (0..400).map(|s| after(s).state(activity, size)).collect();
                let warned = states.iter().filter(|s| matches!(s, IdleState::Warn { .. })).count();
                assert!(warned >= 20, "{activity:?} {size:?}: {warned}");
                assert_eq!(states.last(), Some(&IdleState::Over));
            }
        }
    }

    /// And nobody is warned while nobody is here.
    #[test]
    fn larger_text_gives_more_time() {
        assert!(matches!(
            after(45).state(Activity::Browsing, TextSize::Normal),
            IdleState::Warn { seconds: 20, .. }
        ));
        assert_eq!(after(45).state(Activity::Browsing, TextSize::Large), IdleState::Fine);
        assert_eq!(after(9999).state(Activity::Nothing, TextSize::Normal), IdleState::Fine);
    }

    #[test]
    fn a_touch_starts_the_count_again() {
        let mut idle = after(60);
        idle.touched();
        assert_eq!(idle.state(Activity::Browsing, TextSize::Normal), IdleState::Fine);
    }
}
