//! Compiles the window in `ui/kiosk` to Rust.

fn main() {
    let debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        // Tests find elements by their accessible names and types, which need the debug information.
        .with_debug_info(debug);
    slint_build::compile_with_config("../../ui/kiosk/app.slint", config).expect("ui/kiosk compiles");
}
