//! Who this kiosk is: its number, its keys, and the server that knows it.
//!
//! One file, `identity.json`, readable by nobody else and replaced in one step. It is made the first time
//! the kiosk starts; enrolment fills it in. Before that the kiosk seals to a provisional key whose private
//! half lies here too, because nobody else has it; the write that records the enrolment leaves it out.
//!
//! A file that cannot be understood is moved aside, never deleted: it may hold that private half.
//! Whoever holds an [`Identity`] holds its folder: a second program is turned away.

mod file;

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Timestamp;
use domain::id::{CryptoRng, Epoch, KioskNumber};
use domain::policy::SlaPolicy;
use domain::receipt::ReceiptKey;
use domain::seal::{PrivateKey, PublicKey};
use domain::signature::SigningKey;
use domain::wire::{Bytes, Enrolment, EnrolmentRequest, Secret, Signed};
use zeroize::Zeroize as _;

/// Why there is no identity, or why a change to it is not on the disk.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The folder cannot be made, read or written.
    #[error("{} cannot be used", path.display())]
    Io {
        /// What was touched.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another program has it.
    #[error("{} is in use by another kiosk program", .0.display())]
    InUse(PathBuf),
}

/// The file could not be understood and was moved aside. The kiosk continues as a new one and has to be enrolled
/// again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Where the old file lies now.
    pub to: PathBuf,
    /// What was wrong with it.
    pub reason: String,
}

impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { to, reason } = self;
        write!(
            f,
            "identity.json could not be understood ({reason}). It lies in {} now; keep it, it may hold the \
             key to what is queued. This kiosk needs a new enrolment code",
            to.display()
        )
    }
}

/// What only an enrolled kiosk has.
struct Enrolled {
    server: String,
    kiosk: KioskNumber,
    name: String,
    token: Secret,
    /// The token before this one, or one that was offered and is not known: whichever was not used last.
    other_token: Option<Secret>,
    sealing_key: PublicKey,
    tracking_url: String,
    policy: SlaPolicy,
    content_key: Option<String>,
    first_contact_s: Option<u32>,
}

enum Standing {
    Provisional { private: PrivateKey, public: PublicKey, policy: SlaPolicy },
    Enrolled(Enrolled),
}

/// What a kiosk makes for itself when it first starts, and keeps whatever server it comes to.
struct Keys {
    /// Marks its tracking tokens.
    receipt: ReceiptKey,
    /// Signs its batches.
    signing: SigningKey,
}

/// Who this kiosk is.
pub struct Identity {
    folder: PathBuf,
    epoch: Epoch,
    keys: Keys,
    standing: Standing,
    /// Locked for as long as this exists.
    _lock: File,
}

impl Identity {
    /// Reads the identity in `folder`, or makes a new one.
    ///
    /// # Errors
    /// [`Error`]: the folder cannot be used, or is in use.
    pub fn open(
        folder: &Path,
        now: Timestamp,
        random: &mut impl CryptoRng,
    ) -> Result<(Self, Option<Replaced>), Error> {
        let lock = file::take(folder)?;
        let mut replaced = None;
        let kept = match file::read(folder)? {
            file::Found::Kept(kept) => Some(*kept),
            file::Found::Nothing => None,
            file::Found::Damaged(reason) => {
                let to = file::move_aside(folder, now)?;
                replaced = Some(Replaced { to, reason });
                None
            }
        };
        let is_new = kept.is_none();
        let (epoch, keys, standing) = kept.unwrap_or_else(|| {
            let mut receipt = ReceiptKey([0; 32]);
            random.fill_bytes(&mut receipt.0);
            let keys = Keys { receipt, signing: SigningKey::new(random) };
            // A disk that takes the place of a lost one knows nothing of the epochs used on that one. From a
            // random start it does not meet them: the server would keep apart what is under the same one.
            let epoch = Epoch(random.next_u32() >> 2);
            (epoch, keys, Standing::provisional(PrivateKey::new(random)))
        });
        let identity = Self { folder: folder.to_owned(), epoch, keys, standing, _lock: lock };
        if is_new {
            identity.save(&identity.standing, identity.epoch)?;
        }
        Ok((identity, replaced))
    }

