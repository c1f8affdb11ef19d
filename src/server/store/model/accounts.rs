//! Staff, their roles and their sessions.

use chrono::TimeDelta;
use domain::Timestamp;
use domain::language::Language;

/// A session ends after this time without use.
pub const SESSION_IDLE: TimeDelta = TimeDelta::minutes(30);
/// A session ends after this time in any case.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::hours(12);
/// How exactly the last use is remembered: noting it at each click would cost a sync of the disk.
pub const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Who, inside this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StaffId(pub i64);

/// What somebody may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Read and answer cases.
    Agent,
    /// Also kiosks and the audit.
    Administrator,
}

impl Role {
    /// The word for it in the database and on the command line.
    pub fn key(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Agent, Self::Administrator].into_iter().find(|role| role.key() == key)
    }
}

/// What somebody types to sign in: 2 to 40 ASCII letters, digits, dots, dashes or underscores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login(String);

/// A login with other characters, or too many or too few of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a login has 2 to 40 letters, digits, dots, dashes or underscores; {0:?} has not")]
pub struct LoginShape(String);

impl Login {
    /// Takes what an operator typed; logins go into addresses and tables.
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

    /// The login itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staff {
    pub id: StaffId,
    /// What they type to sign in.
    pub login: String,
    /// What colleagues call them.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The language of their console, once they chose one.
    pub language: Option<Language>,
}

/// Somebody's account, as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub staff: Staff,
    /// Whether their access ended.
    pub disabled: bool,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct Session {
    pub staff: Staff,
    /// When they were last seen.
    pub seen_at: Timestamp,
}
