//! The idle timer: counts the seconds without a touch, warns, and ends the visit.
//!
//! It counts ticks and does not compare clock times: a clock that jumps when the network returns must not end
//! a visit.

use crate::view::TextSize;

/// What a visitor is doing, which decides the idle timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// No visitor is there.
    Nothing,
    Browsing,
    /// Reading or writing.
    Reading,
    /// Scanning the receipt with a phone.
    Receipt,
    /// Leaving: the page itself counts down.
    Leaving,
}

/// The state of the idle timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdleState {
    /// No warning is due.
    Fine,
    /// Warn: `seconds` of `of` are left.
    Warn { seconds: u8, of: u8 },
    /// End the visit.
    Over,
}

/// The seconds since the last touch.
#[derive(Clone, Copy, Debug, Default)]
pub struct Idle {
    seconds: u32,
}

impl Idle {
    /// Resets the timer after a touch.
    pub fn touched(&mut self) {
        self.seconds = 0;
    }

    /// Counts one second.
    pub fn second(&mut self) {
        self.seconds = self.seconds.saturating_add(1);
    }

    /// The state for an activity and a text size. Larger text doubles the time. Ten times the pause of an
    /// average reader is the rule of thumb; WCAG 2.2.1 requires a warning of at least 20 s.
    pub fn state(self, activity: Activity, size: TextSize) -> IdleState {
        let patience = match activity {
            Activity::Nothing | Activity::Leaving => return IdleState::Fine,
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

    /// Larger text doubles the time, and there is no warning while no visitor is there.
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
