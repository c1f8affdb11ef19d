//! Where the window's callbacks go: a touch becomes an event and is reported.
//!
//! An adapter holds a copy of [`Events`] and knows neither the window nor the application behind it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};

use kiosk::app::View;
use kiosk::event::{Event, Touch};

/// How often somebody's touches are told as activity at most.
const ACTIVITY_EVERY: Duration = Duration::from_secs(1);

/// The view on the screen.
pub(crate) type Shown = Rc<RefCell<Option<View>>>;

/// Reports events, and knows what they were touched on.
#[derive(Clone)]
pub(crate) struct Events(Rc<Reporter>);

struct Reporter {
    report: Box<dyn Fn(Event)>,
    shown: Shown,
    noticed: Cell<Option<Instant>>,
}

impl Events {
    /// Reports to `report` what is touched on `shown`.
    pub fn new(shown: Shown, report: impl Fn(Event) + 'static) -> Self {
        Self(Rc::new(Reporter { report: Box::new(report), shown, noticed: Cell::default() }))
    }

    /// Reports an event.
    pub fn send(&self, event: impl Into<Event>) {
        (self.0.report)(event.into());
    }

    /// Reports that somebody is here. At most once a second, because a finger that moves says so often.
    pub fn notice(&self) {
        let now = Instant::now();
        if self.0.noticed.get().is_some_and(|last| now.duration_since(last) < ACTIVITY_EVERY) {
            return;
        }
        self.0.noticed.set(Some(now));
        self.send(Touch::Activity);
    }

    /// A callback that always reports the same.
    pub fn sender<E: Into<Event> + Clone + 'static>(&self, event: E) -> impl Fn() + 'static {
        let events = self.clone();
        move || events.send(event.clone())
    }

    /// Reports what a touch meant in the view that was touched, if it meant anything.
    pub fn choose<E: Into<Event>>(&self, meant: impl FnOnce(&View) -> Option<E>) {
        let event = self.0.shown.borrow().as_ref().and_then(meant);
        if let Some(event) = event {
            self.send(event);
        }
    }

    /// A callback for the row at an index of the view that was touched.
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
