//! What the maintenance log needs: its target, and text from outside made fit for it.

/// The tracing target of lines for the people who maintain the kiosk.
pub(crate) const MAINTENANCE: &str = "maintenance";

/// Text from outside, fit for a log: at most 80 characters, on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
