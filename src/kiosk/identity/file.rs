//! The file `identity.json`: read whole, replaced in one step, and overwritten where it lay before.
//!
//! Overwriting the old copy is what can be done from here; flash may keep another one. Therefore the
//! folder belongs on an encrypted partition where there is one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber};
use domain::policy::SlaPolicy;
use domain::receipt::ReceiptKey;
use domain::seal::{PrivateKey, PublicKey};
use domain::signature::SigningKey;
use domain::wire::{Bytes, Secret};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Enrolled, Error, Keys, Standing};

const NAME: &str = "identity.json";
const NEW: &str = "identity.json.new";
const LOCK: &str = "lock";
/// Far more than it ever has; reading stops here.
const MOST_BYTES: u64 = 64 * 1024;
const FORMAT: u32 = 1;

/// What lay in the folder.
pub(super) enum Found {
    Nothing,
    Kept(Box<(Epoch, Keys, Standing)>),
    Damaged(String),
}

#[derive(Serialize, Deserialize)]
struct OnDisk {
    format: u32,
    epoch: Epoch,
    receipt_key: Bytes,
    signing_key: Bytes,
    standing: StandingOnDisk,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StandingOnDisk {
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
        match &mut self.standing {
            StandingOnDisk::Provisional { private_key, .. } => private_key.0.zeroize(),
            StandingOnDisk::Enrolled { token, other_token, .. } => {
                token.0.zeroize();
                other_token.iter_mut().for_each(|token| token.0.zeroize());
            }
        }
    }
}

/// Makes the folder if need be and keeps others out of it until the file is dropped.
pub(super) fn take(folder: &Path) -> Result<File, Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(at(folder))?;
    let path = folder.join(LOCK);
    let mut options = OpenOptions::new();
    let lock = options.write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(at(&path))?;
    match lock.try_lock() {
        Ok(()) => {
            // Left by a power cut in the middle of a change that nobody was told had happened.
            let _ = fs::remove_file(folder.join(NEW));
            Ok(lock)
        }
        Err(TryLockError::WouldBlock) => Err(Error::InUse(folder.to_owned())),
        Err(TryLockError::Error(source)) => Err(Error::Io { path, source }),
    }
}

pub(super) fn read(folder: &Path) -> Result<Found, Error> {
    let path = folder.join(NAME);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(source) => return Err(Error::Io { path, source }),
    };
    let mut text = Zeroizing::new(Vec::with_capacity(8 * 1024));
    // A directory by that name, or a sector that does not read, is damage like any other.
    if let Err(cause) = file.take(MOST_BYTES).read_to_end(&mut text) {
        return Ok(Found::Damaged(cause.to_string()));
    }
    Ok(understand(&text).map_or_else(Found::Damaged, |kept| Found::Kept(Box::new(kept))))
}

fn understand(text: &[u8]) -> Result<(Epoch, Keys, Standing), String> {
    // What serde quotes may be a secret, so only the place of the mistake is passed on.
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
    let standing = match &mut disk.standing {
        StandingOnDisk::Provisional { private_key, policy } => {
            let private = PrivateKey::from_base64(&private_key.0).map_err(|e| e.to_string())?;
            let public = private.public();
            Standing::Provisional { private, public, policy: policy.clone() }
        }
        StandingOnDisk::Enrolled {
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
        } => Standing::Enrolled(Enrolled {
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
    Ok((disk.epoch, Keys { receipt: ReceiptKey(receipt_key), signing }, standing))
}

pub(super) fn write(folder: &Path, epoch: Epoch, keys: &Keys, standing: &Standing) -> Result<(), Error> {
    let standing = match standing {
        Standing::Provisional { private, policy, .. } => {
            StandingOnDisk::Provisional { private_key: Secret(private.to_base64()), policy: policy.clone() }
        }
        Standing::Enrolled(e) => StandingOnDisk::Enrolled {
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
    let disk = OnDisk { format: FORMAT, epoch, receipt_key, signing_key, standing };
    // Room for all of it, so that the buffer does not move and leave a copy behind.
    let mut text = Zeroizing::new(Vec::with_capacity(8 * 1024));
    serde_json::to_writer_pretty(&mut *text, &disk).expect("the identity is plain data");
    replace(folder, &text)
}

fn replace(folder: &Path, text: &[u8]) -> Result<(), Error> {
    let (path, new) = (folder.join(NAME), folder.join(NEW));
    let mut options = OpenOptions::new();
    let mut file =
        options.write(true).create(true).truncate(true).mode(0o600).open(&new).map_err(at(&new))?;
    file.write_all(text).and_then(|()| file.sync_all()).map_err(at(&new))?;
    let old = OpenOptions::new().write(true).open(&path).ok();
    fs::rename(&new, &path).map_err(at(&path))?;
    sync_folder(folder)?;
    if let Some(old) = old {
        scrub(old).map_err(at(&path))?;
    }
    Ok(())
}

/// Zeroes over a file that has no name any more.
fn scrub(mut file: File) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    file.seek(SeekFrom::Start(0))?;
    file.write_all(&vec![0; length])?;
    file.sync_data()
}

pub(super) fn move_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, Error> {
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let to = (1..)
        .map(|n| folder.join(format!("identity-damaged-{stamp}-{n}.json")))
        .find(|to| !to.exists())
        .expect("some number is free");
    fs::rename(folder.join(NAME), &to).map_err(at(&to))?;
    sync_folder(folder)?;
    Ok(to)
}

fn sync_folder(folder: &Path) -> Result<(), Error> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { path, source }
}
