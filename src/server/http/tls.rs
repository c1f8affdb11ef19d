//! The server's own certificate authority, and the TLS configuration of the listener.
//!
//! A mall rarely has a certificate for a machine in its cellar, so `init` creates an authority that signs one
//! certificate. Kiosks are given `ca.pem` and trust nothing else. The operator can use another certificate
//! with `--tls-cert` and `--tls-key`.

use std::path::Path;
use std::sync::Arc;

use domain::Timestamp;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use chrono::Datelike as _;

use crate::data::{self, DataError, DataFolder, Made};
use crate::http::x509;

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A host name that no certificate can carry.
    #[error("a certificate could not be made for these host names")]
    Making(#[from] rcgen::Error),
    #[error(transparent)]
    Data(#[from] DataError),
    /// A file that is no certificate or key.
    #[error("{path} is not in PEM or holds no {wanted}")]
    Pem {
        path: String,
        /// What the file should hold.
        wanted: &'static str,
    },
    /// The certificate of the authority or its key is missing.
    #[error(
        "ca.pem and ca-key.pem in the folder tls belong together, and one of them is missing; put it back. Kiosks trust \
         nothing else"
    )]
    HalfAuthority,
    /// The certificate names no host for which it could be renewed.
    #[error("the certificate names no host, so it cannot be renewed")]
    NoNames,
    /// Certificate and key do not match, or are of an unsupported kind.
    #[error("the certificate cannot be used")]
    Unusable(#[from] rustls::Error),
}

/// Validity of the certificate. A kiosk whose clock is years ahead must still trust its server.
const YEARS: i32 = 20;
/// Validity of the authority, which renews the certificate.
const AUTHORITY_YEARS: i32 = 40;

/// Creates authority and certificate in the data folder, unless they exist.
///
/// # Errors
/// [`TlsError`].
pub fn create(folder: &DataFolder, hosts: &[String], now: Timestamp) -> Result<Made, TlsError> {
    if folder.certificate().exists() && folder.certificate_key().exists() {
        return Ok(Made::Existing);
    }
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(hosts.iter().filter(|h| !["localhost", "127.0.0.1", "::1"].contains(&h.as_str())).cloned());
    let key = KeyPair::generate()?;
    let certificate = sign(folder, names, &key, now)?;
    data::write_secret(&folder.certificate_key(), &key.serialize_pem())?;
    data::write_secret(&folder.certificate(), &certificate)?;
    Ok(Made::New)
}

/// Makes a new certificate for the same names and the same key, under the same authority.
///
/// # Errors
/// [`TlsError`]; the certificate is as it was.
pub fn renew(folder: &DataFolder, now: Timestamp) -> Result<(), TlsError> {
    let names = load(&folder.certificate(), &folder.certificate_key())?.names;
    if names.is_empty() {
        return Err(TlsError::NoNames);
    }
    if !folder.ca().exists() || !folder.ca_key().exists() {
        return Err(TlsError::HalfAuthority);
    }
    let key = KeyPair::from_pem(&data::read_text(&folder.certificate_key())?)?;
    data::replace_secret(&folder.certificate(), &sign(folder, names, &key, now)?)?;
    Ok(())
}

/// A certificate of the server, in PEM.
fn sign(folder: &DataFolder, names: Vec<String>, key: &KeyPair, now: Timestamp) -> Result<String, TlsError> {
    let authority = authority(folder, now)?;
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "Galleria server");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    validity(&mut params, now, YEARS);
    Ok(params.signed_by(key, &authority)?.pem())
}

fn authority(folder: &DataFolder, now: Timestamp) -> Result<Issuer<'static, KeyPair>, TlsError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "Galleria authority of this mall");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    validity(&mut params, now, AUTHORITY_YEARS);
    if folder.ca().exists() && folder.ca_key().exists() {
        let key = KeyPair::from_pem(&data::read_text(&folder.ca_key())?)?;
        return Ok(Issuer::new(params, key));
    }
    if folder.ca().exists() || folder.ca_key().exists() {
        return Err(TlsError::HalfAuthority);
    }
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    data::write_secret(&folder.ca_key(), &key.serialize_pem())?;
    data::write_secret(&folder.ca(), &certificate.pem())?;
    Ok(Issuer::new(params, key))
}

/// Valid from 1970 on: a kiosk with an empty clock battery believes that it is 1970, and learns the time from
/// the first reply over this connection.
fn validity(params: &mut CertificateParams, now: Timestamp, years: i32) {
    params.not_before = rcgen::date_time_ymd(1970, 1, 1);
    params.not_after = rcgen::date_time_ymd(now.year() + years, 1, 1);
}

/// A certificate that can be used.
#[derive(Debug)]
pub struct Loaded {
    /// The TLS configuration of the listener.
    pub config: Arc<ServerConfig>,
    /// When it ends, if that can be read.
    pub ends: Option<Timestamp>,
    /// The host names and addresses that it is for.
    pub names: Vec<String>,
}

/// Reads a certificate with its chain, and its key.
///
/// # Errors
/// [`TlsError`], which names the file.
pub fn load(certificate: &Path, key: &Path) -> Result<Loaded, TlsError> {
    let refused = |path: &Path, wanted| TlsError::Pem { path: path.display().to_string(), wanted };
    let (chain_pem, key_pem) = (data::read_text(certificate)?, data::read_text(key)?);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| refused(certificate, "certificate"))?;
    let Some(own) = chain.first() else { return Err(refused(certificate, "certificate")) };
    let (ends, names) = (x509::ends(own), x509::names(own));
    let private =
        PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(|_| refused(key, "private key"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, private)?;
    // Session resumption: a kiosk that returns does not need the certificate again. The kiosk keeps the
    // ticket, so a fleet of any size costs no memory here.
    config.ticketer = rustls::crypto::ring::Ticketer::new()?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Loaded { config: Arc::new(config), ends, names })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_are_made_once_and_work() {
        let place = tempfile::tempdir().unwrap();
        let (folder, _) = DataFolder::create(&place.path().join("data")).unwrap();
        let now = Timestamp::from_timestamp(1_800_000_000, 0).unwrap();
        assert_eq!(create(&folder, &["mall.example".to_owned()], now).unwrap(), Made::New);
        let first = data::read_text(&folder.certificate()).unwrap();
        assert_eq!(create(&folder, &[], now).unwrap(), Made::Existing);
        assert_eq!(data::read_text(&folder.certificate()).unwrap(), first);
        load(&folder.certificate(), &folder.certificate_key()).unwrap();
    }

    #[test]
    fn a_file_that_is_no_certificate_is_named() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("cert.pem");
        data::write_secret(&path, "hello").unwrap();
        let error = load(&path, &path).unwrap_err().to_string();
        assert!(error.contains("cert.pem") && error.contains("certificate"), "{error}");
    }
}
