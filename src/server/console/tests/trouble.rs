//! What the console says when something is wrong with the server: its disk, its address, its clock.

use argon2::password_hash::PasswordHasher as _;
use argon2::{Algorithm, Argon2, Params, Version};
use domain::wire::Batch;

use crate::accounts::password;
use crate::browser::Reader;
use crate::testing::{Mall, PASSWORD, Reply, fetch};

#[test]
fn staff_sign_in_and_read_on_a_full_disk() {
    let mall = Mall::open();
    mall.admin().run(mall.running.store().leave_no_room()).unwrap();
    // What was found a moment ago answers a monitor for some seconds.
    mall.pass(1);
    let stranger = Reader::stranger(&mall);
    let ready = stranger.get("/readyz");
    assert_eq!((ready.status, ready.text.contains("disk is full")), (503, true), "{}", ready.text);
    assert_eq!(stranger.get("/healthz").status, 200, "it runs");
    assert!(stranger.get("/login").text.contains("The disk of the server is full"));

    let reader = Reader::signed_in(&mall, "admin");
    let page = reader.get("/inbox");
    assert_eq!((page.status, page.text.contains("The disk of the server is full")), (200, true));
    let lost = reader.post("/kiosks", &[("name", "North door")]);
    assert_eq!((lost.status, lost.text.contains("Nothing was saved")), (503, true), "{}", lost.text);
    assert_eq!(reader.post("/logout", &[]).status, 303);
    assert_eq!(reader.get("/inbox").status, 303);
}

#[test]
fn a_sound_server_is_ready_and_says_nothing() {
    let mall = Mall::open();
    let ready = Reader::stranger(&mall).get("/readyz");
    assert_eq!(ready.status, 200, "{}", ready.text);
    assert!(!Reader::signed_in(&mall, "admin").get("/inbox").text.contains("The disk of the server is full"));
}

/// Signs in as a browser that opened `origin`, through a proxy that sends `host`.
fn sign_in(mall: &Mall, origin: &str, host: &str, password: &str) -> Reply {
    let request = mall.agent.post(mall.url("/login")).header("origin", origin).header("host", host);
    fetch(request.form(&[("login", "admin"), ("password", password)]))
}

/// The cookie would be lost there, and every sign-in would lead back to this page without a word.
#[test]
fn signing_in_without_tls_is_explained() {
    let mall = Mall::open();
    let host = mall.running.address().to_string();
    let page = sign_in(&mall, &format!("http://{host}"), &host, PASSWORD);
    assert_eq!(page.status, 403);
    assert!(page.text.contains(&format!("Open {} instead", mall.running.public_url())), "{}", page.text);
    assert_eq!(sign_in(&mall, &format!("https://{host}"), &host, PASSWORD).status, 303);
}

#[test]
fn a_changed_host_is_explained_and_the_public_url_is_no_other_site() {
    let mall = Mall::open();
    let page = sign_in(&mall, "https://mall.example", "127.0.0.1:8080", PASSWORD);
    assert_eq!(page.status, 403);
    for named in ["https://mall.example", "127.0.0.1:8080", mall.running.public_url()] {
        assert!(page.text.contains(named), "{named} in {}", page.text);
    }
    let known = Mall::with(|settings| settings.public_url = Some("https://mall.example".to_owned()));
    assert_eq!(sign_in(&known, "https://mall.example", "127.0.0.1:8080", PASSWORD).status, 303);
    assert_eq!(sign_in(&known, "https://evil.example", "127.0.0.1:8080", PASSWORD).status, 403);
}

/// A machine eight hours ahead is put right.
#[test]
fn a_session_from_the_future_has_ended() {
    let mall = Mall::open();
    let reader = Reader::signed_in(&mall, "admin");
    assert_eq!(reader.get("/inbox").status, 200);
    mall.pass(-1);
    assert_eq!(reader.get("/inbox").status, 200, "a clock is set by seconds every day");
    mall.pass(-8 * 60);
    assert_eq!(reader.get("/inbox").status, 303);
}

/// Staff see which address a kiosk prints, and which one prints an old address.
#[test]
fn the_kiosk_page_shows_what_receipts_say() {
    let mall = Mall::open();
    let (new, old) = (mall.kiosk("West door"), mall.kiosk("South door"));
    let own = mall.running.public_url().to_owned();
    assert_eq!(mall.send(&new, &[]).public_url.as_deref(), Some(own.as_str()));
    for (kiosk, url) in [(&new, own.as_str()), (&old, "https://localhost:8443")] {
        let batch = Batch { sent_at: mall.now(), public_url: Some(url.to_owned()), ..Batch::default() };
        assert_eq!(mall.post(kiosk, &serde_json::to_vec(&batch).unwrap()).0, 200);
    }
    let page = Reader::signed_in(&mall, "admin").get("/kiosks").text;
    assert!(page.contains(&format!("Receipts: {own}")), "{page}");
    assert!(
        page.contains(&format!("Receipts lead to https://localhost:8443, but this server is {own}")),
        "{page}"
    );
}

/// A hash of weaker parameters is replaced when its owner signs in.
#[test]
fn an_old_hash_is_renewed_when_its_owner_signs_in() {
    let mall = Mall::open();
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    let weak = weak.hash_password_with_salt(PASSWORD.as_bytes(), &[1; 16]).unwrap().to_string();
    let db = crate::store::rows(&mall.place.path().join("data/galleria.db"));
    db.execute("update staff set password = ?1", [&weak]).unwrap();
    let kept = || db.query_row("select password from staff", [], |row| row.get::<_, String>(0)).unwrap();
    assert!(!password::is_current(&kept()));
    Reader::signed_in(&mall, "admin");
    assert!(password::is_current(&kept()));
    Reader::signed_in(&mall, "admin");
}
