//! The program `galleria-kiosk`: reads the settings, opens the parts of the application, opens the window.

mod program {
    pub mod focus;
    pub mod parts;
    pub mod settings;
}

use std::cell::RefCell;
use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Instant;

use clap::Parser as _;
use kiosk::shell::Shell;
use program::settings::{Given, Settings};
use screen::ui;
use screen::window::Window;
use signal_hook::consts::{SIGINT, SIGTERM};
use slint::winit_030::{EventResult, WinitWindowAccessor as _, winit};
use slint::{BackendSelector, ComponentHandle as _, PhysicalSize, PlatformError};
use tracing_subscriber::EnvFilter;

/// Overwrites memory when it is freed: what a visitor typed must not remain in it.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

thread_local! {
    /// The window, so that other threads can ask it to call [`Window::pump`].
    static WINDOW: RefCell<Weak<Window>> = const { RefCell::new(Weak::new()) };
}

fn main() -> ExitCode {
    let began = Instant::now();
    let given = Given::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_env_filter(
            EnvFilter::try_from_env("GALLERIA_KIOSK_LOG")
                .unwrap_or_else(|_| EnvFilter::new("info,winit=error,arboard=off")),
        )
        .init();
    forbid_core_dumps();
    let settings = match Settings::gather(given) {
        Ok(settings) => settings,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "galleria-kiosk: {error}");
            return ExitCode::from(2);
        }
    };
    if let Some(error) = &settings.damaged_file {
        tracing::error!(target: "maintenance", "{error}; the kiosk starts without it");
    }
    match run(&settings, began) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "galleria-kiosk: no window can be opened: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Forbids core dumps: a dump could hold what a visitor is typing.
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }) {
        tracing::error!(target: "maintenance", %error, "core dumps could not be switched off");
    }
}

fn run(settings: &Settings, began: Instant) -> Result<(), PlatformError> {
    BackendSelector::new().backend_name("winit".into()).renderer_name("software".into()).select()?;
    let app = ui::App::new()?;
    app.window().set_size(PhysicalSize::new(settings.size.width, settings.size.height));
    app.window().set_fullscreen(settings.fullscreen);
    announce_first_frame(&app, began);

    let shell = Shell::new(program::parts::gather(settings, chrono::Utc::now));
    let window = Window::new(app, shell, settings.panel, Arc::new(wake));
    WINDOW.with(|w| *w.borrow_mut() = Rc::downgrade(&window));
    window.start_clock();
    end_on_signals();
    window.app().run()?;
    tracing::info!(target: "maintenance", "the kiosk ends");
    Ok(())
}

/// Asks the window, from any thread, to take in the results of workers.
fn wake() {
    // This fails only when the event loop has ended; then nobody needs the results.
    let _ = slint::invoke_from_event_loop(|| {
        if let Some(window) = WINDOW.with(|w| w.borrow().upgrade()) {
            window.pump();
        }
    });
}

/// Prints on standard output that visitors can begin, once the first frame is on the screen.
fn announce_first_frame(app: &ui::App, began: Instant) {
    let announced = std::cell::Cell::new(false);
    let window = app.as_weak();
    app.window().on_winit_window_event(move |_, event| {
        if matches!(event, winit::event::WindowEvent::RedrawRequested) && !announced.replace(true) {
            // The frame is drawn after this call. What is queued here runs after that, when the window is
            // visible; the X server refuses the keyboard focus to a window that is not.
            let _ = window.upgrade_in_event_loop(move |app| {
                app.window().with_winit_window(program::focus::take_keys_if_free);
                let _ = writeln!(std::io::stdout(), "ready after {} ms", began.elapsed().as_millis());
            });
        }
        EventResult::Propagate
    });
}

fn end_on_signals() {
    let listen = || -> std::io::Result<()> {
        let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGINT])?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            if signals.forever().next().is_some() {
                // This fails only when the event loop has already ended.
                let _ = slint::quit_event_loop();
            }
        })?;
        Ok(())
    };
    if let Err(error) = listen() {
        tracing::error!(target: "maintenance", %error, "signal handlers could not be installed");
    }
}
