//! The audit: who did or saw what. An entry is written in the transaction of the act itself.

use domain::Timestamp;

use super::accounts::{Staff, StaffId};

/// What was done. The key is stored, and is a key of words, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    SignIn,
    /// Seeing how to reach a visitor.
    ContactSeen,
    /// Adding a kiosk.
    KioskAdded,
    /// Giving a kiosk a new enrolment code.
    KioskCode,
    /// Revoking a kiosk.
    KioskRevoked,
    /// Asking a kiosk to try again what it keeps in quarantine.
    KioskRetry,
    /// A kiosk's enrolment.
    KioskEnrolled,
    /// Adding a member of staff.
    StaffAdded,
    /// Setting somebody's password.
    StaffPassword,
    /// Ending somebody's access.
    StaffDisabled,
    /// Naming the key that content is signed with.
    ContentKey,
    ContentPublished,
    ContentWithdrawn,
}

impl AuditAction {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::SignIn,
        Self::ContactSeen,
        Self::KioskAdded,
        Self::KioskCode,
        Self::KioskRevoked,
        Self::KioskRetry,
        Self::KioskEnrolled,
        Self::StaffAdded,
        Self::StaffPassword,
        Self::StaffDisabled,
        Self::ContentKey,
        Self::ContentPublished,
        Self::ContentWithdrawn,
    ];

    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::ContactSeen => "contact-seen",
            Self::KioskAdded => "kiosk-added",
            Self::KioskCode => "kiosk-code",
            Self::KioskRevoked => "kiosk-revoked",
            Self::KioskRetry => "kiosk-retry",
            Self::KioskEnrolled => "kiosk-enrolled",
            Self::StaffAdded => "staff-added",
            Self::StaffPassword => "staff-password",
            Self::StaffDisabled => "staff-disabled",
            Self::ContentKey => "content-key",
            Self::ContentPublished => "content-published",
            Self::ContentWithdrawn => "content-withdrawn",
        }
    }

    /// The action with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key() == key)
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditResult {
    /// It was done.
    Done,
    /// It was refused.
    Refused,
}

impl AuditResult {
    pub const ALL: [Self; 2] = [Self::Done, Self::Refused];

    /// The word for it in the database and in keys of words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    /// The result with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.key() == key)
    }
}

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditActor {
    /// Somebody who is signed in.
    Staff(StaffId, String),
    /// The operator, on the machine itself.
    CommandLine,
    /// A kiosk, by its name.
    Kiosk(String),
    /// Somebody who is not signed in, by the login that they typed.
    Stranger(String),
}

impl AuditActor {
    /// What they are called in the audit.
    pub fn name(&self) -> &str {
        match self {
            Self::Staff(_, name) | Self::Kiosk(name) | Self::Stranger(name) => name,
            Self::CommandLine => "command line",
        }
    }

    /// Their account, if they have one.
    pub fn staff(&self) -> Option<StaffId> {
        if let Self::Staff(id, _) = self { Some(*id) } else { None }
    }
}

impl From<&Staff> for AuditActor {
    fn from(staff: &Staff) -> Self {
        Self::Staff(staff.id, staff.name.clone())
    }
}

/// One line of the audit, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    /// What the actor was called.
    pub who: String,
    /// What was done.
    pub action: AuditAction,
    /// To what: a case number, a kiosk.
    pub about: String,
    /// How it ended.
    pub result: AuditResult,
}
