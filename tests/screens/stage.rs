//! A window without a display, with real fonts and real pixels.

use std::path::PathBuf;

use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};
use slint::{ComponentHandle, Rgba8Pixel, SharedPixelBuffer};

/// The panel that the kiosk is drawn for, upright.
pub const PORTRAIT: (u32, u32) = (1080, 1920);
/// The same panel lying.
pub const LANDSCAPE: (u32, u32) = (1920, 1080);

/// Gives this test's thread a platform of its own, whose time stands still.
pub fn headless() {
    let options =
        TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    slint::platform::set_platform(Box::new(TestingBackend::new(options))).expect("one kiosk a thread");
}

/// Gives a window this size.
pub fn size(window: &impl ComponentHandle, (width, height): (u32, u32)) {
    window.window().set_size(slint::PhysicalSize::new(width, height));
}

/// Shows a window.
pub fn show(window: &impl ComponentHandle) {
    window.show().unwrap();
    settle();
}

/// Lets all that follows from a change happen.
pub fn settle() {
    for _ in 0..3 {
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(300));
        slint::platform::update_timers_and_animations();
    }
}

/// Renders the window and leaves the picture where people can look at it.
pub fn picture(window: &impl ComponentHandle, name: &str) -> SharedPixelBuffer<Rgba8Pixel> {
    settle();
    let pixels = window.window().take_snapshot().unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    let file = std::fs::File::create(folder.join(format!("{name}.png"))).unwrap();
    let mut encoder = png::Encoder::new(file, pixels.width(), pixels.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    // One filter for all lines: to choose one for each takes longer than the drawing.
    encoder.set_filter(png::Filter::Up);
    encoder.write_header().unwrap().write_image_data(pixels.as_bytes()).unwrap();
    pixels
}
