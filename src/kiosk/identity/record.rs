//! The content of `identity.json`: the types in memory, and their form on disk.

use domain::id::{Epoch, KioskNumber};
use domain::policy::SlaPolicy;
use domain::receipt::ReceiptKey;
use domain::seal::{PrivateKey, PublicKey};
use domain::signature::SigningKey;
use domain::wire::{Bytes, Secret};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

const FORMAT: u32 = 1;

/// The data that an enrolled kiosk got from its server.
pub(super) struct Enrolled {
    pub(super) server: String,
    pub(super) kiosk: KioskNumber,
    pub(super) name: String,
    pub(super) token: Secret,
    /// The token that was not used last: the previous one, or an offered one that the server did not accept.
    pub(super) other_token: Option<Secret>,
    pub(super) sealing_key: PublicKey,
    pub(super) tracking_url: String,
    pub(super) policy: SlaPolicy,
    pub(super) content_key: Option<String>,
    pub(super) first_contact_s: Option<u32>,
}

/// Whether the kiosk is enrolled.
pub(super) enum Registration {
    Provisional { private: PrivateKey, public: PublicKey, policy: SlaPolicy },
    Enrolled(Enrolled),
}

/// The keys that a kiosk makes at its first start. They stay the same with every server.
pub(super) struct Keys {
    /// Authenticates its tracking tokens.
    pub(super) receipt: ReceiptKey,
    /// Signs its batches.
    pub(super) signing: SigningKey,
}

impl Registration {
    pub(super) fn provisional(private: PrivateKey) -> Self {
        let public = private.public();
        Self::Provisional { private, public, policy: SlaPolicy::default() }
    }
}

impl Enrolled {
    pub(super) fn clone_tokens(&self) -> (Secret, Option<Secret>) {
        (self.token.clone(), self.other_token.clone())
    }
}

impl Drop for Enrolled {
    fn drop(&mut self) {
        self.token.0.zeroize();
        self.other_token.iter_mut().for_each(|token| token.0.zeroize());
    }
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    format: u32,
    epoch: Epoch,
    receipt_key: Bytes,
    signing_key: Bytes,
    registration: RegistrationOnDisk,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RegistrationOnDisk {
    Provisional {
        private_key: Secret,
        #[serde(default)]
        policy: SlaPolicy,
    },
    Enrolled {
        server: String,
        kiosk: KioskNumber,
        name: String,
        token: Secret,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        other_token: Option<Secret>,
        sealing_key: PublicKey,
        tracking_url: String,
        #[serde(default)]
        policy: SlaPolicy,
        #[serde(default)]
        content_key: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        first_contact_s: Option<u32>,
    },
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        self.receipt_key.0.zeroize();
        self.signing_key.0.zeroize();
        match &mut self.registration {
            RegistrationOnDisk::Provisional { private_key, .. } => private_key.0.zeroize(),
            RegistrationOnDisk::Enrolled { token, other_token, .. } => {
                token.0.zeroize();
                other_token.iter_mut().for_each(|token| token.0.zeroize());
            }
        }
    }
}

/// Parses the text of the file. Errors do not quote it, because it may contain a secret.
pub(super) fn parse(text: &[u8]) -> Result<(Epoch, Keys, Registration), String> {
    let mut disk: OnDisk = serde_json::from_slice(text)
        .map_err(|e| format!("line {} column {} is not as it should be", e.line(), e.column()))?;
    if disk.format != FORMAT {
        return Err(format!("it is of format {}, this program reads {FORMAT}", disk.format));
    }
    let receipt_key: [u8; 32] = disk
        .receipt_key
        .0
        .as_slice()
        .try_into()
        .map_err(|_| "the receipt key has not 32 bytes".to_owned())?;
    let signing =
        SigningKey::from_bytes(&disk.signing_key.0).map_err(|_| "the signing key has not 32 bytes")?;
    let registration = match &mut disk.registration {
        RegistrationOnDisk::Provisional { private_key, policy } => {
            let private = PrivateKey::from_base64(&private_key.0).map_err(|e| e.to_string())?;
            let public = private.public();
            Registration::Provisional { private, public, policy: policy.clone() }
        }
        RegistrationOnDisk::Enrolled {
            server,
            kiosk,
            name,
            token,
            other_token,
            sealing_key,
            tracking_url,
            policy,
            content_key,
            first_contact_s,
        } => Registration::Enrolled(Enrolled {
            server: std::mem::take(server),
            kiosk: *kiosk,
            name: std::mem::take(name),
            token: Secret(std::mem::take(&mut token.0)),
            other_token: other_token.take(),
            sealing_key: sealing_key.clone(),
            tracking_url: std::mem::take(tracking_url),
            policy: policy.clone(),
            content_key: content_key.take(),
            first_contact_s: *first_contact_s,
        }),
    };
    Ok((disk.epoch, Keys { receipt: ReceiptKey(receipt_key), signing }, registration))
}

/// The text of the file, in a buffer that is overwritten when dropped.
pub(super) fn to_json(epoch: Epoch, keys: &Keys, registration: &Registration) -> Zeroizing<Vec<u8>> {
    let registration = match registration {
        Registration::Provisional { private, policy, .. } => RegistrationOnDisk::Provisional {
            private_key: Secret(private.to_base64()),
            policy: policy.clone(),
        },
        Registration::Enrolled(e) => RegistrationOnDisk::Enrolled {
            server: e.server.clone(),
            kiosk: e.kiosk,
            name: e.name.clone(),
            token: e.token.clone(),
            other_token: e.other_token.clone(),
            sealing_key: e.sealing_key.clone(),
            tracking_url: e.tracking_url.clone(),
            policy: e.policy.clone(),
            content_key: e.content_key.clone(),
            first_contact_s: e.first_contact_s,
        },
    };
    let receipt_key = Bytes(keys.receipt.0.to_vec());
    let signing_key = Bytes(keys.signing.to_bytes().to_vec());
    let disk = OnDisk { format: FORMAT, epoch, receipt_key, signing_key, registration };
    // Large enough from the start: a buffer that grows would leave a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(8 * 1024));
    serde_json::to_writer_pretty(&mut *text, &disk).expect("the identity is plain data");
    text
}
