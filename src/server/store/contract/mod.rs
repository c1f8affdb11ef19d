//! Contract tests: what every store must do, whichever database is behind it.
//!
//! A story calls only the use cases, on a fresh database. [`on_every_store`] makes a test of it for each kind
//! of store; another database is added with one line there.

mod accounts;
mod audit;
mod cases;
mod fleet;
mod intake;
mod publications;

use domain::Timestamp;
use domain::id::{Epoch, KioskNumber, Seq};
use domain::receipt::ReceiptKey;
use domain::seal::KeyId;
use domain::signature::{SigningKey, VerifyingKey};

use super::audit::{AuditAction, AuditActor, AuditEntry};
use super::fleet::Redemption;
use super::{DisplayName, Store, StoreError};
use crate::random::Random;
use crate::secret::{EnrolmentCode, KioskToken};

/// An empty store. Its files are deleted when it is dropped.
struct Fresh {
    store: Store,
    _files: tempfile::TempDir,
}

/// SQLite as the server uses it.
fn sqlite() -> Fresh {
    let files = tempfile::tempdir().unwrap();
    Fresh { store: Store::open_for_server(&files.path().join("galleria.db")).unwrap(), _files: files }
}

/// SQLite as a command uses it.
fn sqlite_for_command() -> Fresh {
    let files = tempfile::tempdir().unwrap();
    Fresh { store: Store::open_for_command(&files.path().join("galleria.db")).unwrap(), _files: files }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        self.store.close();
    }
}

macro_rules! on_every_store {
    ($($story:ident),* $(,)?) => {
        $crate::store::contract::on!(sqlite, $($story),*);
        $crate::store::contract::on!(sqlite_for_command, $($story),*);
    };
}
macro_rules! on {
    ($make:ident, $($story:ident),*) => {
        mod $make {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $story() {
                    let fresh = $crate::store::contract::$make();
                    super::$story(&fresh.store).await;
                }
            )*
        }
    };
}
use {on, on_every_store};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_timestamp(1_800_000_000 + minute * 60, 0).unwrap()
}

fn number(n: u8) -> KioskNumber {
    KioskNumber::new(n.into()).unwrap()
}

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

/// The operator, who is the actor of most stories.
fn operator() -> AuditActor {
    AuditActor::CommandLine
}

async fn add(store: &Store, random: &Random, called: &str) -> (KioskNumber, EnrolmentCode) {
    let code = EnrolmentCode::new(random);
    let added = store.fleet().add_kiosk(name(called), code.digest(), operator(), at(0)).await;
    (added.unwrap(), code)
}

fn a_signing_key() -> VerifyingKey {
    Random::from_seed([9; 32]).with(SigningKey::new).verifying_key()
}

fn enrolment(code: &EnrolmentCode, receipt_key: u8, random: &Random) -> Redemption {
    Redemption {
        code: code.digest(),
        token: KioskToken::new(random).digest(),
        receipt_key: ReceiptKey([receipt_key; 32]),
        signing_key: a_signing_key(),
        provisional_keys: Vec::new(),
        software: "0.1.0".to_owned(),
    }
}

/// Everything in the audit, newest first.
async fn entries(store: &Store) -> Vec<AuditEntry> {
    store.audit().page(None, 1000, at(0)).await.unwrap().1
}

/// The actions in the audit, newest first.
async fn noted(store: &Store) -> Vec<AuditAction> {
    entries(store).await.into_iter().map(|entry| entry.action).collect()
}
