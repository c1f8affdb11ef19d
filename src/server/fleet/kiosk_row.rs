//! One row of the kiosk list, as ready-to-show strings: state, received counts, alarms, warnings.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::id::KioskNumber;
use domain::wire::{Alarm, KioskReport};

use crate::console::speech::Speech;
use crate::store::fleet::{CLOCK_WRONG, DISK_LOW, Kiosk, KioskState, PROBLEM_SHOWN_FOR, Received, is_up};

/// A submission that waits on a kiosk for longer than this is marked as late.
const WAITED_LONG: TimeDelta = TimeDelta::hours(1);

/// A row of the list.
pub struct Row {
    /// The kiosk number, such as `K3`.
    pub number: String,
    /// The name that staff gave it.
    pub name: String,
    pub state: String,
    /// The class of the state in the style sheet.
    pub state_key: &'static str,
    /// When it last made contact.
    pub seen: String,
    /// How many submissions wait on it.
    pub waiting: String,
    /// Since when the oldest of them waits, and the class for the style sheet: `late` if that is too long.
    pub oldest: Option<(String, &'static str)>,
    /// What arrived of each of its counts.
    pub received: Vec<String>,
    /// Problems that need attention now.
    pub alarms: Vec<String>,
    /// Problems that are less urgent.
    pub warnings: Vec<String>,
    /// Its software, its content and its free disk space.
    pub about: Vec<String>,
    /// Whether it has items in quarantine that it can be asked to retry.
    pub holds_back: bool,
    pub revocable: bool,
}

impl Row {
    /// The row of `kiosk`. `received` may hold the counts of other kiosks too. `public_url` belongs on receipts.
    pub fn new(s: &Speech, kiosk: &Kiosk, received: &[Received], public_url: &str) -> Self {
        let counts = || received.iter().filter(move |count| count.kiosk == kiosk.number);
        let nothing = KioskReport::default();
        let report = kiosk.report.as_ref().unwrap_or(&nothing);
        let alarms: Vec<String> = counts()
            .filter(|count| count.collision_at.is_some_and(|at| s.now() - at < PROBLEM_SHOWN_FOR))
            .map(|count| collisions_line(s, count))
            .chain(alarms(s, kiosk, report))
            .collect();
        let enrolled = counts().filter(|count| count.queued_as != KioskNumber::NOT_ENROLLED).count();
        let (state_key, state) = match state(s, kiosk) {
            ("up", words) if !alarms.is_empty() => ("ill", words),
            state => state,
        };
        Self {
            number: kiosk.number.to_string(),
            name: kiosk.name.clone(),
            state,
            state_key,
            seen: kiosk.last_seen_at.map_or_else(|| s.t("kiosk.never"), |at| s.moment(at)),
            waiting: kiosk.waiting.to_string(),
            // The oldest may have arrived with the same request as the report.
            oldest: report.oldest_waiting.filter(|_| kiosk.waiting > 0).map(|at| oldest(s, kiosk, at)),
            received: counts().map(|count| received_line(s, count, enrolled)).collect(),
            alarms,
            warnings: warnings(s, kiosk, report, public_url),
            about: about(s, kiosk, report, public_url),
            holds_back: report.quarantined > 0,
            revocable: kiosk.state != KioskState::Revoked,
        }
    }
}

fn state(s: &Speech, kiosk: &Kiosk) -> (&'static str, String) {
    let up = kiosk.last_seen_at.is_some_and(|at| is_up(at, s.now()));
    match kiosk.state {
        KioskState::Expected { until } => {
            ("expected", s.fill("kiosk.expected", &[("time", &s.moment(until))]))
        }
        KioskState::Forgotten => ("forgotten", s.t("kiosk.forgotten")),
        KioskState::Revoked => ("revoked", s.t("kiosk.revoked")),
        KioskState::Enrolled if up => ("up", s.t("kiosk.up")),
        KioskState::Enrolled => ("down", s.t("kiosk.down")),
    }
}

/// Since when the oldest submission waits, by the server's clock: the kiosk's own may be wrong.
fn oldest(s: &Speech, kiosk: &Kiosk, at: Timestamp) -> (String, &'static str) {
    let skew = kiosk.clock_skew_ms.and_then(TimeDelta::try_milliseconds).unwrap_or_default();
    let at = at.checked_sub_signed(skew).unwrap_or(at);
    let class = if s.now() - at > WAITED_LONG { "late" } else { "" };
    (s.fill("kiosk.oldest", &[("time", &s.moment(at))]), class)
}

/// The alarms that the kiosk reports, a copied disk, a wrong signature, low disk space and its quarantine.
fn alarms(s: &Speech, kiosk: &Kiosk, report: &KioskReport) -> Vec<String> {
    let mut lines: Vec<String> = report.alarms.iter().map(|alarm| alarm_line(s, alarm)).collect();
    if let Some(at) = kiosk.copied_at.filter(|at| s.now() - *at < PROBLEM_SHOWN_FOR) {
        lines.push(s.fill("kiosk.copied", &[("time", &s.moment(at))]));
    }
    if let Some(at) = kiosk.wrong_signature_at.filter(|at| s.now() - *at < PROBLEM_SHOWN_FOR) {
        lines.push(s.fill("kiosk.wrong-signature", &[("time", &s.moment(at))]));
    }
    if let Some(free) = report.disk_free.filter(|free| *free < DISK_LOW) {
        lines.push(s.fill("kiosk.disk-low", &[("size", &size(free))]));
    }
    if report.quarantined > 0 {
        let mut reasons: Vec<&str> =
            report.first_quarantined.iter().map(|held| held.reason.as_str()).collect();
        reasons.dedup();
        let line = s.n("kiosk.held-back", report.quarantined);
        lines.push(if reasons.is_empty() { line } else { format!("{line} ({})", reasons.join("; ")) });
    }
    lines
}

fn alarm_line(s: &Speech, alarm: &Alarm) -> String {
    let what = match alarm.code.as_str() {
        "disk-full" => s.t("kiosk.alarm-disk-full"),
        "disk-failed" => s.t("kiosk.alarm-disk-failed"),
        "outbox-damaged" => s.t("kiosk.alarm-outbox-damaged"),
        "outbox-moved-aside" => s.t("kiosk.alarm-outbox-moved-aside"),
        // A newer kiosk may report codes that this version does not know.
        other => s.fill("kiosk.alarm-other", &[("code", other)]),
    };
    if alarm.times < 2 {
        return what;
    }
    format!("{what} {}", s.n("kiosk.alarm-times", alarm.times.into()))
}

fn warnings(s: &Speech, kiosk: &Kiosk, report: &KioskReport, public_url: &str) -> Vec<String> {
    let skew =
        kiosk.clock_skew_ms.filter(|ms| ms.unsigned_abs() >= CLOCK_WRONG.num_milliseconds().unsigned_abs());
    let clock = skew.map(|ms| {
        let off = s.roughly(TimeDelta::try_milliseconds(ms).unwrap_or_default().abs());
        s.fill(if ms > 0 { "kiosk.clock-ahead" } else { "kiosk.clock-behind" }, &[("time", &off)])
    });
    let content = kiosk.content_trouble.as_ref().map(|why| s.fill("kiosk.content-refused", &[("why", why)]));
    // The last report of a revoked kiosk tells what was left on it.
    let silent = kiosk.state == KioskState::Revoked && report.oldest_waiting.is_some() && kiosk.waiting > 0;
    let left = silent.then(|| s.n("kiosk.left-behind", kiosk.waiting));
    let prints = kiosk.public_url.as_ref().filter(|url| *url != public_url);
    let prints = prints.map(|url| s.fill("kiosk.prints-other", &[("url", url), ("own", public_url)]));
    clock.into_iter().chain(content).chain(prints).chain(left).collect()
}

fn about(s: &Speech, kiosk: &Kiosk, report: &KioskReport, public_url: &str) -> Vec<String> {
    let version = |text: &String| text.strip_prefix("galleria-kiosk/").unwrap_or(text).to_owned();
    let software = kiosk.software.iter().filter(|text| !text.is_empty()).map(version);
    let disk = report.disk_free.filter(|free| *free >= DISK_LOW);
    let disk = disk.map(|free| s.fill("kiosk.disk-free", &[("size", &size(free))]));
    let content = kiosk.content_shown.map(|n| s.fill("kiosk.content", &[("n", &n.to_string())]));
    let prints = kiosk.public_url.as_ref().filter(|url| *url == public_url);
    let prints = prints.map(|url| s.fill("kiosk.prints", &[("url", url)]));
    software.chain(content).chain(prints).chain(disk).collect()
}

/// A size of a disk, in decimal units.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes % 1_000_000_000 / 100_000_000),
    }
}

