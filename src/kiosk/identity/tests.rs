use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rand::SeedableRng as _;
use rand::rngs::ChaCha20Rng;

use super::*;

fn random() -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(11)
}

fn noon() -> Timestamp {
    Timestamp::from_timestamp(1_795_262_400, 0).unwrap()
}

fn open(folder: &Path) -> (Identity, Option<Replaced>) {
    Identity::open(folder, noon(), &mut random()).unwrap()
}

fn a_public_url() -> PublicUrl {
    "https://mall.example".parse().unwrap()
}

fn an_enrolment() -> Enrolment {
    Enrolment {
        kiosk: KioskNumber::new(3).unwrap(),
        name: "West entrance".to_owned(),
        token: Secret("token-of-k3".to_owned()),
        sealing_key: PrivateKey::new(&mut ChaCha20Rng::seed_from_u64(1)).public(),
        public_url: "https://mall.example".to_owned(),
        policy: SlaPolicy::default(),
        content_key: None,
    }
}

/// All bytes in the folder, as text.
fn all_of(folder: &Path) -> String {
    let files = fs::read_dir(folder).unwrap().map(|f| fs::read(f.unwrap().path()).unwrap());
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn a_new_kiosk_keeps_its_keys_over_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (first, replaced) = open(folder.path());
    assert!(replaced.is_none());
    assert_eq!(first.kiosk(), KioskNumber::NOT_ENROLLED);
    let (receipt_key, sealing_key) = (first.receipt_key().clone(), first.sealing_key().clone());
    drop(first);

    let mut other = ChaCha20Rng::seed_from_u64(99);
    let (again, replaced) = Identity::open(folder.path(), noon(), &mut other).unwrap();
    assert!(replaced.is_none());
    assert_eq!((again.receipt_key(), again.sealing_key()), (&receipt_key, &sealing_key));
}

#[test]
fn only_the_owner_may_read_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let _identity = open(folder.path());
    let mode = fs::metadata(folder.path().join("identity.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn enrolment_removes_the_provisional_key() {
    let folder = tempfile::tempdir().unwrap();
    let (mut identity, _) = open(folder.path());
    let envelope = identity.sealing_key().seal(b"words", b"", &mut random());
    let request = identity.enrolment_request(&Secret("CODE".to_owned()), "1.0");
    let handed_over = request.provisional_keys[0].0.clone();
    assert!(all_of(folder.path()).contains(&handed_over), "it has to survive a restart until then");
    assert_eq!(PrivateKey::from_base64(&handed_over).unwrap().open(&envelope, b"").unwrap(), b"words");

    identity.enrol("https://mall.example", an_enrolment(), &a_public_url()).unwrap();
    assert!(!all_of(folder.path()).contains(&handed_over));
    assert!(identity.enrolment_request(&Secret("CODE".to_owned()), "1.0").provisional_keys.is_empty());
    drop(identity);

    let (again, _) = open(folder.path());
    assert_eq!(again.kiosk().to_string(), "K3");
    assert_eq!(again.token().unwrap().0, "token-of-k3");
    assert_eq!(again.sealing_key(), &an_enrolment().sealing_key);
    assert_eq!(again.tracking_url(), Some("https://mall.example/t/"));
}

#[test]
fn the_signing_key_survives_restart_and_enrolment() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, _) = open(folder.path());
    let key = first.signing_key().verifying_key();
    first.enrol("https://mall.example", an_enrolment(), &a_public_url()).unwrap();
    drop(first);
    assert_eq!(open(folder.path()).0.signing_key().verifying_key(), key);
}

/// The kiosk continues as a new one.
#[test]
fn a_damaged_file_is_moved_aside() {
    for damage in ["", "{", "{\"format\":9}", "\0\0\0\0", "[1,2,3]"] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("identity.json"), damage).unwrap();
        let (identity, replaced) = open(folder.path());
        let Replaced { to, .. } = replaced.unwrap();
        assert_eq!(fs::read_to_string(to).unwrap(), damage);
        assert_eq!(identity.kiosk(), KioskNumber::NOT_ENROLLED);
        drop(identity);
        assert!(open(folder.path()).1.is_none(), "the new one is sound");
    }
}

#[test]
fn damage_messages_quote_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (mut identity, _) = open(folder.path());
    identity.enrol("https://mall.example", an_enrolment(), &a_public_url()).unwrap();
    drop(identity);
    let path = folder.path().join("identity.json");
    let torn = fs::read_to_string(&path).unwrap().replace("\"token-of-k3\"", "{\"token-of-k3\":1}");
    fs::write(&path, torn).unwrap();
    let (_, replaced) = open(folder.path());
    let text = replaced.unwrap().to_string();
    assert!(!text.contains("token-of-k3"), "{text}");
}

#[test]
fn a_second_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    assert!(matches!(Identity::open(folder.path(), noon(), &mut random()), Err(Error::InUse(_))));
    drop(first);
    open(folder.path());
}

#[test]
fn no_two_outboxes_get_the_same_epoch() {
    let folder = tempfile::tempdir().unwrap();
    let (mut identity, _) = open(folder.path());
    let Epoch(first) = identity.begin_epoch().unwrap();
    drop(identity);
    let (mut identity, _) = open(folder.path());
    assert_eq!(identity.begin_epoch().unwrap(), Epoch(first + 1));
    identity.acknowledge_epoch(Epoch(first + 7)).unwrap();
    identity.acknowledge_epoch(Epoch(first + 3)).unwrap();
    assert_eq!(identity.begin_epoch().unwrap(), Epoch(first + 8));
}

#[test]
fn debug_output_hides_the_keys() {
    let folder = tempfile::tempdir().unwrap();
    let (mut identity, _) = open(folder.path());
    identity.enrol("https://mall.example", an_enrolment(), &a_public_url()).unwrap();
    let shown = format!("{identity:?}");
    assert!(shown.starts_with("Identity(K3, epoch ") && !shown.contains("token-of-k3"), "{shown}");
}

#[test]
fn the_first_contact_survives_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (mut identity, _) = open(folder.path());
    identity.set_first_contact(7).unwrap();
    assert_eq!(identity.first_contact(), None, "nobody can have said so yet");
    identity.enrol("https://mall.example", an_enrolment(), &a_public_url()).unwrap();
    identity.set_first_contact(7).unwrap();
    drop(identity);
    let (identity, _) = open(folder.path());
    assert_eq!(identity.first_contact(), Some(Duration::from_secs(7)));
}
