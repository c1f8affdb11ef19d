//! Passwords: how they are kept and how a claim is checked.
//!
//! Argon2id with 19 MiB, two passes and one lane. Checking costs the same whether or not the account
//! exists, so that nobody learns from the time who works here. A hash is slow on purpose: callers run it
//! off the async threads and few at a time.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use crate::random::Random;
use crate::secret::Password;

/// A password could not be hashed; the parameters are constants, so this is a fault of the machine.
#[derive(Debug, thiserror::Error)]
#[error("a password could not be hashed")]
pub struct HashFailed(#[from] argon2::password_hash::Error);

/// Whether a claim fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is that password.
    Fits,
    /// It is not, or there is no such account.
    Fails,
}

/// A hash of nothing anybody can type, checked in place of one that does not exist.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2FsbGVyaWEgbm9ib2R5$\
                      3qmpDIzU7mXz8Q1wGfPMa6rWkX5cTTq0yGvXfYy9Zxs";

fn hasher() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is kept of a password: a PHC string with its own salt.
///
/// # Errors
/// [`HashFailed`] when the machine has not the memory.
pub fn hash(password: &Password, random: &Random) -> Result<String, HashFailed> {
    let salt: [u8; 16] = random.bytes();
    Ok(hasher().hash_password_with_salt(password.reveal().as_bytes(), &salt)?.to_string())
}

/// Checks a claim against what is kept; `None` when there is no such account.
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
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert_eq!(check(&password, Some(&kept)), Claim::Fits);
        assert_eq!(check(&Password::chosen("correct house").unwrap(), Some(&kept)), Claim::Fails);
        assert_eq!(check(&password, None), Claim::Fails);
        assert_ne!(kept, hash(&password, &random).unwrap(), "each hash has its own salt");
    }

    /// The hash for nobody can be read so that an unknown name costs the same.
    #[test]
    fn an_unknown_login_costs_a_hash_too() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}
