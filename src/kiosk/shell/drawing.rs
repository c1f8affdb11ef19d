//! Paints map pictures off the window's thread.
//!
//! A picture takes tens of milliseconds, but a touch must be answered at once. The painter caches the last
//! few pictures, because visitors switch between the same two levels. Cached pixels are compressed: a map has
//! few colours, and its pixels take 5 to 20 MB. Only the newest order counts: older orders in the queue are
//! dropped.

use std::collections::VecDeque;
use std::io::{Read as _, Write as _};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use wayfinding::draw::{self, DrawOptions, Fonts, MapTheme, Picture, Rotation};
use wayfinding::geometry::Point;
use wayfinding::venue::{FeatureId, KioskSpot, Venue};

use crate::routes::KioskRoutes;
use crate::view::{Contrast, Extent, MapScene, TextSize};

/// A painted picture and its pixels.
pub struct Drawing {
    pub painted: Painted,
    /// Red, green, blue and alpha; colours are premultiplied by alpha.
    pub rgba: Arc<Vec<u8>>,
}

/// A painted picture, without its pixels.
#[derive(Clone)]
pub struct Painted {
    /// Pixels in a row.
    pub width: u32,
    pub height: u32,
    /// The places on it, for people who cannot see it: their names, and the boxes around them in parts of its width
    /// and height (left, top, right, bottom).
    pub places: Arc<[(String, [f64; 4])]>,
    /// The point to centre when not all of it fits: the pointed place, else the kiosk, else the destination.
    pub focus: (f64, f64),
    picture: Arc<Picture>,
}

impl Painted {
    /// The point on the level, in metres, that is drawn at a pixel.
    pub fn point_at(&self, x_px: f64, y_px: f64) -> Point {
        self.picture.point_at(x_px, y_px)
    }

    /// The place that is drawn at a pixel.
    pub fn place_at(&self, x_px: f64, y_px: f64) -> Option<FeatureId> {
        self.picture.place_at(x_px, y_px)
    }
}

/// The size of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Pixels in a row.
    pub width_px: u32,
    pub height_px: u32,
    /// Pixels per millimetre of the screen.
    pub px_per_mm: f32,
}

type Done = Box<dyn FnOnce(Drawing) + Send>;

struct Order {
    scene: MapScene,
    size: Size,
    routes: Option<KioskRoutes>,
    done: Done,
}

/// The smallest size of labels, in millimetres: with it capitals are 4.8 mm high, as on the rest of the screen.
/// A shop whose name does not fit has a pictogram.
const TEXT_MM: f64 = 6.74;
/// The factor by which labels are larger where there is more room, or for larger text.
const CLOSER_TEXT: f64 = 1.25;
/// The pictures in the cache.
const KEPT: usize = 4;

/// A picture in the cache.
struct Kept {
    scene: MapScene,
    size: Size,
    painted: Painted,
    /// The pixels, compressed with deflate.
    packed: Vec<u8>,
}

impl Kept {
    fn pack(scene: MapScene, size: Size, painted: Painted, rgba: &[u8]) -> std::io::Result<Self> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(rgba)?;
        Ok(Self { scene, size, painted, packed: encoder.finish()? })
    }

    fn unpack(&self) -> std::io::Result<Drawing> {
        let mut rgba = Vec::with_capacity(4 * self.painted.width as usize * self.painted.height as usize);
        DeflateDecoder::new(&*self.packed).read_to_end(&mut rgba)?;
        Ok(Drawing { painted: self.painted.clone(), rgba: Arc::new(rgba) })
    }
}

/// Paints on its own thread, which ends when this is dropped.
pub struct Painter {
    orders: Sender<Order>,
}

impl Painter {
    /// Starts the thread.
    pub fn start(venue: Arc<Venue>, spot: KioskSpot) -> Self {
        let (orders, inbox) = channel();
        std::thread::Builder::new()
            .name("painter".to_owned())
            .spawn(move || paint_all(&inbox, &venue, &spot))
            .expect("a thread can be started when the kiosk starts");
        Self { orders }
    }

    /// Orders a picture; `done` is called on the painter's thread.
    pub fn order(&self, scene: MapScene, size: Size, routes: Option<KioskRoutes>, done: Done) {
        // If the painter has panicked, the page shows its texts without the map.
        let _ = self.orders.send(Order { scene, size, routes, done });
    }
}

