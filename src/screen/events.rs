//! Reports the window's callbacks as events.
//!
//! An adapter holds a copy of [`Events`] and knows neither the window nor the application.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use kiosk::app::View;
use kiosk::event::{Event, Touch};

/// The shortest time between two reports of activity.
const ACTIVITY_EVERY: Duration = Duration::from_secs(1);

/// The view on the screen.
pub(crate) type Shown = Rc<RefCell<Option<View>>>;

/// Reports events. Knows the view on the screen, so that a row index can be resolved to what the row shows.
#[derive(Clone)]
pub(crate) struct Events(Rc<Reporter>);

struct Reporter {
    report: Box<dyn Fn(Event)>,
    shown: Shown,
    noticed: Cell<Option<Instant>>,
}

impl Events {
    /// Passes events to `report`; `shown` is the view on the screen.
    pub fn new(shown: Shown, report: impl Fn(Event) + 'static) -> Self {
        Self(Rc::new(Reporter { report: Box::new(report), shown, noticed: Cell::default() }))
    }

    pub fn send(&self, event: impl Into<Event>) {
        (self.0.report)(event.into());
    }

    /// Reports that a visitor is active. At most once a second, because a moving finger calls this often.
    pub fn notice(&self) {
        let now = Instant::now();
        if self.0.noticed.get().is_some_and(|last| now.duration_since(last) < ACTIVITY_EVERY) {
            return;
        }
        self.0.noticed.set(Some(now));
        self.send(Touch::Activity);
    }

    /// A callback that always reports the same event.
    pub fn sender<E: Into<Event> + Clone + 'static>(&self, event: E) -> impl Fn() + 'static {
        let events = self.clone();
        move || events.send(event.clone())
    }

    /// Reports the event that `meant` derives from the view on the screen, if any.
    pub fn choose<E: Into<Event>>(&self, meant: impl FnOnce(&View) -> Option<E>) {
        let event = self.0.shown.borrow().as_ref().and_then(meant);
        if let Some(event) = event {
            self.send(event);
        }
    }

    /// A callback for a touch on a row; it receives the row's index in the view on the screen.
    pub fn chooser<E: Into<Event> + 'static>(
        &self,
        meant: impl Fn(&View, usize) -> Option<E> + 'static,
    ) -> impl Fn(i32) + 'static {
        let events = self.clone();
        move |index| {
            if let Ok(index) = usize::try_from(index) {
                events.choose(|view| meant(view, index));
            }
        }
    }
}
