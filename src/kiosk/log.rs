//! Helpers for the log: the target of maintenance lines, and sanitising of foreign text.

/// The tracing target of lines for the maintainers of the kiosk.
pub(crate) const MAINTENANCE: &str = "maintenance";

/// A foreign text made safe for a log: at most 160 characters, on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(160).collect()
}
