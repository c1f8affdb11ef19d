//! Alarms: disk failures since the start, for the maintainers of the kiosk. They are logged when they happen
//! and reported to the server with the next batch.

use std::fs;
use std::path::Path;

use domain::Timestamp;
use domain::wire::Alarm;

use super::error::Error;

/// The alarms of this run, and the alarm for files that were moved aside and are still there.
pub(super) struct Alarms {
    raised: Vec<Alarm>,
    /// The time of the last call of `set_time`.
    now: Timestamp,
}

impl Alarms {
    /// Raises alarms for files in the data folder that were moved aside.
    pub(super) fn begin(folder: &Path, now: Timestamp) -> Self {
        let mut alarms = Self { raised: Vec::new(), now };
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if ["outbox-damaged-", "identity-damaged-"].iter().any(|p| name.to_string_lossy().starts_with(p))
            {
                alarms.add("outbox-moved-aside");
            }
        }
        alarms
    }

    pub(super) fn set_time(&mut self, now: Timestamp) {
        self.now = now;
    }

    pub(super) fn raise(&mut self, error: &Error) {
        if error.is_passing() {
            return;
        }
        self.add(match error {
            Error::Full(_) => "disk-full",
            Error::Damaged(_) => "outbox-damaged",
            _ => "disk-failed",
        });
    }

    pub(super) fn raised(&self) -> &[Alarm] {
        &self.raised
    }

    fn add(&mut self, code: &str) {
        let last = self.now;
        match self.raised.iter_mut().find(|alarm| alarm.code == code) {
            Some(alarm) => (alarm.last, alarm.times) = (last, alarm.times.saturating_add(1)),
            None => self.raised.push(Alarm { code: code.to_owned(), last, times: 1 }),
        }
    }
}
