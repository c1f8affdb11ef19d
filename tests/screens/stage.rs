//! Renders a window without a display, with real fonts.

use std::path::PathBuf;

use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};
use slint::{ComponentHandle, Rgba8Pixel, SharedPixelBuffer};

/// The size of the default panel in portrait orientation.
pub const PORTRAIT: (u32, u32) = (1080, 1920);
/// The same panel in landscape orientation.
pub const LANDSCAPE: (u32, u32) = (1920, 1080);

/// Gives this test's thread its own Slint platform, with a mock clock.
pub fn headless() {
    let options =
        TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
    slint::platform::set_platform(Box::new(TestingBackend::new(options))).expect("one kiosk a thread");
}

pub fn size(window: &impl ComponentHandle, (width, height): (u32, u32)) {
    window.window().set_size(slint::PhysicalSize::new(width, height));
}

pub fn show(window: &impl ComponentHandle) {
    window.show().unwrap();
    settle();
}

/// Advances the mock clock until all effects of a change have happened.
pub fn settle() {
    for _ in 0..3 {
        i_slint_backend_testing::mock_elapsed_time(std::time::Duration::from_millis(300));
        slint::platform::update_timers_and_animations();
    }
}

/// Renders the window, and saves the picture for people to look at.
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
    // One filter for all lines: choosing one per line takes longer than the drawing.
    encoder.set_filter(png::Filter::Up);
    encoder.write_header().unwrap().write_image_data(pixels.as_bytes()).unwrap();
    pixels
}
