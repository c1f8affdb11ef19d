//! A member of the mall's staff, with a browser.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::mall::Mall;

/// Signs in, opens a case, and answers the visitor.
pub fn answer(mall: &Mall, case: u32, words: &str) {
    let pem = std::fs::read(mall.ca()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(&pem).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let browser = reqwest::blocking::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let url = |path: &str| format!("https://{}{path}", mall.socket());
    let login = [("login", "admin"), ("password", super::mall::PASSWORD)];
    let signed_in = browser.post(url("/login")).form(&login).send().unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = browser.get(url(&format!("/cases/{case}"))).header("cookie", &cookie).send().unwrap();
    let page = page.text().unwrap();
    let field = |name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        page.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let (version, seen) = (field("version"), field("seen"));
    let form = [("version", version.as_str()), ("seen", &seen), ("words", words)];
    let answer = browser.post(url(&format!("/cases/{case}/answer"))).header("cookie", &cookie).form(&form);
    assert_eq!(answer.send().unwrap().status().as_u16(), 303);
}
