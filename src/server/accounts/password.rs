//!
//! Passwords: how they are hashed, and how a typed password is verified.
//!
//! Argon2id with 19 MiB, two passes and one lane. Verifying takes the same time whether or not the account
//! exists, so response times do not reveal who has an account. A hash is slow on purpose: callers run it off
//! the async threads, and few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::random::Random;
use crate::secret::Password;

/// A password could not be hashed. The parameters are constants, so the machine is at fault.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed")]
pub struct HashFailed(#[from] argon2::password_hash::Error);

/// The result of verifying a typed password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The password is right.
    Fits,
    /// The password is wrong, or there is no such account.
    Fails,
}

/// A dummy hash that no password matches. It is verified when there is no such account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2FsbGVyaWEgbm9ib2R5$\
                      3qmpDIzU7mXz8Q1wGfPMa6rWkX5cTTq0yGvXfYy9Zxs";

/// How every current hash begins: its parameters.
const CURRENT: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Whether a hash has the parameters of today. Another one is replaced when its owner signs in.
pub fn is_current(hash: &str) -> bool {
    hash.starts_with(CURRENT)
}

fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password into a PHC string with its own salt.
///
/// # Errors
/// [`HashFailed`] when there is not enough memory.
pub fn hash(password: &Password, random: &Random) -> Result<String, HashFailed> {
    let salt: [u8; 16] = random.bytes();
    Ok(hasher().hash_password_with_salt(password.reveal().as_bytes(), &salt)?.to_string())
}

/// Verifies `claim` against the stored hash `kept`, which is `None` when there is no such account.
pub fn check(claim: &Password, kept: Option<&str>) -> Claim {
    let parsed = PasswordHash::new(kept.unwrap_or(NOBODY));
    let fits = parsed.is_ok_and(|hash| hasher().verify_password(claim.reveal().as_bytes(), &hash).is_ok());
    if fits && kept.is_some() { Claim::Fits } else { Claim::Fails }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_that_was_set_fits() {
        let random = Random::from_seed([1; 32]);
        let password = Password::chosen("correct horse").unwrap();
        let kept = hash(&password, &random).unwrap();
        assert!(is_current(&kept), "{kept}");
        assert_eq!(check(&password, Some(&kept)), Claim::Fits);
        assert_eq!(check(&Password::chosen("correct house").unwrap(), Some(&kept)), Claim::Fails);
        assert_eq!(check(&password, None), Claim::Fails);
        assert_ne!(kept, hash(&password, &random).unwrap(), "each hash has its own salt");
    }

    /// The dummy hash parses. Otherwise an unknown login would be refused faster than a known one.
    #[test]
    fn an_unknown_login_costs_a_hash_too() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
