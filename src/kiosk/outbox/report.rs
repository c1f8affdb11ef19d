//! The kiosk's report to the server: quarantined items, alarms, free disk space.

use std::path::Path;

use domain::Timestamp;
use domain::wire::{Alarm, KioskReport};

use super::{Error, Outbox};

/// Free bytes on the disk of `folder`.
fn disk_free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// The most quarantined submissions that a report lists.
const MAX_LISTED: usize = 20;

impl Outbox {
    /// The state of the kiosk. A value that cannot be read is left out; an alarm then says why.
    pub fn report(&self, software: &str) -> KioskReport {
        let oldest = self
            .db
            .prepare_cached("select min(created_at) from waiting")
            .and_then(|mut query| query.query_row((), |row| row.get::<_, Option<i64>>(0)))
            .ok()
            .flatten();
        let quarantined = self.quarantined().unwrap_or_default();
        KioskReport {
            software: software.to_owned(),
            oldest_waiting: oldest.and_then(Timestamp::from_timestamp_millis),
            quarantined: u64::try_from(quarantined.len()).unwrap_or(u64::MAX),
            first_quarantined: quarantined.into_iter().take(MAX_LISTED).map(Into::into).collect(),
            alarms: self.alarms.raised().to_vec(),
            disk_free: disk_free(&self.folder),
            up_s: Some(self.uptime().as_secs()),
        }
    }

    /// Raises an alarm for a failed read.
    pub fn raise_alarm(&mut self, error: &Error, now: Timestamp) {
        self.alarms.set_time(now);
        self.alarms.raise(error);
    }

    /// The alarms of this run.
    pub fn alarms(&self) -> &[Alarm] {
        self.alarms.raised()
    }
}