fn paint_all(inbox: &Receiver<Order>, venue: &Venue, spot: &KioskSpot) {
    let fonts = Fonts::system().unwrap_or_else(|error| {
        tracing::error!(target: "maintenance", %error, "maps lack some of their labels");
        error.fonts
    });
    let mut kept: VecDeque<Kept> = VecDeque::with_capacity(KEPT);
    while let Ok(first) = inbox.recv() {
        let order = inbox.try_iter().last().unwrap_or(first);
        let known = kept.iter().find(|kept| kept.scene == order.scene && kept.size == order.size);
        if let Some(Ok(drawing)) = known.map(Kept::unpack) {
            (order.done)(drawing);
            continue;
        }
        let drawing = paint(&order, venue, spot, &fonts);
        let (painted, rgba) = (drawing.painted.clone(), Arc::clone(&drawing.rgba));
        (order.done)(drawing);
        // A picture with a route is valid only for the routes at the time of painting. An enlarged picture is
        // rarely shown again.
        if order.scene.destination.is_none()
            && order.scene.zoom <= 1.0
            && let Ok(packed) = Kept::pack(order.scene, order.size, painted, &rgba)
        {
            kept.truncate(KEPT - 1);
            kept.push_front(packed);
        }
    }
}

/// The size of labels, in millimetres. A picture that is larger than its room, or shows a part of the level, has
/// room for larger ones.
fn text_mm(scene: &MapScene) -> f64 {
    let closer = scene.extent == Extent::Route || scene.zoom > 1.0;
    let text = match scene.text_size {
        TextSize::Normal => TEXT_MM,
        TextSize::Large | TextSize::ExtraLarge => TEXT_MM * CLOSER_TEXT,
    };
    if closer { text * CLOSER_TEXT } else { text }
}

fn paint(order: &Order, venue: &Venue, spot: &KioskSpot, fonts: &Fonts) -> Drawing {
    let scene = &order.scene;
    let route = scene
        .destination
        .and_then(|(place, profile)| order.routes.as_ref()?.tree(profile).route_to(&place).ok());
    let options = DrawOptions {
        language: scene.language,
        fonts: Some(fonts),
        px_per_mm: f64::from(order.size.px_per_mm),
        width_px: order.size.width_px,
        height_px: order.size.height_px,
        text_mm: text_mm(scene),
        least_text_mm: TEXT_MM,
        rotation: Rotation::BestFit,
        view: match scene.extent {
            Extent::Whole => draw::View::Whole,
            Extent::Route => draw::View::Route,
        },
        kiosk: Some(spot),
        route: route.as_ref(),
        highlight: scene.destination.map(|(place, _)| place),
        named: scene.landmark,
        pointed: scene.pointed.map(|at| {
            let (longitude, latitude) = at.degrees();
            venue.frame().to_metres(longitude, latitude)
        }),
        theme: match scene.contrast {
            Contrast::Normal => MapTheme::PAPER,
            Contrast::High => MapTheme::HIGH_CONTRAST,
        },
        ..DrawOptions::default()
    };
    let picture = draw::level(venue, scene.level, &options);
    let raster = picture.raster(fonts);
    let destination =
        scene.destination.and_then(|(id, _)| venue.place(&id)).filter(|p| p.level == scene.level);
    let focus = match destination {
        _ if options.pointed.is_some() => options.pointed.map_or((0.0, 0.0), |at| picture.pixel_of(at)),
        _ if spot.level == scene.level => picture.pixel_of(spot.position),
        Some(place) => picture.pixel_of(place.position),
        None => (f64::from(raster.width) / 2.0, f64::from(raster.height) / 2.0),
    };
    let (width, height) = (raster.width, raster.height);
    let part = |[left, top, right, bottom]: [f64; 4]| {
        let (whole_x, whole_y) = (f64::from(width.max(1)), f64::from(height.max(1)));
        [left / whole_x, top / whole_y, right / whole_x, bottom / whole_y]
    };
    let named = |(id, bounds)| Some((venue.place(&id)?.name.get(scene.language).to_owned(), part(bounds)));
    let places = picture.places().into_iter().filter_map(named).collect();
    Drawing {
        painted: Painted { width, height, places, focus, picture: Arc::new(picture) },
        rgba: Arc::new(raster.rgba),
    }
}
