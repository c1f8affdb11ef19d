//! Addresses of the server and of a proxy, parsed once.

use std::fmt;
use std::str::FromStr;

use ureq::http::Uri;

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
        let plain = text.trim().trim_end_matches('/');
        let uri: Uri = plain.parse().map_err(|_| shape())?;
        let authority = uri.authority().ok_or_else(shape)?;
        let named = authority.as_str().contains('@') || plain.contains(['?', '#']);
        if named || authority.host().is_empty() {
            return Err(shape());
        }
        let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&authority.host());
        match uri.scheme_str() {
            Some("https") => Ok(Self(plain.to_owned())),
            Some("http") if is_here => Ok(Self(plain.to_owned())),
            Some("http") => Err(NoServerAddress::Unprotected(text.to_owned())),
            _ => Err(shape()),
        }
    }
}

/// A proxy in front of the server, used with `CONNECT`, so that the traffic stays encrypted.
///
/// Invariant: `http` or `https`, with a host. It may contain a name and a password, which are never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyAddress(pub(super) ureq::Proxy);

/// The text is not a proxy address. The error does not repeat it, because it may contain a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is not the address of a proxy; one looks like http://proxy.example:3128 or http://name:password@proxy.example:3128"
)]
pub struct NoProxyAddress;

impl FromStr for ProxyAddress {
    type Err = NoProxyAddress;

    fn from_str(text: &str) -> Result<Self, NoProxyAddress> {
        let text = text.trim();
        let scheme = text.split_once("://").map(|(scheme, _)| scheme);
        if !matches!(scheme, Some("http" | "https")) {
            return Err(NoProxyAddress);
        }
        ureq::Proxy::new(text).map(Self).map_err(|_| NoProxyAddress)
    }
}

impl fmt::Debug for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyAddress({}:{})", self.0.host(), self.0.port())
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
    fn malformed_addresses_are_refused() {
        for wrong in
            ["", "mall", "https://", "ftp://mall", "https://me:pw@mall", "https://mall?x", "https://mall#x"]
        {
            assert!(wrong.parse::<ServerAddress>().is_err(), "{wrong}");
        }
    }
}
