//! Map pictures. Workers paint them at exactly the size of the room on the window.
//!
//! Each order has a number. A picture with the number of an older order is dropped: its page has changed
//! since.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use kiosk::shell::{Drawing, Painted, Size};
use kiosk::view::MapScene;
use slint::{ComponentHandle, Image, ModelRc, Rgba8Pixel, SharedPixelBuffer, Timer, VecModel};
use wayfinding::geometry::Point;
use wayfinding::venue::FeatureId;

use crate::ui;

/// The three panes of the window that show a map.
pub(crate) struct Maps {
    pub home: Rc<Pane>,
    pub route: Rc<Pane>,
    pub pointing: Rc<Pane>,
}

/// Paints a map. Takes the number of the order, the scene, and the size of the picture.
type Painter = Box<dyn Fn(u64, &MapScene, Size)>;

/// After this time a picture for an expected room is painted, so that it does not delay the first frame.
const EXPECTED_LATER: Duration = Duration::from_millis(500);

/// What all panes share.
struct Orders {
    last: Cell<u64>,
    px_per_mm: f32,
    painter: Painter,
}

impl Orders {
    fn next_number(&self) -> u64 {
        self.last.set(self.last.get() + 1);
        self.last.get()
    }
}

impl Maps {
    /// Empty panes. `painter` paints for a panel with this many pixels per millimetre.
    pub fn new(px_per_mm: f32, painter: impl Fn(u64, &MapScene, Size) + 'static) -> Self {
        let orders = Rc::new(Orders { last: Cell::new(0), px_per_mm, painter: Box::new(painter) });
        let pane = |set: Setter| Rc::new(Pane::new(Rc::clone(&orders), set));
        Self {
            home: pane(|app, picture| app.global::<ui::HomeAdapter>().set_map(picture)),
            route: pane(|app, picture| app.global::<ui::RouteAdapter>().set_map(picture)),
            pointing: pane(|app, picture| app.global::<ui::PointingAdapter>().set_map(picture)),
        }
    }

    /// Orders all pictures again after the map has changed.
    pub fn order_again(&self, app: &ui::App) {
        for pane in [&self.home, &self.route, &self.pointing] {
            pane.ordered.take();
            pane.order(app);
        }
    }

    /// Shows a painted picture in the pane that ordered it; drops a picture that no pane waits for.
    pub fn take(&self, app: &ui::App, number: u64, drawing: Drawing) {
        let panes = [&self.home, &self.route, &self.pointing];
        if let Some(pane) = panes.into_iter().find(|pane| pane.number.get() == number) {
            pane.take(app, drawing);
        }
    }
}

/// Sets a picture on the window.
type Setter = fn(&ui::App, ui::MapPicture);

/// One pane of the window that shows a map.
pub(crate) struct Pane {
    orders: Rc<Orders>,
    set: Setter,
    /// The room for it, in the window's pixels.
    room: Cell<(f32, f32)>,
    /// Whether the page has reported the room; until then it is an estimate.
    is_room_known: Cell<bool>,
    scene: RefCell<Option<MapScene>>,
    ordered: RefCell<Option<(MapScene, Size)>>,
    /// The number of the last order.
    number: Cell<u64>,
    painted: RefCell<Option<Painted>>,
}

impl Pane {
    fn new(orders: Rc<Orders>, set: Setter) -> Self {
        Self {
            orders,
            set,
            room: Cell::default(),
            is_room_known: Cell::default(),
            scene: RefCell::default(),
            ordered: RefCell::default(),
            number: Cell::default(),
            painted: RefCell::default(),
        }
    }

