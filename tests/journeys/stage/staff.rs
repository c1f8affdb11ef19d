//! A member of the mall's staff, with a browser.

use std::time::Duration;

use super::mall::Mall;

/// Signs in, opens a case, and answers the visitor.
pub fn answer(mall: &Mall, case: u32, words: &str) {
    let pem = std::fs::read(mall.ca()).unwrap();
    let ca = ureq::tls::Certificate::from_pem(&pem).unwrap();
    let tls = ureq::tls::TlsConfig::builder()
        .unversioned_rustls_crypto_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(ureq::tls::RootCerts::new_with_certs(&[ca]));
    let browser: ureq::Agent = ureq::Agent::config_builder()
        .tls_config(tls.build())
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into();
    let url = |path: &str| format!("https://{}{path}", mall.socket());
    let login = [("login", "admin"), ("password", super::mall::PASSWORD)];
    let signed_in = browser.post(url("/login")).send_form(login).unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = browser.get(url(&format!("/cases/{case}"))).header("cookie", &cookie).call().unwrap();
    let page = page.into_body().read_to_string().unwrap();
    let field = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (version, seen) = (field("version"), field("seen"));
    let form = [("version", version.as_str()), ("seen", &seen), ("words", words)];
    let sent = browser.post(url(&format!("/cases/{case}/answer"))).header("cookie", &cookie).send_form(form);
    assert_eq!(sent.unwrap().status().as_u16(), 303);
}
