//! What kiosk and server exchange beside submissions, in the same request and reply.
//!
//! The kiosk reports its counts and its state. The server answers which seqs it lacks and what the kiosk
//! should do. This recovers from rare accidents, such as a server that was restored from a backup or a disk
//! that was copied.

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

/// The state of a kiosk, for its maintainers. It contains nothing about a visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KioskReport {
    /// The version of the kiosk's program.
    pub software: String,
    /// When the oldest waiting submission was queued, by the kiosk's clock.
    #[serde(deserialize_with = "crate::calendar::optional_moment")]
    pub oldest_waiting: Option<Timestamp>,
    /// The number of submissions in its quarantine.
    pub quarantined: u64,
    /// The first submissions in its quarantine.
    pub first_quarantined: Vec<QuarantinedItem>,
    /// What went wrong since the kiosk started, and what on its disk needs a person.
    pub alarms: Vec<Alarm>,
    /// The free space on its disk, in bytes.
    pub disk_free: Option<u64>,
    /// How long the kiosk's program has run, in seconds.
    pub up_s: Option<u64>,
}

/// A submission in a kiosk's quarantine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantinedItem {
    /// The id of the submission.
    pub id: SubmissionId,
    /// The kiosk number when it was queued; `K0` before enrolment.
    pub kiosk: KioskNumber,
    /// The epoch of the outbox that counted it.
    pub epoch: Epoch,
    /// Its seq in that epoch.
    pub seq: Seq,
    /// The kind of the submission.
    pub kind: Kind,
    /// The size of its envelope in bytes.
    pub bytes: u64,
    /// Why it is in quarantine.
    pub reason: String,
    /// When it was quarantined, by the kiosk's clock.
    #[serde(deserialize_with = "crate::calendar::moment")]
    pub since: Timestamp,
}

/// A condition that needs a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    /// The code of the alarm: `disk-full`, `disk-failed`, `outbox-damaged`, `outbox-moved-aside`, or one that
    /// a later version adds.
    pub code: String,
    /// When it last happened, by the kiosk's clock.
    #[serde(deserialize_with = "crate::calendar::moment")]
    pub last: Timestamp,
    /// How often it happened.
    pub times: u32,
}
