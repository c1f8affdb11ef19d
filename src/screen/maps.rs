//! Map pictures: ordered for exactly the room there is, shown when they are painted.
//!
//! An order has a number; a picture that comes for an older one is for a page that has moved on, and is
//! dropped.

use std::cell::{Cell, RefCell};

use kiosk::shell::{Drawing, Size};
use kiosk::view::MapScene;
use slint::{ComponentHandle, Image, Rgba8Pixel, SharedPixelBuffer};
use wayfinding::geometry::Point;
use wayfinding::venue::FeatureId;

use crate::ui;
use crate::window::Window;

/// A place on the window for a map.
#[derive(Default)]
pub(crate) struct Pane {
    /// The room for it, in the window's pixels.
    room: Cell<(f32, f32)>,
    scene: RefCell<Option<MapScene>>,
    ordered: RefCell<Option<(MapScene, Size)>>,
    order: Cell<u64>,
    drawing: RefCell<Option<Drawing>>,
}

impl Pane {
    /// The place painted at a point, given in parts of the picture's width and height.
    pub fn place_at(&self, x: f32, y: f32) -> Option<FeatureId> {
        self.point_at(x, y)?.0
    }

    /// The same, and the point itself: in metres on the level that is painted.
    pub fn point_at(&self, x: f32, y: f32) -> Option<(Option<FeatureId>, Point)> {
        let drawing = self.drawing.borrow();
        let drawing = drawing.as_ref()?;
        let at = |part: f32, whole: u32| f64::from(part) * f64::from(whole);
        let (x, y) = (at(x, drawing.width), at(y, drawing.height));
        Some((drawing.place_at(x, y), drawing.point_at(x, y)))
    }
}

/// The window has this much room for the map now.
pub(crate) fn resize(window: &Window, pane: &Pane, width: f32, height: f32) {
    pane.room.set((width, height));
    order(window, pane);
}

/// This is to be seen; nothing for an empty pane.
pub(crate) fn show(window: &Window, pane: &Pane, scene: Option<&MapScene>) {
    pane.scene.replace(scene.cloned());
    if scene.is_none() {
        pane.ordered.take();
        pane.drawing.take();
        pane.order.set(next_number(window));
        set(window, pane, ui::MapPicture::default());
        return;
    }
    order(window, pane);
}

fn panes(window: &Window) -> [&Pane; 3] {
    [&window.home_map, &window.route_map, &window.form_map]
}

fn next_number(window: &Window) -> u64 {
    panes(window).into_iter().map(|pane| pane.order.get()).max().unwrap_or_default() + 1
}

fn order(window: &Window, pane: &Pane) {
    let Some(scene) = pane.scene.borrow().clone() else { return };
    let (width, height) = pane.room.get();
    let pixels = |length: f32| {
        let pixels = (length * window.scale() * scene.zoom).round().clamp(0.0, 8192.0);
        // The clamp leaves nothing that does not fit.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 8192")]
        let pixels = pixels as u32;
        pixels
    };
    let size = Size { width_px: pixels(width), height_px: pixels(height), px_per_mm: window.px_per_mm() };
    if size.width_px < 16 || size.height_px < 16 {
        return;
    }
    let wanted = Some((scene, size));
    if *pane.ordered.borrow() == wanted {
        return;
    }
    let number = next_number(window);
    pane.order.set(number);
    pane.ordered.replace(wanted.clone());
    if let Some((scene, size)) = wanted {
        window.order(number, &scene, size);
    }
}

/// A picture has been painted.
pub(crate) fn take(window: &Window, number: u64, drawing: Drawing) {
    let Some(pane) = panes(window).into_iter().find(|p| p.order.get() == number) else { return };
    let pixels =
        SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(&drawing.rgba, drawing.width, drawing.height);
    let part = |at: f64, whole: u32| (at / f64::from(whole.max(1))).clamp(0.0, 1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a part of a screen")]
    let picture = ui::MapPicture {
        picture: Image::from_rgba8_premultiplied(pixels),
        width: drawing.width as f32 / window.scale(),
        height: drawing.height as f32 / window.scale(),
        centre_x: part(drawing.focus.0, drawing.width) as f32,
        centre_y: part(drawing.focus.1, drawing.height) as f32,
        edition: i32::try_from(number).unwrap_or_default(),
    };
    pane.drawing.replace(Some(drawing));
    set(window, pane, picture);
}

fn set(window: &Window, pane: &Pane, picture: ui::MapPicture) {
    if std::ptr::eq(pane, &window.home_map) {
        window.app().global::<ui::HomeAdapter>().set_map(picture);
    } else if std::ptr::eq(pane, &window.form_map) {
        window.app().global::<ui::PointingAdapter>().set_map(picture);
    } else {
        window.app().global::<ui::RouteAdapter>().set_map(picture);
    }
}
