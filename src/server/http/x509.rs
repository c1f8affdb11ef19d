//! What this server must know of a certificate: when it ends, and for which names it is.
//!
//! A reader of the few parts of X.509 (RFC 5280) that are needed, in DER. What it does not understand is absent:
//! nothing is trusted because of it.

use std::net::IpAddr;

use chrono::NaiveDateTime;
use domain::Timestamp;

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;

/// The object identifier of the subject alternative names, 2.5.29.17, as an element.
const ALTERNATIVE_NAMES: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];

/// The end of a certificate's validity.
pub fn ends(certificate: &[u8]) -> Option<Timestamp> {
    let validity = Elements(fields(certificate)?).filter(|(tag, _)| *tag == SEQUENCE).nth(2)?.1;
    let (tag, text) = Elements(validity).nth(1)?;
    let text = std::str::from_utf8(text).ok()?;
    let (century, rest) = match tag {
        // Two digits of the year: 1950 to 2049.
        UTC_TIME if text < "5" => ("20", text),
        UTC_TIME => ("19", text),
        GENERALIZED_TIME => ("", text),
        _ => return None,
    };
    let parsed = NaiveDateTime::parse_from_str(&format!("{century}{rest}"), "%Y%m%d%H%M%SZ");
    parsed.ok().map(|at| at.and_utc())
}

/// The host names and addresses that a certificate is for.
pub fn names(certificate: &[u8]) -> Vec<String> {
    let found = || {
        let extensions = Elements(fields(certificate)?).find(|(tag, _)| *tag == EXTENSIONS)?.1;
        let (_, list) = Elements(extensions).next()?;
        let own = Elements(list).map(|(_, one)| one).find_map(|one| one.strip_prefix(&ALTERNATIVE_NAMES))?;
        let (_, value) = Elements(own).find(|(tag, _)| *tag == OCTETS)?;
        let (_, names) = Elements(value).next()?;
        Some(Elements(names).filter_map(name).collect())
    };
    found().unwrap_or_default()
}

fn name((tag, value): (u8, &[u8])) -> Option<String> {
    match tag {
        DNS_NAME => String::from_utf8(value.to_vec()).ok(),
        IP_ADDRESS => match value.len() {
            4 => <[u8; 4]>::try_from(value).ok().map(|v4| IpAddr::from(v4).to_string()),
            _ => <[u8; 16]>::try_from(value).ok().map(|v6| IpAddr::from(v6).to_string()),
        },
        _ => None,
    }
}

/// The fields of a certificate after its version and its serial number: algorithm, issuer, validity and more.
fn fields(certificate: &[u8]) -> Option<&[u8]> {
    let (_, whole) = Elements(certificate).next()?;
    let (_, signed) = Elements(whole).next()?;
    let mut rest = Elements(signed);
    for skipped in [VERSION, INTEGER] {
        let (tag, _) = Elements(rest.0).next()?;
        if tag == skipped {
            rest.next();
        }
    }
    Some(rest.0)
}

/// The elements of a constructed one, each as its tag and its content.
struct Elements<'a>(&'a [u8]);

impl<'a> Iterator for Elements<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            // At most two bytes more: a certificate is shorter than 64 KiB.
            0x81 | 0x82 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x0f))?;
                (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, content))
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
