//! QR codes, for the phones of visitors.

use qrcode::{Color, QrCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// The width of the quiet zone around a QR code, in modules. The QR code standard requires 4.
const QUIET: usize = 4;

/// Draws a QR code with its quiet zone, one pixel for each module. None for an empty text, or one that does not fit
/// in a QR code.
pub fn code(text: &str) -> Option<Image> {
    let code = QrCode::new(text).ok().filter(|_| !text.is_empty())?;
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
