//! The current time, as a parameter: the wall clock, and a steady one.
//!
//! `main` passes the machine's clocks in; a test passes one that it sets itself. Nothing else in this crate
//! reads the machine's wall clock. It jumps: somebody puts it right, or a machine starts with an empty battery.
//! So whatever measures how much time has passed asks the steady clock, and a stored moment is believed only
//! if it does not lie in the future ([`BELIEVED_AHEAD`](crate::store::BELIEVED_AHEAD)).

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;

/// The clocks of the machine.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    steady: Arc<dyn Fn() -> Duration + Send + Sync>,
}

/// A moment of the steady clock: the time since some beginning. It means nothing after a restart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Steady(pub Duration);

impl Clock {
    /// A wall clock that never jumps, so that the steady clock goes with it.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        let wall: Arc<dyn Fn() -> Timestamp + Send + Sync> = Arc::new(now);
        let same = Arc::clone(&wall);
        let steady = move || same().signed_duration_since(Timestamp::UNIX_EPOCH).to_std().unwrap_or_default();
        Self { wall, steady: Arc::new(steady) }
    }

    /// The same wall clock, with a steady clock beside it: the time since some beginning.
    #[must_use]
    pub fn with_steady(self, since: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { steady: Arc::new(since), ..self }
    }

    pub fn now(&self) -> Timestamp {
        (self.wall)()
    }

    pub fn steady(&self) -> Steady {
        Steady((self.steady)())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
