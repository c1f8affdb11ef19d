//! Kiosks as staff and the API see them.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::content::ContentKey;
use domain::id::KioskNumber;
use domain::receipt::ReceiptKey;
use domain::seal::PrivateKey;
use domain::signature::VerifyingKey;
use domain::wire::KioskReport;

use crate::secret::Digest;

/// How long an enrolment code may be used.
pub const CODE_VALID: TimeDelta = TimeDelta::hours(24);

/// A kiosk as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    /// What it is called by.
    pub number: KioskNumber,
    /// What staff named it.
    pub name: String,
    /// Where it is in its life.
    pub state: KioskState,
    /// Version of its program.
    pub software: Option<String>,
    /// When it last called.
    pub last_seen_at: Option<Timestamp>,
    /// How many submissions were waiting on it then.
    pub waiting: u64,
    /// How far its clock was ahead of the server's then, in milliseconds.
    pub clock_skew_ms: Option<i64>,
    /// How it was then, as it said itself.
    pub report: Option<KioskReport>,
    /// When it last showed that its disk was copied or put back.
    pub copied_at: Option<Timestamp>,
    /// When something last came under its token that it had not signed so.
    pub wrong_signature_at: Option<Timestamp>,
    /// The publication that it shows, if it shows one.
    pub content_shown: Option<u64>,
    /// Why it did not take the publication that it was offered.
    pub content_trouble: Option<String>,
}

/// Where a kiosk is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KioskState {
    /// It has a code and has not used it.
    Expected {
        /// When the code ends.
        until: Timestamp,
    },
    /// Its code ended unused.
    Forgotten,
    /// It is in service.
    Enrolled,
    /// It may not send any more.
    Revoked,
}

/// What a kiosk brings to its enrolment.
#[derive(Debug)]
pub struct Redemption {
    /// Of the code that staff were given.
    pub code: Digest,
    /// Of the token that it will get.
    pub token: Digest,
    /// The key that marks its receipts.
    pub receipt_key: ReceiptKey,
    /// The key under which it signs its batches.
    pub signing_key: VerifyingKey,
    /// Keys to which it sealed so far.
    pub provisional_keys: Vec<PrivateKey>,
    /// Version of its program.
    pub software: String,
}

/// What became of an enrolment.
#[derive(Clone, Debug)]
pub enum Redeemed {
    /// The kiosk is in.
    Enrolled {
        kiosk: KioskNumber,
        name: String,
        /// The key that content is signed with, if there is one.
        content_key: Option<ContentKey>,
    },
    /// There is no such code.
    Unknown,
    /// The code was good once.
    Expired,
    /// Another kiosk used the code.
    Taken,
}

/// Who is calling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A kiosk in service, whether its token was used before, and the key that goes with the token.
    Kiosk(KioskNumber, TokenUse, VerifyingKey),
    /// A kiosk that was revoked.
    Revoked,
}

/// Whether a token was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenUse {
    /// Never: its first use ends the older ones.
    First,
    Again,
}

/// A kiosk that called within this time is up.
pub const UP: TimeDelta = TimeDelta::minutes(10);
/// A clock that is further off than this is wrong.
pub const CLOCK_WRONG: TimeDelta = TimeDelta::minutes(5);
/// Less room on a disk than this is too little, in bytes.
pub const DISK_LOW: u64 = 200_000_000;
/// What was noticed within this time is worth telling; after that it is history.
pub const LATELY: TimeDelta = TimeDelta::days(7);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Those in service with which something is wrong: silent, out of room, with a wrong clock, with
    /// something in quarantine, alarmed, copied, or not the only one with its token.
    Troubled,
}

/// One count of one kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub kiosk: KioskNumber,
    /// Under which number it counted; `K0` before enrolment.
    pub queued_as: KioskNumber,
    /// Which of its outboxes.
    pub epoch: u32,
    /// The highest seq that arrived.
    pub highest: u64,
    /// How many seqs below it did not.
    pub missing: u64,
    /// The first of them, as ranges.
    pub gaps: Vec<(u64, u64)>,
    /// How many came with a seq that was taken, as from a copied disk.
    pub collisions: u64,
    /// When the last of them came.
    pub collision_at: Option<Timestamp>,
}

/// A page of the list of kiosks.
#[derive(Clone, Debug)]
pub struct FleetPage {
    /// Those on it.
    pub kiosks: Vec<Kiosk>,
    /// What arrived from each of them.
    pub received: Vec<Received>,
    /// Whether there are more behind them.
    pub more: bool,
    /// How many kiosks there are.
    pub all: u64,
    /// How many of them somebody has to look after.
    pub troubled: u64,
}
