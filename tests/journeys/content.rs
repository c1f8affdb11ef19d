//! A signed publication reaches the kiosk, and is shown only if it is valid for this kiosk.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use domain::content::ContentVersion;
use kiosk::content::{Courier, Ready, Slots, WorldLoader};
use kiosk::net::ServerAddress;
use kiosk::sync::Settings;
use kiosk::world::Pinyin;
use minisign::KeyPair;

use crate::stage::PATIENCE;
use crate::stage::kiosk::Kiosk;
use crate::stage::line::{Line, Mishap};
use crate::stage::mall::{Mall, at};

/// An operator with their own signing key and a folder to publish from.
struct Operator {
    pair: KeyPair,
    folder: tempfile::TempDir,
}

impl Operator {
    /// The operator of `mall`; the demo mall is in their folder.
    fn of(mall: &Mall) -> Self {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        mall.admin().set_content_key(&pair.pk.to_base64().parse().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("venue")).unwrap();
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
        for file in fs::read_dir(demo).unwrap().map(Result::unwrap) {
            fs::copy(file.path(), folder.path().join("venue").join(file.file_name())).unwrap();
        }
        Self { pair, folder }
    }

    /// Replaces every `from` in a file of the map by `to`.
    fn changes(&self, file: &str, from: &str, to: &str) {
        let path = self.folder.path().join("venue").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        fs::write(path, text.replace(from, to)).unwrap();
    }

    fn publishes(&self, mall: &Mall) -> ContentVersion {
        let (folder, admin) = (self.folder.path(), mall.admin());
        let version = admin.next_content().unwrap();
        server::publications::publish::pack(folder, version, false, chrono::Utc::now()).unwrap();
        let manifest = fs::File::open(folder.join(server::publications::publish::MANIFEST)).unwrap();
        let signature = minisign::sign(None, &self.pair.sk, manifest, None, None).unwrap();
        fs::write(folder.join(server::publications::publish::SIGNATURE), signature.into_string()).unwrap();
        admin.publish_content(folder).unwrap().version
    }
}

fn courier(kiosk: &Kiosk) -> Arc<Courier> {
    let (slots, warnings) = Slots::open(kiosk.folder.path()).unwrap();
    assert!(warnings.is_empty(), "{warnings:?}");
    let forms = Arc::new(domain::form::FormCatalog::shipped());
    let loader =
        WorldLoader { kiosk: None, language: None, pinyin: Pinyin::Missing, forms, clock: chrono::Utc::now };
    Arc::new(Courier::start(slots, loader).unwrap())
}

/// A kiosk of `mall` with a courier; `server` is the address that it connects to.
fn connected(mall: &Mall, server: ServerAddress) -> (Kiosk, Arc<Courier>) {
    let (_, code) = mall.expect_kiosk();
    let mut kiosk = Kiosk::new();
    let courier = courier(&kiosk);
    let settings = kiosk.settings(server, mall, Some(&code));
    kiosk.go_online(Settings { courier: Some(Arc::clone(&courier)), ..settings });
    kiosk.drained();
    (kiosk, courier)
}

fn until<T>(what: &str, mut come: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(come) = come() {
            return come;
        }
        assert!(begun.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn arrives(courier: &Courier) -> Ready {
    until("the content did not arrive", || courier.take_ready())
}

/// A signed and published map reaches the kiosk, and staff see which kiosk shows it.
#[test]
fn a_published_map_reaches_the_kiosk() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let (_kiosk, courier) = connected(&mall, mall.address());
    let version = operator.publishes(&mall);
    let ready = arrives(&courier);
    assert_eq!(ready.version, version);
    assert!(ready.world.venue().unwrap().places().len() > 300);
    assert!(courier.show(version));
    courier.confirm();
    until("the server does not know it", || {
        mall.admin().content().unwrap().iter().any(|c| c.shown_by == 1).then_some(())
    });
}

/// A kiosk refuses a map that it cannot use, and staff see the reason.
#[test]
fn staff_read_why_a_map_was_refused() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let (kiosk, courier) = connected(&mall, mall.address());
    operator.publishes(&mall);
    let good = arrives(&courier).version;
    assert!(courier.show(good));
    operator.changes("venue.toml", "[[kiosk]]", "[[kiosk-of-the-future]]");
    let bad = operator.publishes(&mall);
    let refused = until("it was not refused", || courier.report().refused);
    assert_eq!(refused.version, bad);
    assert_eq!(courier.report().shown, Some(good), "the earlier content stays on the screen");
    drop((kiosk, courier));
}

#[test]
fn what_somebody_else_signed_is_never_shown() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let (_kiosk, courier) = connected(&mall, mall.address());
    // An intruder on the server replaces the content key there and signs content with the new key.
    let intruder = Operator::of(&mall);
    intruder.publishes(&mall);
    let refused = until("it was not refused", || courier.report().refused);
    assert!(refused.reason.contains("content key"), "{}", refused.reason);
    assert!(courier.take_ready().is_none());
    drop(operator);
}

/// A download over a connection that breaks repeatedly arrives complete.
#[test]
fn a_broken_download_arrives_whole() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let line = Line::to(mall.socket());
    let (_kiosk, courier) = connected(&mall, at(line.socket()));
    let version = operator.publishes(&mall);
    // Each connection carries fewer bytes than the largest file of the map has.
    line.breaks_after(250_000);
    assert_eq!(arrives(&courier).version, version);
}

/// While a download stands still, submissions are sent and the window confirms its content.
#[test]
fn a_stalled_download_delays_nothing_else() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let line = Line::to(mall.socket());
    let (mut kiosk, courier) = connected(&mall, at(line.socket()));
    line.holds_after(250_000);
    operator.publishes(&mall);
    assert_eq!(line.happened(), Mishap::DownloadHeld);
    kiosk.tell();
    kiosk.drained();
    courier.confirm();
    assert!(!line.is_released(), "the download has ended before");
    line.unplug();
}

#[test]
fn the_end_of_sync_cancels_a_download() {
    let mall = Mall::open();
    let operator = Operator::of(&mall);
    let line = Line::to(mall.socket());
    let (mut kiosk, _courier) = connected(&mall, at(line.socket()));
    line.holds_after(250_000);
    operator.publishes(&mall);
    assert_eq!(line.happened(), Mishap::DownloadHeld);
    kiosk.go_offline();
    line.until_released();
}
