//! Keys on a bare X server.
//!
//! Where a window manager or a compositor runs, it gives the window the keys. A kiosk may also be
//! started on an X server with nothing else on it; there nobody does, and a scanner or a keypad would
//! type into the void. So the window takes the keys itself, but only when nobody has them.

use slint::winit_030::winit;
use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus};

/// Neither a window nor "none" has the keys: they go wherever the pointer is.
const POINTER_ROOT: u32 = 1;

/// Takes the keys if nobody has them.
pub fn take_keys_if_free(window: &winit::window::Window) {
    let Ok(handle) = window.window_handle() else { return };
    let id = match handle.as_raw() {
        RawWindowHandle::Xlib(handle) => u32::try_from(handle.window).ok(),
        RawWindowHandle::Xcb(handle) => Some(handle.window.get()),
        _ => None,
    };
    let Some(id) = id else { return };
    if let Err(error) = take(id) {
        tracing::warn!(target: "maintenance", %error, "the window did not get the keys");
    }
}

fn take(window: u32) -> Result<(), Box<dyn std::error::Error>> {
    let (connection, _) = x11rb::connect(None)?;
    if connection.get_input_focus()?.reply()?.focus <= POINTER_ROOT {
        connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
    }
    Ok(())
}
