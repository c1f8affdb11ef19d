//! A kiosk in the demo mall with a visitor in front of it.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use domain::Timestamp;
use i_slint_backend_testing::ElementHandle;
use kiosk::event::Event;
use kiosk::identity::Identity;
use kiosk::outbox::Outbox;
use kiosk::shell::{Parts, Shell};
use kiosk::world::{Pinyin, World};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;
use screen::theme::Panel;
use screen::ui;
use screen::window::Window;
use wayfinding::venue::{FeatureId, Venue};

use crate::stage;

thread_local! {
    /// What the clock of this test shows, in seconds after the beginning.
    static SECONDS: Cell<i64> = const { Cell::new(0) };
}

/// A Saturday afternoon in the mall.
fn now() -> Timestamp {
    let start: Timestamp = "2026-11-21T06:32:00Z".parse().unwrap();
    start + chrono::TimeDelta::seconds(SECONDS.get())
}

/// The demo mall, read once.
pub fn mall() -> Arc<Venue> {
    static MALL: OnceLock<Arc<Venue>> = OnceLock::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
    Arc::clone(MALL.get_or_init(|| Arc::new(wayfinding::venue::load(&folder).unwrap().venue)))
}

/// A shop of the mall, by a part of its English name.
pub fn place(name: &str) -> FeatureId {
    let mall = mall();
    let named = |p: &&wayfinding::venue::Place| p.name.get(domain::language::Language::En).contains(name);
    mall.places().iter().find(named).unwrap_or_else(|| panic!("no place is called {name}")).id
}

/// A kiosk in a window without a display.
pub struct Kiosk {
    pub window: Rc<Window>,
    woken: Receiver<()>,
    data: tempfile::TempDir,
}

impl Kiosk {
    /// A kiosk that nobody has touched yet.
    pub fn start(size: (u32, u32)) -> Self {
        stage::headless();
        let data = tempfile::tempdir().unwrap();
        let mut random = ChaCha20Rng::seed_from_u64(7);
        let (mut identity, _) = Identity::open(data.path(), now(), &mut random).unwrap();
        let (outbox, _) = Outbox::open(data.path(), &mut identity, now()).unwrap();
        let mall = mall();
        let spot = mall.kiosks()[0].clone();
        let shell = Shell::new(Parts {
            world: World::new(mall, spot, Pinyin::Missing),
            store: Some((Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity)))),
            pinyin: None,
            sync: None,
            clock: now,
        });
        let (wake, woken) = channel();
        let wake = Mutex::new(wake);
        let app = ui::App::new().unwrap();
        let wake = Arc::new(move || {
            let _ = wake.lock().unwrap().send(());
        });
        stage::size(&app, size);
        let window = Window::new(app, shell, Panel::default(), wake);
        stage::show(window.app());
        Self { window, woken, data }
    }

    /// Something happens, and all that follows from it.
    pub fn send(&self, event: Event) {
        self.window.send(event);
        stage::settle();
    }

    /// Waits until the workers have made something true.
    pub fn wait_until(&self, what: &str, mut is: impl FnMut(&ui::App) -> bool) {
        stage::settle();
        self.window.pump();
        while !is(self.window.app()) {
            self.woken.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| panic!("never: {what}"));
            self.window.pump();
            stage::settle();
        }
    }

    /// The control that is called so, if it is on the screen.
    pub fn find(&self, label: &str) -> Option<ElementHandle> {
        ElementHandle::find_by_accessible_label(self.window.app(), label).find(|e| e.size().width > 0.0)
    }

    /// Time goes by, second by second, as the clock tells it.
    pub fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            SECONDS.set(SECONDS.get() + 1);
            self.window.send(Event::Tick(now()));
        }
        stage::settle();
    }

    /// Time goes by until something is true, ten minutes at most.
    pub fn pass_until(&self, what: &str, is: impl Fn(&ui::App) -> bool) {
        let is_so = (0..600).any(|_| {
            self.pass(1);
            is(self.window.app())
        });
        assert!(is_so, "never: {what}");
    }

    /// Where this kiosk keeps what is not sent yet.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }
}
