//! The window and the application behind it.
//!
//! A touch becomes an event, the shell handles it, and what differs between the last view and the new
//! one is copied into properties. That is all: the window holds no state of its own but the pictures it
//! ordered. Everything here happens on the window's thread; workers only ask it to look.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiosk::event::Event;
use kiosk::shell::{Drawing, Shell, Size};
use kiosk::view::{MapScene, PageView, View};
use slint::ComponentHandle;

use crate::adapters::{self, map::Pane};
use crate::fonts;
use crate::theme::{self, Panel};
use crate::ui;
use crate::words::Spoken;

/// Asks, from any thread, that [`Window::pump`] be called on the window's.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// How often somebody's touches are told as activity at most.
const ACTIVITY_EVERY: Duration = Duration::from_secs(1);

/// The kiosk as a visitor meets it.
pub struct Window {
    app: ui::App,
    shell: RefCell<Shell>,
    panel: Panel,
    spoken: Spoken,
    shown: RefCell<Option<View>>,
    waiting: RefCell<VecDeque<Event>>,
    busy: Cell<bool>,
    noticed: Cell<Option<std::time::Instant>>,
    pub(crate) home_map: Pane,
    pub(crate) route_map: Pane,
    pub(crate) form_map: Pane,
    drawings: Receiver<(u64, Drawing)>,
    drawn: Sender<(u64, Drawing)>,
    wake: Wake,
    clock: slint::Timer,
}

impl Window {
    /// Connects a window to its application and shows the first view.
    pub fn new(app: ui::App, mut shell: Shell, panel: Panel, wake: Wake) -> Rc<Self> {
        shell.on_wake(Arc::clone(&wake));
        let spoken = Spoken::default();
        spoken.connect(&app.global::<ui::Words>(), kiosk::words::words());
        panel.apply(&app.global::<ui::Theme>(), app.window().scale_factor());
        // Nobody has chosen a language yet: it is the mall's own.
        fonts::prefer_han_of(shell.view().language);
        let (drawn, drawings) = channel();
        let this = Rc::new(Self {
            app,
            shell: RefCell::new(shell),
            panel,
            spoken,
            shown: RefCell::default(),
            waiting: RefCell::default(),
            busy: Cell::new(false),
            noticed: Cell::default(),
            home_map: Pane::default(),
            route_map: Pane::default(),
            form_map: Pane::default(),
            drawings,
            drawn,
            wake,
            clock: slint::Timer::default(),
        });
        adapters::connect(&this.app, &Events(Rc::downgrade(&this)));
        this.refresh();
        this
    }

    /// The window itself.
    pub fn app(&self) -> &ui::App {
        &self.app
    }

    /// Lets the application take in an event, then shows what came of it.
    ///
    /// An event that comes while another is being shown waits for its turn.
    pub fn send(&self, event: Event) {
        self.waiting.borrow_mut().push_back(event);
        if self.busy.replace(true) {
            return;
        }
        loop {
            let Some(event) = self.waiting.borrow_mut().pop_front() else { break };
            self.shell.borrow_mut().handle(event);
            self.refresh();
        }
        self.busy.set(false);
    }

    /// Takes in what the workers answered.
    pub fn pump(&self) {
        while let Ok((order, drawing)) = self.drawings.try_recv() {
            adapters::map::take(self, order, drawing);
        }
        let changed = self.shell.borrow_mut().pump();
        if changed {
            self.refresh();
        }
    }

    /// Tells the application that time goes by: each second while somebody is here, otherwise at the
    /// beginning of each minute, when the clock on the screen changes.
    pub fn start_clock(self: &Rc<Self>) {
        let this = Rc::downgrade(self);
        let now = self.shell.borrow().now();
        let resting = self.shell.borrow().is_resting();
        let wait = if resting {
            let into_minute = now.timestamp_millis().rem_euclid(60_000);
            Duration::from_millis(u64::try_from(60_000 - into_minute).unwrap_or(60_000))
        } else {
            Duration::from_secs(1)
        };
        self.clock.start(slint::TimerMode::SingleShot, wait, move || {
            let Some(this) = this.upgrade() else { return };
            let now = this.shell.borrow().now();
            this.send(Event::Tick(now));
            this.start_clock();
        });
    }

