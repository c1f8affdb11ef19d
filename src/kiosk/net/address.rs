//! Addresses of the server and of a proxy, parsed once.

use std::fmt;
use std::str::FromStr;

use reqwest::{Proxy, Url};

/// The address of a server, without a slash at its end.
///
/// Invariant: `https`, or `http` to this machine; no name, password, query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress(String);

/// Why a text is not a server address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoServerAddress {
    /// It is not a URL with a host.
    #[error("{0:?} is not the address of a server; one looks like https://mall.example")]
    Shape(String),
    /// A token must not travel in the clear.
    #[error("{0:?} is not protected: the address has to begin with https://, except on this machine")]
    Unprotected(String),
}

impl ServerAddress {
    /// The URL of a path on the server. `path` begins with a slash.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The address itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ServerAddress {
    type Err = NoServerAddress;

    fn from_str(text: &str) -> Result<Self, NoServerAddress> {
        let shape = || NoServerAddress::Shape(text.to_owned());
        let url = http_url(text.trim()).filter(is_plain).ok_or_else(shape)?;
        let is_here = url.host_str().is_some_and(|host| ["localhost", "127.0.0.1", "[::1]"].contains(&host));
        if url.scheme() == "http" && !is_here {
            return Err(NoServerAddress::Unprotected(text.to_owned()));
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

/// The URL by which people reach the server, as a QR code begins; without a slash at its end.
///
/// Invariant: `http` or `https`, with a host; no name, password, query or fragment; at most 200 bytes, so that a
/// QR code with it stays easy to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl(String);

/// The text is not a public URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a URL that people can open, such as https://mall.example")]
pub struct NoPublicUrl;

const MAX_PUBLIC_URL_BYTES: usize = 200;

impl PublicUrl {
    /// The URL itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PublicUrl {
    type Err = NoPublicUrl;

    fn from_str(text: &str) -> Result<Self, NoPublicUrl> {
        http_url(text).filter(is_plain).ok_or(NoPublicUrl)?;
        // The letters stay as the server wrote them, so that both can compare the text.
        let text = text.trim_end_matches('/');
        if text.len() > MAX_PUBLIC_URL_BYTES {
            return Err(NoPublicUrl);
        }
        Ok(Self(text.to_owned()))
    }
}

/// Whether a URL has no name, password, query or fragment.
fn is_plain(url: &Url) -> bool {
    let has_name = !url.username().is_empty() || url.password().is_some();
    !has_name && url.query().is_none() && url.fragment().is_none()
}

/// An `http` or `https` URL with a host. [`Url`] alone would take `https:mall`, `https:///mall` and inner
/// white space for one.
fn http_url(text: &str) -> Option<Url> {
    let (scheme, rest) = text.split_once("://")?;
    let is_http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_odd = rest.starts_with('/') || rest.contains(|c: char| c.is_whitespace() || c == '\\');
    Url::parse(text).ok().filter(|_| is_http && !is_odd)
}

/// A proxy in front of the server, used with `CONNECT`, so that the traffic stays encrypted.
///
/// Invariant: `http` or `https`, with a host. It may contain a name and a password, which are never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress(Url);

impl ProxyAddress {
    /// The proxy for requests to an `https` server.
    pub(super) fn proxy(&self) -> Proxy {
        Proxy::https(self.0.clone()).expect("the address was checked when it was read")
    }
}

/// The text is not a proxy address. The error does not repeat it, because it may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the address of a proxy; one looks like http://proxy.example:3128 or http://name:password@proxy.example:3128"
)]
pub struct NoProxyAddress;

impl FromStr for ProxyAddress {
    type Err = NoProxyAddress;

    fn from_str(text: &str) -> Result<Self, NoProxyAddress> {
        let url = http_url(text.trim()).ok_or(NoProxyAddress)?;
        Proxy::https(url.clone()).map_err(|_| NoProxyAddress)?;
        Ok(Self(url))
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let port = self.0.port_or_known_default().unwrap_or_default();
        write!(f, "ProxyAddress({}:{port})", self.0.host_str().unwrap_or_default())
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_address_loses_its_trailing_slash() {
        let address: ServerAddress = "https://mall.example:8443/galleria/".parse().unwrap();
        assert_eq!(address.at("/api"), "https://mall.example:8443/galleria/api");
    }

    #[test]
    fn plain_http_is_only_allowed_to_this_machine() {
        assert!("http://127.0.0.1:8080".parse::<ServerAddress>().is_ok());
        assert!("http://localhost".parse::<ServerAddress>().is_ok());
        let refused = "http://mall.example".parse::<ServerAddress>();
        assert!(matches!(refused, Err(NoServerAddress::Unprotected(_))));
        assert!("http://127.0.0.1.evil.example".parse::<ServerAddress>().is_err());
    }

    #[test]
    fn a_proxy_password_is_never_printed() {
        let proxy: ProxyAddress = "http://kiosk:se%63ret@proxy.example:3128".parse().unwrap();
        assert_eq!(format!("{proxy:?}"), "ProxyAddress(proxy.example:3128)");
        for wrong in
            ["", "proxy", "proxy.example:3128", "socks5://proxy:1080", "http://", "ftp://secret@proxy"]
        {
            let error = wrong.parse::<ProxyAddress>().unwrap_err().to_string();
            assert!(
                error.contains("http://proxy.example:3128") && !error.contains("secret"),
                "{wrong}: {error}"
            );
        }
    }

    #[test]
    fn a_public_url_is_short_and_plain() {
        let read = |text: &str| text.parse::<PublicUrl>().map(|url| url.0);
        assert_eq!(read("https://mall.example/"), Ok("https://mall.example".to_owned()));
        assert_eq!(
            read("http://192.168.1.5:8080/galleria"),
            Ok("http://192.168.1.5:8080/galleria".to_owned())
        );
        let long = format!("https://mall.example/{}", "a".repeat(200));
        for wrong in ["", "mall", "javascript:alert(1)", "https://me@mall", "https://mall/?q", long.as_str()]
        {
            assert_eq!(read(wrong), Err(NoPublicUrl), "{wrong}");
        }
    }

    #[test]
    fn malformed_addresses_are_refused() {
        for wrong in [
            "",
            "mall",
            "https:mall",
            "https://",
            "https:///mall",
            "ftp://mall",
            "https://me:pw@mall",
            "https://mall?x",
            "https://mall#x",
            "https://the mall",
            "https://999.1.1.1",
        ] {
            assert!(wrong.parse::<ServerAddress>().is_err(), "{wrong}");
        }
    }
}
