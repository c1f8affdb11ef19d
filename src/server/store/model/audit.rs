//! The audit: who did or saw what. An entry is written in the transaction of the action that it records.

use domain::Timestamp;

use super::accounts::{Staff, StaffId};

/// An audited action. Its key is stored, and names its text in the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    SignIn,
    /// Seeing how to reach a visitor.
    ContactSeen,
    KioskAdded,
    /// Giving a kiosk a new enrolment code.
    KioskCode,
    KioskRevoked,
    /// Asking a kiosk to retry its quarantine.
    KioskRetry,
    KioskEnrolled,
    StaffAdded,
    /// Setting the password of an account.
    StaffPassword,
    /// Disabling an account.
    StaffDisabled,
    /// Naming the key that content is signed with.
    ContentKey,
    ContentPublished,
    ContentWithdrawn,
}

impl AuditAction {
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

    /// Its key in the database and in translations.
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

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.key() == key)
    }
}

/// Whether the action was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditResult {
    Done,
    Refused,
}

impl AuditResult {
    pub const ALL: [Self; 2] = [Self::Done, Self::Refused];

    /// Its key in the database and in translations.
    pub fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|result| result.key() == key)
    }
}

/// Who did the action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditActor {
    /// A member of staff who is signed in.
    Staff(StaffId, String),
    /// The operator, on the machine itself.
    CommandLine,
    /// A kiosk, by its name.
    Kiosk(String),
    /// A person who is not signed in, by the login that they typed.
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

/// One entry of the audit, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: i64,
    pub at: Timestamp,
    /// What the actor was called.
    pub who: String,
    pub action: AuditAction,
    /// What it was done to, such as a case number or a kiosk.
    pub about: String,
    pub result: AuditResult,
}
