//! Alarms: what went wrong with the disk, for whoever looks after the kiosk. The server hears of them in
//! the next contact, and the maintenance log when they happen.

use std::fs;
use std::path::Path;

use domain::Timestamp;
use domain::wire::{Alarm, KioskReport};

use super::{Error, Outbox};

/// What happened since the program started, and what lies on the disk waiting for a person.
pub(super) struct Alarms {
    raised: Vec<Alarm>,
    /// The last moment that anybody told.
    now: Timestamp,
}

impl Alarms {
    /// Looks into the data folder for what was moved aside.
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

    pub(super) fn look_at(&mut self, now: Timestamp) {
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

    fn add(&mut self, code: &str) {
        let last = self.now;
        match self.raised.iter_mut().find(|alarm| alarm.code == code) {
            Some(alarm) => (alarm.last, alarm.times) = (last, alarm.times.saturating_add(1)),
            None => self.raised.push(Alarm { code: code.to_owned(), last, times: 1 }),
        }
    }
}

/// Bytes that this program may still write where `folder` lies.
fn room_on_the_disk(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Submissions in quarantine that a report names.
const NAMED: usize = 20;

impl Outbox {
    /// How the kiosk is. What cannot be read is left out; the alarms then say why.
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
            first_quarantined: quarantined.into_iter().take(NAMED).map(Into::into).collect(),
            alarms: self.alarms.raised.clone(),
            disk_free: room_on_the_disk(&self.folder),
            up_s: Some(self.uptime().as_secs()),
        }
    }

    /// Notes that something could not be read.
    pub fn raise_alarm(&mut self, error: &Error, now: Timestamp) {
        self.alarms.look_at(now);
        self.alarms.raise(error);
    }

    /// What went wrong with the disk.
    pub fn alarms(&self) -> &[Alarm] {
        &self.alarms.raised
    }
}
