//! What kiosk and server tell each other beside submissions, in the same contact.
//!
//! The kiosk reports its counts and its state. The server answers which seqs it misses and what the kiosk should
//! do. This mends rare accidents, such as a server that was restored from a backup or a disk that was copied.

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::id::{Epoch, KioskNumber, Seq, SubmissionId};
use crate::kind::Kind;

/// How far one count of a kiosk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SeqWatermark {
    /// The number under which it was counted; `K0` before enrolment.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^K[0-9]{1,5}$", example = "K3"))]
    pub kiosk: KioskNumber,
    /// The outbox that counted it.
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub epoch: Epoch,
    /// From the kiosk: the last seq that it has given. From the server: the last seq up to which it has every
    /// one.
    #[cfg_attr(feature = "schema", schema(value_type = u64, maximum = 9007199254740991_i64))]
    pub last: Seq,
}

/// The seqs of one count that the server lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct MissingSeqs {
    /// The number under which it was counted.
    #[cfg_attr(feature = "schema", schema(value_type = String, pattern = "^K[0-9]{1,5}$", example = "K3"))]
    pub kiosk: KioskNumber,
    /// The outbox that counted it.
    #[cfg_attr(feature = "schema", schema(value_type = u32))]
    pub epoch: Epoch,
    /// First and last seq of each gap, lowest first; perhaps not all of them at once.
    #[cfg_attr(feature = "schema", schema(value_type = Vec<Vec<u64>>))]
    pub gaps: Vec<(Seq, Seq)>,
}

/// How a kiosk is, for its maintainers. Nothing in it says anything about a visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KioskReport {
    /// Version of its program.
    pub software: String,
    /// When the oldest submission that waits was queued, by the kiosk's clock.
    pub oldest_waiting: Option<Timestamp>,
    /// How many submissions are in its quarantine.
    pub quarantined: u64,
    /// The first of them.
    pub first_quarantined: Vec<QuarantinedItem>,
    /// What went wrong on it since it started, or lies on its disk waiting for somebody.
    pub alarms: Vec<Alarm>,
    /// Room that is left for it on its disk, in bytes.
    pub disk_free: Option<u64>,
    /// How long its program has run, in seconds.
    pub up_s: Option<u64>,
}

/// A submission in a kiosk's quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedItem {
    /// The submission's id.
    pub id: SubmissionId,
    /// The number under which it was counted.
    pub kiosk: KioskNumber,
    /// The outbox that counted it.
    pub epoch: Epoch,
    /// Its place in the count.
    pub seq: Seq,
    /// What kind of thing it is.
    pub kind: Kind,
    /// Bytes of its envelope.
    pub bytes: u64,
    /// Why it is there.
    pub reason: String,
    /// Since when, by the kiosk's clock.
    pub since: Timestamp,
}

/// Something that a person has to see to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// A word for it: `disk-full`, `disk-failed`, `outbox-damaged`, `outbox-moved-aside`, or one that a
    /// later version has.
    pub code: String,
    /// When it last happened, by the kiosk's clock.
    pub last: Timestamp,
    /// How often it happened.
    pub times: u32,
}