/// How many items came with a seq that was taken, and when the last of them came.
fn collisions_line(s: &Speech, count: &Received) -> String {
    let when = count.collision_at.map_or_else(|| s.t("kiosk.never"), |at| s.moment(at));
    format!(
        "{} {}",
        s.n("kiosk.collisions", count.collisions),
        s.fill("kiosk.collisions-last", &[("time", &when)])
    )
}

/// The line of one count. `of` is how many counts the kiosk has since it enrolled; a single one needs no
/// name.
fn received_line(s: &Speech, count: &Received, of: usize) -> String {
    let highest = count.highest.to_string();
    let mut line = if count.missing == 0 {
        s.fill("kiosk.received", &[("n", &highest)])
    } else {
        let range = |(from, to): &(u64, u64)| {
            if from == to { from.to_string() } else { format!("{from}–{to}") }
        };
        let gaps: Vec<String> = count.gaps.iter().map(range).collect();
        let missing = count.missing.to_string();
        let gaps = gaps.join(&s.t("list.comma"));
        s.fill("kiosk.received-gaps", &[("n", &highest), ("missing", &missing), ("gaps", &gaps)])
    };
    if count.queued_as == KioskNumber::NOT_ENROLLED {
        line = s.fill("kiosk.outbox-before", &[("line", &line)]);
    } else if of > 1 {
        let outbox = format!("{}/{}", count.queued_as, count.epoch);
        line = s.fill("kiosk.outbox", &[("outbox", &outbox), ("line", &line)]);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disk_sizes_are_in_decimal_units() {
        assert_eq!([size(0), size(199_999_999), size(12_345_678_901)], ["0 MB", "199 MB", "12.3 GB"]);
    }
}
