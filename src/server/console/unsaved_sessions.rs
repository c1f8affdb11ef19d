//! Sessions that could not be saved, because the disk is full or refuses.
//!
//! Whoever signs in then can still read. Such a session is in memory only. It ends half an hour after it began, with
//! a restart of the server, and when its owner signs out, is disabled, or has a new password.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Steady;
use crate::secret::Digest;

/// How long one lasts.
const LASTS: Duration = Duration::from_secs(30 * 60);
/// Sessions kept at once. Beyond that the oldest ends.
const KEPT: usize = 1000;

/// The people whose sessions could not be saved, and when those sessions began.
#[derive(Debug, Default)]
pub struct UnsavedSessions(Mutex<HashMap<Digest, (Owner, Steady)>>);

/// Whose session it is: the login, and the password hash that was right when it began.
#[derive(Clone, PartialEq, Eq)]
pub struct Owner {
    pub login: String,
    pub hash: String,
}

/// A hash must not reach a log.
impl fmt::Debug for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Owner({})", self.login)
    }
}

impl UnsavedSessions {
    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, (Owner, Steady)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begin(&self, token: Digest, owner: Owner, now: Steady) {
        let mut sessions = self.lock();
        sessions.retain(|_, (_, begun)| now.0.saturating_sub(begun.0) < LASTS);
        if sessions.len() >= KEPT
            && let Some(oldest) =
                sessions.iter().min_by_key(|(_, (_, begun))| *begun).map(|(token, _)| *token)
        {
            sessions.remove(&oldest);
        }
        sessions.insert(token, (owner, now));
    }

    /// The owner of the session that this token opens, if it has not ended.
    pub fn find(&self, token: Digest, now: Steady) -> Option<Owner> {
        let sessions = self.lock();
        let (owner, begun) = sessions.get(&token)?;
        (now.0.saturating_sub(begun.0) < LASTS).then(|| owner.clone())
    }

    /// Ends a session. False if there is none with this token.
    pub fn end(&self, token: Digest) -> bool {
        self.lock().remove(&token).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chen() -> Owner {
        Owner { login: "chen".to_owned(), hash: "$argon2id$".to_owned() }
    }

    fn at(minute: u64) -> Steady {
        Steady(Duration::from_secs(minute * 60))
    }

    #[test]
    fn an_unsaved_session_lasts_half_an_hour() {
        let sessions = UnsavedSessions::default();
        sessions.begin(Digest([1; 32]), chen(), at(0));
        assert_eq!(sessions.find(Digest([1; 32]), at(29)), Some(chen()));
        assert_eq!(sessions.find(Digest([1; 32]), at(30)), None);
        assert_eq!(sessions.find(Digest([2; 32]), at(0)), None);
        assert!(sessions.end(Digest([1; 32])) && !sessions.end(Digest([1; 32])));
        assert_eq!(sessions.find(Digest([1; 32]), at(1)), None);
    }

    #[test]
    fn unsaved_sessions_are_bounded() {
        let sessions = UnsavedSessions::default();
        for n in 0..2000_u16 {
            let mut token = [0; 32];
            token[..2].copy_from_slice(&n.to_be_bytes());
            sessions.begin(Digest(token), chen(), Steady(Duration::from_secs(n.into())));
        }
        assert_eq!(sessions.lock().len(), KEPT);
    }
}