    /// The kiosk's number; [`KioskNumber::NOT_ENROLLED`] before enrolment.
    pub fn kiosk(&self) -> KioskNumber {
        self.enrolled().map_or(KioskNumber::NOT_ENROLLED, |e| e.kiosk)
    }

    /// The name that staff gave it.
    pub fn name(&self) -> Option<&str> {
        self.enrolled().map(|e| e.name.as_str())
    }

    /// The last epoch that an outbox here was given.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key that marks tracking tokens.
    pub fn receipt_key(&self) -> &ReceiptKey {
        &self.keys.receipt
    }

    /// What to seal to: the server's key, or a provisional one before enrolment.
    pub fn sealing_key(&self) -> &PublicKey {
        match &self.standing {
            Standing::Provisional { public, .. } => public,
            Standing::Enrolled(enrolled) => &enrolled.sealing_key,
        }
    }

    /// The promises to print on receipts.
    pub fn policy(&self) -> &SlaPolicy {
        match &self.standing {
            Standing::Provisional { policy, .. } => policy,
            Standing::Enrolled(enrolled) => &enrolled.policy,
        }
    }

    /// What goes before a tracking token in a QR code, once a server has said so.
    pub fn tracking_url(&self) -> Option<&str> {
        self.enrolled().map(|e| e.tracking_url.as_str())
    }

    /// The server that enrolled this kiosk.
    pub fn server(&self) -> Option<&str> {
        self.enrolled().map(|e| e.server.as_str())
    }

    /// What proves to the server who is calling.
    pub fn token(&self) -> Option<&Secret> {
        self.enrolled().map(|e| &e.token)
    }

    /// The minisign key that content is signed with, if the mall has named one.
    pub fn content_key(&self) -> Option<&str> {
        self.enrolled().and_then(|e| e.content_key.as_deref())
    }

    /// Uses a new token from now on. The one before is kept: the offer may come to nothing, and a server
    /// that is restored from a backup knows the older one.
    ///
    /// # Errors
    /// [`Error`]; then the one before is still in use.
    pub fn offer_token(&mut self, new: Secret) -> Result<(), Error> {
        let Standing::Enrolled(enrolled) = &mut self.standing else { return Ok(()) };
        if enrolled.token == new {
            return Ok(());
        }
        let before = enrolled.clone_tokens();
        enrolled.other_token = Some(std::mem::replace(&mut enrolled.token, new));
        self.save_tokens(before)
    }

    /// Shows the other token from now on, if there is one; answers whether there is.
    pub fn swap_tokens(&mut self) -> bool {
        let Standing::Enrolled(enrolled) = &mut self.standing else { return false };
        let Some(other) = enrolled.other_token.take() else { return false };
        enrolled.other_token = Some(std::mem::replace(&mut enrolled.token, other));
        // If that cannot be written down, the next start finds out the same way.
        let _ = self.save(&self.standing, self.epoch);
        true
    }

    fn save_tokens(&mut self, before: (Secret, Option<Secret>)) -> Result<(), Error> {
        let outcome = self.save(&self.standing, self.epoch);
        if let (Err(_), Standing::Enrolled(enrolled)) = (&outcome, &mut self.standing) {
            (enrolled.token, enrolled.other_token) = before;
        }
        outcome
    }

    /// What to send with a one-time code, signed.
    pub fn enrolment(&self, code: &Secret, software: &str) -> Signed {
        Signed::enrolment(&self.enrolment_request(code, software), &self.keys.signing)
    }

    fn enrolment_request(&self, code: &Secret, software: &str) -> EnrolmentRequest {
        let provisional_keys = match &self.standing {
            Standing::Provisional { private, .. } => vec![Secret(private.to_base64())],
            Standing::Enrolled(_) => Vec::new(),
        };
        EnrolmentRequest {
            code: code.clone(),
            receipt_key: Bytes(self.keys.receipt.0.to_vec()),
            signing_key: Bytes(self.keys.signing.verifying_key().to_bytes().to_vec()),
            provisional_keys,
            software: software.to_owned(),
        }
    }

    /// What vouches for a batch.
    pub fn signing_key(&self) -> &SigningKey {
        &self.keys.signing
    }

