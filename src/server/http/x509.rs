//! What this server must know of a certificate: when it ends, and for which names it is. What cannot be read is
//! absent: nothing is trusted because of it.

use std::net::IpAddr;

use domain::Timestamp;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer as _;

/// The end of a certificate's validity.
pub fn ends(certificate: &[u8]) -> Option<Timestamp> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Timestamp::from_timestamp(certificate.validity().not_after.timestamp(), 0)
}

/// The host names and addresses that a certificate is for.
pub fn names(certificate: &[u8]) -> Vec<String> {
    let found = || {
        let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        Some(names.value.general_names.iter().filter_map(name).collect())
    };
    found().unwrap_or_default()
}

fn name(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).ok().map(|v4| IpAddr::from(v4).to_string()),
            _ => <[u8; 16]>::try_from(*bytes).ok().map(|v6| IpAddr::from(v6).to_string()),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    fn certificate(year: i32, hosts: &[&str]) -> Vec<u8> {
        let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
        let mut params = CertificateParams::new(hosts).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 3, 4);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_of_a_certificate_is_read() {
        for year in [1999, 2026, 2049, 2050, 2110] {
            let end = ends(&certificate(year, &["mall.example"])).unwrap();
            assert_eq!(end.to_rfc3339(), format!("{year}-03-04T00:00:00+00:00"));
        }
    }

    #[test]
    fn the_names_of_a_certificate_are_read() {
        let hosts = ["localhost", "127.0.0.1", "::1", "mall.example"];
        assert_eq!(names(&certificate(2046, &hosts)), hosts);
        assert!(names(&certificate(2046, &[])).is_empty());
    }

    #[test]
    fn what_is_no_certificate_has_no_end() {
        let good = certificate(2046, &["mall.example"]);
        for length in 0..good.len() / 2 {
            assert_eq!(ends(&good[..length]), None);
            assert!(names(&good[..length]).is_empty());
        }
        assert_eq!(ends(&[0x30, 0x82, 0xff, 0xff, 0x30]), None);
    }
}
