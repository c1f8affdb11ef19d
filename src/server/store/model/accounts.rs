//! Staff, their roles and their sessions.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::language::Language;

/// A session ends after this time without use.
pub const SESSION_IDLE: TimeDelta = TimeDelta::minutes(30);
/// A session ends after this time in any case.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::hours(12);
/// How often the last use of a session is stored. To store it at each click would cost a sync of the disk.
pub const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The id of a member of staff in this database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StaffId(pub i64);

/// What a member of staff may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Read and answer cases.
    Agent,
    /// Also kiosks and the audit.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 2] = [Self::Agent, Self::Administrator];

    /// Its key in the database and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Administrator => "administrator",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.key() == key)
    }
}

/// What a member of staff types to sign in: 2 to 40 ASCII letters, digits, dots, dashes or underscores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

/// The text is not a login: it has other characters, or too many or too few of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login has 2 to 40 letters, digits, dots, dashes or underscores; {0:?} has not")]
pub struct LoginShape(String);

impl Login {
    /// Parses a typed login. The characters are restricted because logins appear in addresses and tables.
    ///
    /// # Errors
    /// [`LoginShape`].
    pub fn parse(typed: &str) -> Result<Self, LoginShape> {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if (2..=40).contains(&typed.len()) && typed.chars().all(fits) {
            return Ok(Self(typed.to_owned()));
        }
        Err(LoginShape(typed.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    /// What they type to sign in.
    pub login: String,
    /// What colleagues call them.
    pub name: String,
    pub role: Role,
    /// The language of their console, if they chose one.
    pub language: Option<Language>,
}

/// An account, as the operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub staff: Staff,
    pub disabled: bool,
}

/// A session that has not ended.
#[derive(Clone, Debug)]
pub struct Session {
    pub staff: Staff,
    /// When it was last used, as far as that is stored: see [`USE_NOTED_EVERY`].
    pub seen_at: Timestamp,
}