    /// Records what `server` answered. The provisional private key is gone when this returns.
    ///
    /// # Errors
    /// [`Error`]; then nothing has changed, and the same code has to be sent again.
    pub fn enrol(&mut self, server: &str, enrolment: Enrolment) -> Result<(), Error> {
        let standing = Standing::Enrolled(Enrolled {
            server: server.to_owned(),
            kiosk: enrolment.kiosk,
            name: enrolment.name,
            token: enrolment.token,
            other_token: None,
            sealing_key: enrolment.sealing_key,
            tracking_url: enrolment.tracking_url,
            policy: enrolment.policy,
            content_key: enrolment.content_key,
            first_contact_s: None,
        });
        self.save(&standing, self.epoch)?;
        self.standing = standing;
        Ok(())
    }

    /// Takes over new promises, if they are new.
    ///
    /// # Errors
    /// [`Error`]; they are in force all the same until the program ends.
    pub fn set_policy(&mut self, new: SlaPolicy) -> Result<(), Error> {
        let policy = match &mut self.standing {
            Standing::Provisional { policy, .. } => policy,
            Standing::Enrolled(enrolled) => &mut enrolled.policy,
        };
        if *policy == new {
            return Ok(());
        }
        *policy = new;
        self.save(&self.standing, self.epoch)
    }

    /// Within how long after a start the server wants to be called for the first time, if it ever said so.
    pub fn first_contact(&self) -> Option<Duration> {
        let told = self.enrolled().and_then(|enrolled| enrolled.first_contact_s);
        told.map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// Remembers within how many seconds after a start the server wants to be called.
    ///
    /// # Errors
    /// [`Error::Io`]; the server says it again.
    pub fn set_first_contact(&mut self, seconds: u32) -> Result<(), Error> {
        let Standing::Enrolled(enrolled) = &mut self.standing else { return Ok(()) };
        if enrolled.first_contact_s.replace(seconds) == Some(seconds) {
            return Ok(());
        }
        self.save(&self.standing, self.epoch)
    }

    /// The epoch of an outbox that is about to be made. On the disk before it is used, so that no two
    /// outboxes ever share one.
    ///
    /// # Errors
    /// [`Error`].
    pub fn begin_epoch(&mut self) -> Result<Epoch, Error> {
        self.advance_epoch(1)
    }

    /// The same, for a count that somebody else has too: away from it by a random number of steps, because
    /// the other one may be told to move as well.
    ///
    /// # Errors
    /// [`Error`].
    pub fn begin_distant_epoch(&mut self, random: &mut impl CryptoRng) -> Result<Epoch, Error> {
        self.advance_epoch(1 + (random.next_u32() & 0xFFFF))
    }

    fn advance_epoch(&mut self, steps: u32) -> Result<Epoch, Error> {
        let epoch = Epoch(self.epoch.0.saturating_add(steps));
        self.save(&self.standing, epoch)?;
        self.epoch = epoch;
        Ok(epoch)
    }

    /// An outbox of `epoch` was found: an identity that was made anew must not count below it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn acknowledge_epoch(&mut self, epoch: Epoch) -> Result<(), Error> {
        if epoch > self.epoch {
            self.save(&self.standing, epoch)?;
            self.epoch = epoch;
        }
        Ok(())
    }

    fn enrolled(&self) -> Option<&Enrolled> {
        match &self.standing {
            Standing::Enrolled(enrolled) => Some(enrolled),
            Standing::Provisional { .. } => None,
        }
    }

    fn save(&self, standing: &Standing, epoch: Epoch) -> Result<(), Error> {
        file::write(&self.folder, epoch, &self.keys, standing)
    }
}

impl Standing {
    fn provisional(private: PrivateKey) -> Self {
        let public = private.public();
        Self::Provisional { private, public, policy: SlaPolicy::default() }
    }
}

impl Enrolled {
    fn clone_tokens(&self) -> (Secret, Option<Secret>) {
        (self.token.clone(), self.other_token.clone())
    }
}

impl Drop for Enrolled {
    fn drop(&mut self) {
        self.token.0.zeroize();
        self.other_token.iter_mut().for_each(|token| token.0.zeroize());
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.keys.receipt.zeroize();
    }
}

/// Only what may stand in a log.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({}, epoch {}, keys hidden)", self.kiosk(), self.epoch.0)
    }
}

#[cfg(test)]
mod tests;
