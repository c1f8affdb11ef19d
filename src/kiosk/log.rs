//! Helpers for the log: the target of maintenance lines, sanitising of foreign text, and what no level may
//! show.

/// The filter directive that every log of a kiosk adds to its own. At the level `trace` this module of the HTTP
/// client dumps the bodies of requests and replies, with what a visitor looked up.
pub const WITHOUT_BODIES: &str = "ureq_proto::util=off";

/// The tracing target of lines for the maintainers of the kiosk.
pub(crate) const MAINTENANCE: &str = "maintenance";

/// A foreign text made safe for a log: at most 80 characters, on one line.
pub(crate) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
