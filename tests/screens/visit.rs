//! A kiosk in the demo mall, and a visitor at it.

use std::cell::Cell;
use std::collections::HashSet;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use domain::Timestamp;
use domain::id::KioskNumber;
use domain::policy::SlaPolicy;
use domain::seal::PrivateKey;
use domain::wire::{Enrolment, Secret};
use i_slint_backend_testing::{ElementHandle, ElementQuery};
use kiosk::event::{Arrival, Event, Link};
use kiosk::identity::Identity;
use kiosk::lookup_client::LookupClient;
use kiosk::net::{Network, Roots};
use kiosk::outbox::Outbox;
use kiosk::shell::{Parts, Shell};
use kiosk::world::{Pinyin, World};
use rand::SeedableRng;
use rand::rngs::ChaCha20Rng;
use screen::theme::Panel;
use screen::ui;
use screen::window::Window;
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};
use wayfinding::venue::{FeatureId, Venue};

use crate::stage;

thread_local! {
    /// The test clock, in seconds after its start.
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
    Arc::clone(MALL.get_or_init(|| Arc::new(wayfinding::load::load(&folder).unwrap().venue)))
}

/// The id of a place of the mall, by a part of its English name.
pub fn place(name: &str) -> FeatureId {
    let mall = mall();
    let named = |p: &&wayfinding::venue::Place| p.name.get(domain::language::Language::En).contains(name);
    mall.places().iter().find(named).unwrap_or_else(|| panic!("no place is called {name}")).id
}

/// The centre of an element.
pub fn middle(element: &ElementHandle) -> LogicalPosition {
    let (at, size) = (element.absolute_position(), element.size());
    LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
}

/// Whether submissions can be saved.
#[derive(Clone, Copy, PartialEq)]
pub enum Disk {
    Works,
    Fails,
}

/// The URL before the tracking token in the QR codes of this kiosk.
pub const TRACKING: &str = "https://mall.example/t/";

/// The outbox and identity of an enrolled kiosk.
fn store(folder: &Path) -> (Arc<Mutex<Outbox>>, Arc<Mutex<Identity>>) {
    let mut random = ChaCha20Rng::seed_from_u64(7);
    let (mut identity, _) = Identity::open(folder, now(), &mut random).unwrap();
    let enrolment = Enrolment {
        kiosk: KioskNumber::new(3).unwrap(),
        name: "Main entrance".to_owned(),
        token: Secret("token".to_owned()),
        sealing_key: PrivateKey::new(&mut random).public(),
        public_url: "https://mall.example".to_owned(),
        policy: SlaPolicy::default(),
        content_key: None,
    };
    let public_url = enrolment.public_url.parse().unwrap();
    identity.enrol("https://mall.example", enrolment, &public_url).unwrap();
    let (outbox, _) = Outbox::open(folder, &mut identity, now()).unwrap();
    (Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity)))
}

/// A kiosk in a window without a display.
pub struct Kiosk {
    pub window: Rc<Window>,
    woken: Receiver<()>,
    data: tempfile::TempDir,
    /// The socket at the server's address, which never answers.
    _silent: TcpListener,
}

impl Kiosk {
    /// An enrolled kiosk that nobody has touched yet.
    pub fn start(size: (u32, u32)) -> Self {
        let mall = mall();
        let spot = mall.kiosks()[0].clone();
        Self::start_in(World::new(mall, spot, Pinyin::Missing), Disk::Works, size)
    }

    /// A kiosk with this world and this disk.
    pub fn start_in(world: World, disk: Disk, size: (u32, u32)) -> Self {
        stage::headless();
        let data = tempfile::tempdir().unwrap();
        let store = (disk == Disk::Works).then(|| store(data.path()));
        // Nothing answers there: each test supplies the server's replies.
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let lookup = store.as_ref().map(|(_, identity)| LookupClient {
            network: Network::start().unwrap(),
            server: format!("https://{}", silent.local_addr().unwrap()).parse().ok(),
            proxy: None,
            roots: Roots::web_pki(),
            software: "screens".to_owned(),
            identity: Arc::clone(identity),
        });
        let parts = Parts { world, store, pinyin: None, sync: None, lookup, courier: None, clock: now };
        let shell = Shell::new(parts);
        let (wake, woken) = channel();
        let wake = Mutex::new(wake);
        let app = ui::App::new().unwrap();
        let wake = Arc::new(move || {
            let _ = wake.lock().unwrap().send(());
        });
        stage::size(&app, size);
        let window = Window::new(app, shell, Panel::default(), wake);
        stage::show(window.app());
        let kiosk = Self { window, woken, data, _silent: silent };
        // There is a server, and it does not answer.
        kiosk.window.pump();
        kiosk.window.send(Arrival::Link(Link::Offline));
        kiosk
    }

