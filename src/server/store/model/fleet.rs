//! Kiosks, as staff and the API see them: state, enrolment, tokens and received counts.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::content::ContentKey;
use domain::id::KioskNumber;
use domain::receipt::ReceiptKey;
use domain::seal::PrivateKey;
use domain::signature::VerifyingKey;
use domain::wire::KioskReport;

use super::moment::BELIEVED_AHEAD;
use crate::secret::Digest;

/// How long an enrolment code may be used.
pub const CODE_VALID: TimeDelta = TimeDelta::hours(24);

/// Whether a code that was valid until `until` still is. One that is valid for much longer than [`CODE_VALID`] was
/// made by a clock that was ahead.
pub fn code_is_valid(until: Timestamp, now: Timestamp) -> bool {
    until > now && until <= now + CODE_VALID + BELIEVED_AHEAD
}

/// Whether a kiosk that was last heard of at `seen` is up.
pub fn is_up(seen: Timestamp, now: Timestamp) -> bool {
    seen > now - UP_WITHIN && seen <= now + BELIEVED_AHEAD
}

/// A kiosk as staff see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kiosk {
    pub number: KioskNumber,
    /// The name that staff gave it.
    pub name: String,
    pub state: KioskState,
    /// Version of its software.
    pub software: Option<String>,
    /// When it last made contact.
    pub last_seen_at: Option<Timestamp>,
    /// How many submissions were waiting on it then.
    pub waiting: u64,
    /// How far its clock was ahead of the server's then, in milliseconds.
    pub clock_skew_ms: Option<i64>,
    /// The last report that it sent.
    pub report: Option<KioskReport>,
    /// When the server last noticed that its disk was copied or restored.
    pub copied_at: Option<Timestamp>,
    /// When a batch with its token last had a wrong signature.
    pub wrong_signature_at: Option<Timestamp>,
    /// The public URL that it prints on receipts, if it has said so.
    pub public_url: Option<String>,
    /// The publication that it shows, if it shows one.
    pub content_shown: Option<u64>,
    /// Why it refused the publication that it was offered.
    pub content_trouble: Option<String>,
}

/// The state of a kiosk, from its enrolment code to its revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KioskState {
    /// It has a code and has not used it.
    Expected {
        /// When the code expires.
        until: Timestamp,
    },
    /// Its code expired unused.
    Forgotten,
    /// It is in service.
    Enrolled,
    /// It may not send any more.
    Revoked,
}

/// The data of an enrolment request, and the token that the kiosk is to get.
#[derive(Debug)]
pub struct Redemption {
    /// Digest of the enrolment code.
    pub code: Digest,
    /// Digest of the new kiosk token.
    pub token: Digest,
    /// The key for the MAC on its tracking tokens.
    pub receipt_key: ReceiptKey,
    /// The key that verifies its batches.
    pub signing_key: VerifyingKey,
    /// The private halves of the keys to which it sealed before enrolment.
    pub provisional_keys: Vec<PrivateKey>,
    /// Version of its software.
    pub software: String,
}

/// The outcome of an enrolment.
#[derive(Clone, Debug)]
pub enum Redeemed {
    /// The kiosk is enrolled.
    Enrolled {
        kiosk: KioskNumber,
        name: String,
        /// The key that content is signed with, if there is one.
        content_key: Option<ContentKey>,
    },
    /// There is no such code.
    Unknown,
    /// The code has expired.
    Expired,
    /// Another kiosk used the code.
    Taken,
}

/// The owner of a kiosk token.
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
    /// Never. Its first use ends the older tokens.
    First,
    Again,
}

/// A kiosk that called within this time is up.
pub const UP_WITHIN: TimeDelta = TimeDelta::minutes(10);
/// A kiosk's clock that is off by this much or more is wrong.
pub const CLOCK_WRONG: TimeDelta = TimeDelta::minutes(5);
/// Less free disk space than this is too little, in bytes.
pub const DISK_LOW: u64 = 200_000_000;
/// How long staff see a problem after it was last noticed.
pub const PROBLEM_SHOWN_FOR: TimeDelta = TimeDelta::days(7);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KioskFilter {
    #[default]
    All,
    /// Kiosks in service with a problem: silent, low on disk space, with a wrong clock, with items in
    /// quarantine, with an alarm, with refused content, with a copied disk, or with a wrong signature.
    Troubled,
}

/// What arrived of one count of a kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    pub kiosk: KioskNumber,
    /// Under which number it counted; `K0` before enrolment.
    pub queued_as: KioskNumber,
    pub epoch: u32,
    /// The highest seq that arrived.
    pub highest: u64,
    /// How many seqs below it have not arrived.
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
    pub kiosks: Vec<Kiosk>,
    /// What arrived of the counts of these kiosks.
    pub received: Vec<Received>,
    /// Whether there is a next page.
    pub more: bool,
    /// How many kiosks there are.
    pub all: u64,
    /// How many kiosks are in trouble.
    pub troubled: u64,
}