    /// A callback for the room that the page has for the map.
    pub fn on_room(self: &Rc<Self>, app: &ui::App) -> impl Fn(f32, f32) + 'static {
        let (pane, app) = (Rc::clone(self), app.as_weak());
        move |width, height| {
            pane.is_room_known.set(true);
            pane.room.set((width, height));
            if let Some(app) = app.upgrade() {
                pane.order(&app);
            }
        }
    }

    /// A callback for an estimate of the room, used until the page reports the real one.
    pub fn on_expected_room(self: &Rc<Self>, app: &ui::App) -> impl Fn(f32, f32) + 'static {
        let (pane, app) = (Rc::clone(self), app.as_weak());
        move |width, height| {
            if pane.is_room_known.get() {
                return;
            }
            pane.room.set((width, height));
            let (pane, app) = (Rc::clone(&pane), app.clone());
            Timer::single_shot(EXPECTED_LATER, move || {
                if let Some(app) = app.upgrade() {
                    pane.order(&app);
                }
            });
        }
    }

    /// Shows this scene, or an empty pane.
    pub fn show(&self, app: &ui::App, scene: Option<&MapScene>) {
        self.scene.replace(scene.cloned());
        if scene.is_some() {
            self.order(app);
            return;
        }
        self.ordered.take();
        self.painted.take();
        // A new number makes a picture that is still being painted too late.
        self.number.set(self.orders.next_number());
        (self.set)(app, ui::MapPicture::default());
    }

    /// The place at a point of the picture; `x` and `y` are parts of its width and height, from 0 to 1.
    pub fn place_at(&self, x: f32, y: f32) -> Option<FeatureId> {
        self.point_at(x, y)?.0
    }

    /// The same, together with the point itself in metres on the painted level.
    pub fn point_at(&self, x: f32, y: f32) -> Option<(Option<FeatureId>, Point)> {
        let painted = self.painted.borrow();
        let painted = painted.as_ref()?;
        let at = |part: f32, whole: u32| f64::from(part) * f64::from(whole);
        let (x, y) = (at(x, painted.width), at(y, painted.height));
        Some((painted.place_at(x, y), painted.point_at(x, y)))
    }

    fn order(&self, app: &ui::App) {
        let Some(scene) = self.scene.borrow().clone() else { return };
        let (width, height) = self.room.get();
        let pixels = |length: f32| {
            // A plain cast: the clamp leaves 0 to 8192.
            (length * app.window().scale_factor() * scene.zoom).round().clamp(0.0, 8192.0) as u32
        };
        let px_per_mm = self.orders.px_per_mm;
        let size = Size { width_px: pixels(width), height_px: pixels(height), px_per_mm };
        if size.width_px < 16 || size.height_px < 16 {
            return;
        }
        let wanted = Some((scene, size));
        if *self.ordered.borrow() == wanted {
            return;
        }
        self.number.set(self.orders.next_number());
        self.ordered.replace(wanted.clone());
        if let Some((scene, size)) = wanted {
            (self.orders.painter)(self.number.get(), &scene, size);
        }
    }

    fn take(&self, app: &ui::App, drawing: Drawing) {
        let Drawing { painted, rgba } = drawing;
        let pixels = SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(&rgba, painted.width, painted.height);
        let part = |at: f64, whole: u32| (at / f64::from(whole.max(1))).clamp(0.0, 1.0);
        let scale = app.window().scale_factor();
        // Plain casts: parts from 0 to 1.
        let place = |(name, [left, top, right, bottom]): &(String, [f64; 4])| ui::MapPlaceRow {
            name: name.as_str().into(),
            x: *left as f32,
            y: *top as f32,
            width: (right - left) as f32,
            height: (bottom - top) as f32,
        };
        let places: Vec<_> = painted.places.iter().map(place).collect();
        // Plain casts: pixels, at most 8192, and parts from 0 to 1.
        let picture = ui::MapPicture {
            picture: Image::from_rgba8_premultiplied(pixels),
            width: painted.width as f32 / scale,
            height: painted.height as f32 / scale,
            centre_x: part(painted.focus.0, painted.width) as f32,
            centre_y: part(painted.focus.1, painted.height) as f32,
            edition: i32::try_from(self.number.get()).unwrap_or_default(),
            places: ModelRc::new(VecModel::from(places)),
        };
        self.painted.replace(Some(painted));
        (self.set)(app, picture);
    }
}
