//! The identity of this kiosk: its number, its keys, and the server it is enrolled with.
//!
//! It is one file, `identity.json`, readable by its owner only and replaced atomically. It is created at the
//! first start; enrolment completes it. Before enrolment the kiosk seals to a provisional key. The private
//! half is in this file too, because no server has it yet; recording the enrolment removes it.
//!
//! A file that cannot be parsed is moved aside, never deleted: it may hold that private half. An [`Identity`]
//! locks its folder: a second program gets an error.

mod error;
mod file;
mod record;

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
use domain::wire::{Bytes, Enrolment, EnrolmentRequest, Secret, Signed, TRACKING};
use zeroize::Zeroize as _;

use crate::net::PublicUrl;

use self::record::{Enrolled, Keys, Registration};

pub use error::Error;

/// The file could not be parsed and was moved aside. The kiosk continues as a new one and has to be enrolled
/// again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The new path of the old file.
    pub to: PathBuf,
    /// Why the file could not be parsed.
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

/// The identity of this kiosk.
pub struct Identity {
    folder: PathBuf,
    epoch: Epoch,
    keys: Keys,
    registration: Registration,
    _lock: File,
}

/// What goes before a tracking token in a QR code.
fn tracking_url(public_url: &PublicUrl) -> String {
    format!("{}{TRACKING}", public_url.as_str())
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
        let lock = file::lock(folder)?;
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
        let (epoch, keys, registration) = kept.unwrap_or_else(|| {
            let mut receipt = ReceiptKey([0; 32]);
            random.fill_bytes(&mut receipt.0);
            let keys = Keys { receipt, signing: SigningKey::new(random) };
            // A replacement disk does not know the epochs of the lost disk. A random start avoids them: under
            // the same epoch, the server would treat different submissions as conflicts.
            let epoch = Epoch(random.next_u32() >> 2);
            (epoch, keys, Registration::provisional(PrivateKey::new(random)))
        });
        let identity = Self { folder: folder.to_owned(), epoch, keys, registration, _lock: lock };
        if is_new {
            identity.save(&identity.registration, identity.epoch)?;
        }
        Ok((identity, replaced))
    }

    /// The kiosk's number; [`KioskNumber::NOT_ENROLLED`] before enrolment.
    pub fn kiosk(&self) -> KioskNumber {
        self.enrolled().map_or(KioskNumber::NOT_ENROLLED, |e| e.kiosk)
    }

    /// The name that staff gave the kiosk.
    pub fn name(&self) -> Option<&str> {
        self.enrolled().map(|e| e.name.as_str())
    }

    /// The highest epoch that an outbox of this kiosk got.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The key that marks tracking tokens.
    pub fn receipt_key(&self) -> &ReceiptKey {
        &self.keys.receipt
    }

    /// The sealing key: the server's, or a provisional one before enrolment.
    pub fn sealing_key(&self) -> &PublicKey {
        match &self.registration {
            Registration::Provisional { public, .. } => public,
            Registration::Enrolled(enrolled) => &enrolled.sealing_key,
        }
    }

    /// The SLA policy behind the promises on receipts.
    pub fn policy(&self) -> &SlaPolicy {
        match &self.registration {
            Registration::Provisional { policy, .. } => policy,
            Registration::Enrolled(enrolled) => &enrolled.policy,
        }
    }

    /// The URL prefix of a tracking token in a QR code, once enrolled.
    pub fn tracking_url(&self) -> Option<&str> {
        self.enrolled().map(|e| e.tracking_url.as_str())
    }

    /// The same without the path of the tracking page.
    pub fn public_url(&self) -> Option<&str> {
        self.tracking_url().map(|url| url.strip_suffix(TRACKING).unwrap_or(url))
    }

    /// The server that enrolled this kiosk.
    pub fn server(&self) -> Option<&str> {
        self.enrolled().map(|e| e.server.as_str())
    }

    /// The bearer token.
    pub fn token(&self) -> Option<&Secret> {
        self.enrolled().map(|e| &e.token)
    }

    /// The minisign key that content is signed with, if the mall has named one.
    pub fn content_key(&self) -> Option<&str> {
        self.enrolled().and_then(|e| e.content_key.as_deref())
    }

    /// Uses a new token from now on. The previous one is kept: the server may not have recorded its offer,
    /// and a server restored from a backup knows the older one.
    ///
    /// # Errors
    /// [`Error`]; then the one before is still in use.
    pub fn offer_token(&mut self, new: Secret) -> Result<(), Error> {
        let Registration::Enrolled(enrolled) = &mut self.registration else { return Ok(()) };
        if enrolled.token == new {
            return Ok(());
        }
        let before = enrolled.clone_tokens();
        enrolled.other_token = Some(std::mem::replace(&mut enrolled.token, new));
        self.save_tokens(before)
    }

    /// Uses the other token from now on, if there is one; returns whether there is.
    pub fn swap_tokens(&mut self) -> bool {
        let Registration::Enrolled(enrolled) = &mut self.registration else { return false };
        let Some(other) = enrolled.other_token.take() else { return false };
        enrolled.other_token = Some(std::mem::replace(&mut enrolled.token, other));
        // If this cannot be recorded, the next start finds out again.
        let _ = self.save(&self.registration, self.epoch);
        true
    }

    fn save_tokens(&mut self, before: (Secret, Option<Secret>)) -> Result<(), Error> {
        let outcome = self.save(&self.registration, self.epoch);
        if let (Err(_), Registration::Enrolled(enrolled)) = (&outcome, &mut self.registration) {
            (enrolled.token, enrolled.other_token) = before;
        }
        outcome
    }

    /// The signed enrolment request for a one-time code.
    pub fn enrolment(&self, code: &Secret, software: &str) -> Signed {
        Signed::enrolment(&self.enrolment_request(code, software), &self.keys.signing)
    }

    fn enrolment_request(&self, code: &Secret, software: &str) -> EnrolmentRequest {
        let provisional_keys = match &self.registration {
            Registration::Provisional { private, .. } => vec![Secret(private.to_base64())],
            Registration::Enrolled(_) => Vec::new(),
        };
        EnrolmentRequest {
            code: code.clone(),
            receipt_key: Bytes(self.keys.receipt.0.to_vec()),
            signing_key: Bytes(self.keys.signing.verifying_key().to_bytes().to_vec()),
            provisional_keys,
            software: software.to_owned(),
        }
    }

    /// The key that signs batches.
    pub fn signing_key(&self) -> &SigningKey {
        &self.keys.signing
    }

    /// Records the enrolment by `server`, whose receipts lead to `public_url`. The provisional private key is gone when this returns.
    ///
    /// # Errors
    /// [`Error`]; nothing has changed then, and the same code has to be sent again.
    pub fn enrol(&mut self, server: &str, enrolment: Enrolment, public_url: &PublicUrl) -> Result<(), Error> {
        let registration = Registration::Enrolled(Enrolled {
            server: server.to_owned(),
            kiosk: enrolment.kiosk,
            name: enrolment.name,
            token: enrolment.token,
            other_token: None,
            sealing_key: enrolment.sealing_key,
            tracking_url: tracking_url(public_url),
            policy: enrolment.policy,
            content_key: enrolment.content_key,
            first_contact_s: None,
        });
        self.save(&registration, self.epoch)?;
        self.registration = registration;
        Ok(())
    }

    /// Records a new SLA policy, if it differs.
    ///
    /// # Errors
    /// [`Error`]; the new policy then applies only until the program ends.
    pub fn set_policy(&mut self, new: SlaPolicy) -> Result<(), Error> {
        let policy = match &mut self.registration {
            Registration::Provisional { policy, .. } => policy,
            Registration::Enrolled(enrolled) => &mut enrolled.policy,
        };
        if *policy == new {
            return Ok(());
        }
        *policy = new;
        self.save(&self.registration, self.epoch)
    }

    /// Records the public URL for receipts, if it differs.
    ///
    /// # Errors
    /// [`Error`]; the new URL then applies only until the program ends.
    pub fn set_public_url(&mut self, new: &PublicUrl) -> Result<(), Error> {
        let Registration::Enrolled(enrolled) = &mut self.registration else { return Ok(()) };
        let tracking_url = tracking_url(new);
        if enrolled.tracking_url == tracking_url {
            return Ok(());
        }
        enrolled.tracking_url = tracking_url;
        self.save(&self.registration, self.epoch)
    }

    /// The longest wait before the first contact after a start, if the server ever gave one.
    pub fn first_contact(&self) -> Option<Duration> {
        let limit = self.enrolled().and_then(|enrolled| enrolled.first_contact_s);
        limit.map(|seconds| Duration::from_secs(seconds.into()))
    }

    /// Records the longest wait before the first contact after a start.
    ///
    /// # Errors
    /// [`Error::Io`]; the server sends it again.
    pub fn set_first_contact(&mut self, seconds: u32) -> Result<(), Error> {
        let Registration::Enrolled(enrolled) = &mut self.registration else { return Ok(()) };
        if enrolled.first_contact_s.replace(seconds) == Some(seconds) {
            return Ok(());
        }
        self.save(&self.registration, self.epoch)
    }

    /// Reserves a new epoch for an outbox. It is recorded before use, so two outboxes never share one.
    ///
    /// # Errors
    /// [`Error`].
    pub fn begin_epoch(&mut self) -> Result<Epoch, Error> {
        self.advance_epoch(1)
    }

    /// Reserves a new epoch at a random distance: another disk has the current epoch and may get the same
    /// order to move.
    ///
    /// # Errors
    /// [`Error`].
    pub fn begin_distant_epoch(&mut self, random: &mut impl CryptoRng) -> Result<Epoch, Error> {
        self.advance_epoch(1 + (random.next_u32() & 0xFFFF))
    }

    fn advance_epoch(&mut self, steps: u32) -> Result<Epoch, Error> {
        let epoch = Epoch(self.epoch.0.saturating_add(steps));
        self.save(&self.registration, epoch)?;
        self.epoch = epoch;
        Ok(epoch)
    }

    /// Records that an outbox with `epoch` exists: an identity that was created anew must continue above it.
    ///
    /// # Errors
    /// [`Error`].
    pub fn acknowledge_epoch(&mut self, epoch: Epoch) -> Result<(), Error> {
        if epoch > self.epoch {
            self.save(&self.registration, epoch)?;
            self.epoch = epoch;
        }
        Ok(())
    }

    fn enrolled(&self) -> Option<&Enrolled> {
        match &self.registration {
            Registration::Enrolled(enrolled) => Some(enrolled),
            Registration::Provisional { .. } => None,
        }
    }

    fn save(&self, registration: &Registration, epoch: Epoch) -> Result<(), Error> {
        file::write(&self.folder, epoch, &self.keys, registration)
    }
}

impl Drop for Identity {
    fn drop(&mut self) {
        self.keys.receipt.zeroize();
    }
}

/// Prints only what may be logged.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({}, epoch {}, keys hidden)", self.kiosk(), self.epoch.0)
    }
}

#[cfg(test)]
mod tests;
