//! The window, connected to the application.
//!
//! A touch becomes an event, the shell handles it, and the differences between the last view and the new one
//! are copied into properties. The window's only state of its own is the map pictures. Everything here runs
//! on the window's thread; workers only ask it to call [`Window::pump`].

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kiosk::app::View;
use kiosk::event::{Arrival, Event};
use kiosk::pages::PageView;
use kiosk::shell::{Drawing, Shell, Size};
use kiosk::view::MapScene;
use slint::ComponentHandle;

use crate::adapters;
use crate::events::{Events, Shown};
use crate::fonts;
use crate::maps::Maps;
use crate::theme::{self, Panel};
use crate::ui;
use crate::words::Spoken;

/// A function that any thread may call to have [`Window::pump`] run on the window's thread.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The kiosk's window, connected to its application.
pub struct Window {
    app: ui::App,
    shell: RefCell<Shell>,
    spoken: Spoken,
    shown: Shown,
    waiting: RefCell<VecDeque<Event>>,
    busy: Cell<bool>,
    maps: Maps,
    map_edition: Cell<u32>,
    drawings: Receiver<(u64, Drawing)>,
    clock: slint::Timer,
}

impl Window {
    /// Connects a window to its application and shows the first view.
    pub fn new(app: ui::App, mut shell: Shell, panel: Panel, wake: Wake) -> Rc<Self> {
        shell.on_wake(Arc::clone(&wake));
        let spoken = Spoken::default();
        spoken.connect(&app.global::<ui::Words>(), kiosk::words::words());
        panel.apply(&app.global::<ui::Theme>(), app.window().scale_factor());
        // No visitor has chosen a language yet, so this is the mall's default.
        fonts::prefer_han_of(shell.view().language);
        let (drawn, drawings) = channel();
        let this = Rc::new_cyclic(|window: &Weak<Self>| Self {
            app,
            shell: RefCell::new(shell),
            spoken,
            shown: Shown::default(),
            waiting: RefCell::default(),
            busy: Cell::new(false),
            maps: Maps::new(panel.px_per_mm, painter(window.clone(), drawn, wake)),
            map_edition: Cell::new(0),
            drawings,
            clock: slint::Timer::default(),
        });
        let window = Rc::downgrade(&this);
        let events = Events::new(Rc::clone(&this.shown), move |event| {
            if let Some(window) = window.upgrade() {
                window.send(event);
            }
        });
        adapters::connect(&this.app, &events, &this.maps);
        this.refresh(true);
        this
    }

    pub fn app(&self) -> &ui::App {
        &self.app
    }

    /// Passes an event to the application, then shows the result.
    ///
    /// An event that arrives while another one is being handled waits in a queue.
    pub fn send(&self, event: impl Into<Event>) {
        self.waiting.borrow_mut().push_back(event.into());
        if self.busy.replace(true) {
            return;
        }
        loop {
            let Some(event) = self.waiting.borrow_mut().pop_front() else { break };
            // What comes without a touch is a surprise for a finger anywhere on the screen.
            let by_itself = matches!(event, Event::Arrival(_));
            self.shell.borrow_mut().handle(event);
            self.refresh(by_itself);
        }
        self.busy.set(false);
    }

    /// Takes in the results of workers.
    pub fn pump(&self) {
        while let Ok((order, drawing)) = self.drawings.try_recv() {
            self.maps.take(&self.app, order, drawing);
        }
        let changed = self.shell.borrow_mut().pump();
        if changed {
            self.refresh(true);
        }
    }

    /// Reports the time to the application: every second during a visit, otherwise at the start of each
    /// minute, when the clock on the screen changes.
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
            this.send(Arrival::Tick(now));
            this.start_clock();
        });
    }

    /// Copies the changes of the view into the window. `by_itself` says that no touch caused them.
    fn refresh(&self, by_itself: bool) {
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
        // The focused control is about to disappear or to be covered, so the window itself takes the keys.
        let moved =
            |l: &View| l.page_kind() != view.page_kind() || l.overlay.is_some() != view.overlay.is_some();
        if last.is_none_or(moved) {
            self.app.invoke_take_keys();
        }
        let map_edition = self.shell.borrow().map_edition();
        if self.map_edition.replace(map_edition) != map_edition {
            self.maps.order_again(&self.app);
        }
        adapters::show(&self.app, &self.maps, &view, last);
        if last.is_some_and(|last| last.scene != view.scene) {
            self.app.invoke_guard(by_itself);
        }
        let woken =
            |l: &View| matches!(l.page, PageView::Attract(_)) != matches!(view.page, PageView::Attract(_));
        if last.is_some_and(woken) && self.clock.running() {
            self.clock.set_interval(Duration::from_secs(1));
        }
    }
}

/// Orders map pictures from the shell; [`Window::pump`] shows them when they are painted.
fn painter(
    window: Weak<Window>,
    drawn: Sender<(u64, Drawing)>,
    wake: Wake,
) -> impl Fn(u64, &MapScene, Size) + 'static {
    move |order, scene, size| {
        let (drawn, wake) = (Mutex::new(drawn.clone()), Arc::clone(&wake));
        let done = move |drawing| {
            // The window is gone; it needs no picture.
            if let Ok(drawn) = drawn.lock() {
                let _ = drawn.send((order, drawing));
            }
            wake();
        };
        if let Some(window) = window.upgrade() {
            window.shell.borrow().draw(scene, size, Box::new(done));
        }
    }
}
