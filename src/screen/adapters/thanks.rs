//! The thanks page, which shows the receipt.

use kiosk::pages::thanks::ThanksView;
use qrcode::{Color, QrCode};
use slint::{ComponentHandle, Image, ModelRc, Rgb8Pixel, SharedPixelBuffer};

use super::rows;
use crate::events::Events;
use crate::maps::Maps;
use crate::ui;

/// Does nothing: the page has no controls of its own, only the bottom bar.
pub fn connect(_: &ui::App, _: &Events, _: &Maps) {}

pub fn show(app: &ui::App, _: &Maps, view: &ThanksView, _: Option<&ThanksView>) {
    let page = app.global::<ui::ThanksAdapter>();
    page.set_title(view.title.as_str().into());
    page.set_due(view.due.as_str().into());
    let code = (!view.qr.is_empty()).then(|| code(&view.qr)).flatten();
    page.set_has_code(code.is_some());
    page.set_code(code.unwrap_or_default());
    page.set_number_label(view.number_label.as_str().into());
    page.set_number(view.number.as_str().into());
    page.set_short_label(view.code_label.as_str().into());
    page.set_short(view.code.as_str().into());
    let steps = view.steps.iter().map(rows::notice).collect();
    rows::refresh(&page.get_steps(), steps, |model| page.set_steps(model));
    page.set_offline(view.offline.as_str().into());
}

/// The width of the quiet zone around a QR code, in modules. The QR code standard requires 4.
const QUIET: usize = 4;

/// Draws a QR code with its quiet zone, one pixel for each module. None for a text that does not fit in a QR
/// code.
fn code(text: &str) -> Option<Image> {
    let code = QrCode::new(text).ok()?;
    let modules = code.width();
    let side = modules + 2 * QUIET;
    let edge = u32::try_from(side).ok()?;
    let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(edge, edge);
    let rows = pixels.make_mut_slice().chunks_exact_mut(side);
    for (y, row) in rows.enumerate() {
        for (x, pixel) in row.iter_mut().enumerate() {
            let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < modules);
            let dark = matches!((inside(x), inside(y)), (Some(x), Some(y)) if code[(x, y)] == Color::Dark);
            *pixel = if dark { Rgb8Pixel::new(0, 0, 0) } else { Rgb8Pixel::new(255, 255, 255) };
        }
    }
    Some(Image::from_rgb8(pixels))
}

/// Clears the receipt.
pub fn forget(app: &ui::App, _: &Maps) {
    let page = app.global::<ui::ThanksAdapter>();
    page.set_has_code(false);
    page.set_code(Image::default());
    page.set_number("".into());
    page.set_short("".into());
    page.set_due("".into());
    page.set_steps(ModelRc::default());
}
