//! Keyboard focus on an X server without a window manager.
//!
//! A window manager or compositor gives the window the keyboard focus. A kiosk may also run on an X server
//! with nothing else on it. There nobody sets the focus, and the input of a scanner or keypad would be lost.
//! Therefore the window takes the focus itself, but only when no other window has it.

use slint::winit_030::winit;
use winit::raw_window_handle::{HasWindowHandle as _, RawWindowHandle};
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus};

/// The focus is on neither a window nor "none": keys go to the window under the pointer.
const POINTER_ROOT: u32 = 1;

/// Takes the keyboard focus if no window has it.
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