    /// Sends an event and lets its effects happen.
    pub fn send(&self, event: impl Into<Event>) {
        self.window.send(event);
        stage::settle();
    }

    /// Waits until results of the workers make a condition true.
    pub fn wait_until(&self, what: &str, mut is: impl FnMut(&ui::App) -> bool) {
        stage::settle();
        self.window.pump();
        while !is(self.window.app()) {
            self.woken.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| panic!("never: {what}"));
            self.window.pump();
            stage::settle();
        }
    }

    /// The controls on the screen, enabled or not.
    pub fn controls(&self) -> Vec<ElementHandle> {
        use i_slint_backend_testing::AccessibleRole::{Button, Checkbox, ListItem, RadioButton, TextInput};
        let all = ElementQuery::from_root(self.window.app())
            .match_descendants()
            .match_predicate(|e| {
                e.accessible_role()
                    .is_some_and(|r| [Button, Checkbox, ListItem, RadioButton, TextInput].contains(&r))
                    && e.size().width > 0.0
            })
            .find_all();
        // The query finds a control once for each component that it inherits from.
        let mut known = HashSet::new();
        let looks = |e: &ElementHandle| {
            let (at, size) = (e.absolute_position(), e.size());
            ([at.x, at.y, size.width, size.height].map(f32::to_bits), e.accessible_label())
        };
        all.into_iter().filter(|e| known.insert(looks(e))).collect()
    }

    /// The control with this label, if it is on the screen.
    pub fn find(&self, label: &str) -> Option<ElementHandle> {
        self.controls().into_iter().find(|e| e.accessible_label().as_deref() == Some(label))
    }

    /// Touches the control with this label.
    pub fn touch(&self, label: &str) {
        let all = || self.controls().iter().filter_map(ElementHandle::accessible_label).collect::<Vec<_>>();
        let control = self.find(label).unwrap_or_else(|| panic!("no {label:?} among {:?}", all()));
        self.touch_at(middle(&control));
    }

    /// Touches a point.
    pub fn touch_at(&self, position: LogicalPosition) {
        self.tap(position);
        stage::settle();
    }

    /// Touches a point and lets no further time pass.
    pub fn tap(&self, position: LogicalPosition) {
        let window = self.window.app().window();
        let button = PointerEventButton::Left;
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        // A list waits a moment to see whether the finger drags it.
        i_slint_backend_testing::mock_elapsed_time(Duration::from_millis(150));
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        window.dispatch_event(WindowEvent::PointerExited);
    }

    /// Presses a point and lifts the finger elsewhere.
    pub fn press_and_slide_off(&self, position: LogicalPosition) {
        let window = self.window.app().window();
        let button = PointerEventButton::Left;
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerPressed { position, button });
        let position = LogicalPosition::new(position.x, 4.0);
        window.dispatch_event(WindowEvent::PointerMoved { position });
        window.dispatch_event(WindowEvent::PointerReleased { position, button });
        stage::settle();
    }

    /// Presses a key of a hardware keyboard.
    pub fn press(&self, key: impl Into<slint::SharedString>) {
        let text = key.into();
        let window = self.window.app().window();
        window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
        window.dispatch_event(WindowEvent::KeyReleased { text });
        stage::settle();
    }

    /// The centre of the visible focus ring.
    pub fn ring(&self) -> Option<LogicalPosition> {
        ElementHandle::find_by_element_id(self.window.app(), "FocusRing::ring").next().map(|r| middle(&r))
    }

    /// Advances the test clock second by second.
    pub fn pass(&self, seconds: i64) {
        for _ in 0..seconds {
            SECONDS.set(SECONDS.get() + 1);
            self.window.send(Arrival::Tick(now()));
        }
        stage::settle();
    }

    /// Advances the test clock until a condition is true, ten minutes at most.
    pub fn pass_until(&self, what: &str, is: impl Fn(&ui::App) -> bool) {
        let is_so = (0..600).any(|_| {
            self.pass(1);
            is(self.window.app())
        });
        assert!(is_so, "never: {what}");
    }

    /// The kiosk's data folder.
    pub fn data(&self) -> PathBuf {
        self.data.path().to_owned()
    }
}
