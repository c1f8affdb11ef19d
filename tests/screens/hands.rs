//! Touch and keys: both reach every control.

use domain::language::Language;
use i_slint_backend_testing::{AccessibleRole, ElementHandle};
use kiosk::view::{Contrast, TextSize};
use screen::theme::Panel;
use screen::ui;
use slint::platform::Key;
use slint::{ComponentHandle, LogicalPosition};

use crate::pages::visit;
use crate::stage::PORTRAIT;
use crate::tours::Setting;
use crate::visit::{Kiosk, middle};

pub const NORMAL: Setting = Setting {
    shape: ("portrait", PORTRAIT),
    language: Language::ZhHans,
    text: TextSize::Normal,
    contrast: Contrast::Normal,
};

fn near(a: LogicalPosition, b: LogicalPosition) -> bool {
    (a.x - b.x).abs() < 2.0 && (a.y - b.y).abs() < 2.0
}

/// Moves through a page by Tab; returns the controls on which the focus ring was never seen.
pub fn never_reached(kiosk: &Kiosk) -> Vec<String> {
    // A row that begins at the end of its list is not visible yet.
    let seen = |t: &Target| t.right - t.left > 2.0 && t.bottom - t.top > 2.0;
    let mut waiting: Vec<_> = targets(kiosk).into_iter().filter(seen).map(|t| (t.label, t.middle)).collect();
    for _ in 0..2 * waiting.len() + 4 {
        kiosk.press(Key::Tab);
        if let Some(ring) = kiosk.ring() {
            waiting.retain(|(_, at)| !near(*at, ring));
        }
    }
    waiting.into_iter().map(|(label, _)| label).collect()
}

#[test]
fn tab_reaches_every_control_of_every_page() {
    let mut missed = Vec::new();
    visit(NORMAL, &mut |kiosk, page| {
        for label in never_reached(kiosk) {
            missed.push(format!("{page}: {label}"));
        }
    });
    assert!(missed.is_empty(), "{missed:#?}");
}

/// A control that can be touched now, and its position.
struct Target {
    label: String,
    role: AccessibleRole,
    middle: LogicalPosition,
    /// The visible part.
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
    /// The size of the whole control.
    width: f32,
    height: f32,
}

impl Target {
    fn overlaps(&self, other: &Self) -> bool {
        let apart = 1.0;
        self.right > other.left + apart
            && other.right > self.left + apart
            && self.bottom > other.top + apart
            && other.bottom > self.top + apart
    }
}

/// A rectangle: left, top, right, bottom.
pub type Box = (f32, f32, f32, f32);

pub fn box_of(e: &ElementHandle) -> Box {
    let (at, size) = (e.absolute_position(), e.size());
    (at.x, at.y, at.x + size.width, at.y + size.height)
}

/// The scrolling areas: each with the boxes of its content, which may lie outside the visible part.
pub fn scrolled(kiosk: &Kiosk) -> Vec<(Box, Vec<Box>)> {
    let all = ElementHandle::find_by_element_type_name(kiosk.window.app(), "Flickable");
    all.map(|area| {
        let inside = area.query_descendants().find_all();
        (box_of(&area), inside.iter().map(box_of).collect())
    })
    .collect()
}

fn targets(kiosk: &Kiosk) -> Vec<Target> {
    let areas = scrolled(kiosk);
    let target = |e: &ElementHandle| {
        let whole = box_of(e);
        let (mut left, mut top, mut right, mut bottom) = whole;
        for (area, _) in areas.iter().filter(|(_, inside)| inside.contains(&whole)) {
            (left, top) = (left.max(area.0), top.max(area.1));
            (right, bottom) = (right.min(area.2), bottom.min(area.3));
        }
        Target {
            label: e.accessible_label().unwrap_or_default().into(),
            role: e.accessible_role().unwrap(),
            middle: middle(e),
            left,
            top,
            right,
            bottom,
            width: whole.2 - whole.0,
            height: whole.3 - whole.1,
        }
    };
    kiosk.controls().iter().filter(|e| e.accessible_enabled() != Some(false)).map(target).collect()
}

/// Pixels to millimetres on the default panel.
fn mm(pixels: f32) -> f32 {
    pixels / Panel::default().px_per_mm
}

/// The faults of the touch targets on this page: names, sizes, positions.
pub fn faults(kiosk: &Kiosk, page: &str, (width, _): (u32, u32)) -> Vec<String> {
    let all = targets(kiosk);
    let keys = kiosk.window.app().global::<ui::KeyboardAdapter>().get_open();
    let mut faults = Vec::new();
    for t in &all {
        let Target { label, .. } = t;
        if label.is_empty() {
            faults.push(format!("{page}: a {:?} without a name", t.role));
        }
        // A key of the on-screen keyboard may be lower than 20 mm, but not lower than 15 mm.
        let least = if keys { 15.0 } else { 19.7 };
        if mm(t.width.min(t.height)) < least {
            faults.push(format!("{page}: {label} is {:.1} × {:.1} mm", mm(t.width), mm(t.height)));
        }
        if t.left < -1.0 || t.right > width as f32 + 1.0 {
            faults.push(format!("{page}: {label} leaves the screen"));
        }
    }
    for (i, a) in all.iter().enumerate() {
        for b in all[i + 1..].iter().filter(|b| a.overlaps(b)) {
            faults.push(format!("{page}: {} lies over {}", b.label, a.label));
        }
    }
    faults
}
