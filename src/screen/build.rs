//! Compiles the window in `ui/kiosk` to Rust.

fn main() {
    let debug = std::env::var("PROFILE").is_ok_and(|profile| profile == "debug");
    let config = slint_build::CompilerConfiguration::new()
        .with_style("fluent-light".into())
        // Tests find elements by what a visitor would call them, which needs the names in the program.
        .with_debug_info(debug);
    slint_build::compile_with_config("../../ui/kiosk/app.slint", config).expect("ui/kiosk compiles");
}