    /// Somebody is here. Told at most once a second, because a finger that moves says so often.
    pub(crate) fn notice(self: &Rc<Self>) {
        let now = std::time::Instant::now();
        if self.noticed.get().is_some_and(|last| now.duration_since(last) < ACTIVITY_EVERY) {
            return;
        }
        self.noticed.set(Some(now));
        self.send(Event::Activity);
    }

    /// Orders a map picture; [`Window::pump`] brings it when it is there.
    pub(crate) fn order(&self, order: u64, scene: &MapScene, size: Size) {
        let (drawn, wake) = (Mutex::new(self.drawn.clone()), Arc::clone(&self.wake));
        let done = move |drawing| {
            // A window that is gone needs no picture.
            if let Ok(drawn) = drawn.lock() {
                let _ = drawn.send((order, drawing));
            }
            wake();
        };
        self.shell.borrow().draw(scene, size, Box::new(done));
    }

    /// Pixels of the panel for each of the window's own.
    pub(crate) fn scale(&self) -> f32 {
        self.app.window().scale_factor()
    }

    /// Pixels a millimetre of the panel has.
    pub(crate) fn px_per_mm(&self) -> f32 {
        self.panel.px_per_mm
    }

    /// Copies what changed into the window.
    fn refresh(&self) {
        let view = self.shell.borrow().view();
        let last = self.shown.replace(Some(view.clone()));
        let last = last.as_ref();
        if last.is_none_or(|l| l.language != view.language) {
            self.spoken.change(&self.app.global::<ui::Words>(), view.language);
            theme::show_language(&self.app.global::<ui::Theme>(), view.language);
        }
        if last.is_none_or(|l| l.text_size != view.text_size) {
            theme::show_text_size(&self.app.global::<ui::Theme>(), view.text_size);
        }
        if last.is_none_or(|l| l.contrast != view.contrast) {
            theme::show_contrast(&self.app.global::<ui::Theme>(), view.contrast);
        }
        // What has the focus is about to go or to be covered: then keys come to the window itself.
        let moved =
            |l: &View| l.page_kind() != view.page_kind() || l.overlay.is_some() != view.overlay.is_some();
        if last.is_none_or(moved) {
            self.app.invoke_take_keys();
        }
        adapters::show(self, &view, last);
        let woken =
            |l: &View| matches!(l.page, PageView::Attract(_)) != matches!(view.page, PageView::Attract(_));
        if last.is_some_and(woken) && self.clock.running() {
            self.clock.set_interval(Duration::from_secs(1));
        }
    }
}

/// Where the window's callbacks go.
#[derive(Clone)]
pub(crate) struct Events(Weak<Window>);

impl Events {
    /// Reports an event.
    pub fn send(&self, event: Event) {
        if let Some(window) = self.0.upgrade() {
            window.send(event);
        }
    }

    /// A callback that always reports the same.
    pub fn sender(&self, event: impl Fn() -> Event + 'static) -> impl Fn() + 'static {
        let events = self.clone();
        move || events.send(event())
    }

    /// Reports what a touch meant in the view that was touched, if it meant anything.
    pub fn choose(&self, meant: impl FnOnce(&View) -> Option<Event>) {
        let Some(window) = self.0.upgrade() else { return };
        let event = window.shown.borrow().as_ref().and_then(meant);
        if let Some(event) = event {
            window.send(event);
        }
    }

    /// A callback for the row at an index of the view that was touched.
    pub fn chooser(&self, meant: impl Fn(&View, usize) -> Option<Event> + 'static) -> impl Fn(i32) + 'static {
        let events = self.clone();
        move |index| {
            if let Ok(index) = usize::try_from(index) {
                events.choose(|view| meant(view, index));
            }
        }
    }

    /// Does something with the window.
    pub fn with<R>(&self, act: impl FnOnce(&Rc<Window>) -> R) -> Option<R> {
        self.0.upgrade().as_ref().map(act)
    }
}
