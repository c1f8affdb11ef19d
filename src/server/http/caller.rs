//! The address of the caller, for rate limits. It is never stored and never logged.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;

use crate::app::App;

/// The address that rate limits count by.
///
/// Behind a trusted proxy it is the last address in `X-Forwarded-For` that is not a trusted proxy, whether it has a
/// port or not. What stands left of an entry that cannot be read is not believed, because the caller may have
/// written it; the proxy itself counts then. An IPv6 caller is counted by its /64, because one household usually
/// gets that much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallerAddress(pub IpAddr);

impl FromRequestParts<Arc<App>> for CallerAddress {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let peer = peer.unwrap_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED)).to_canonical();
        Ok(Self(network(caller(peer, &parts.headers, &app.settings.trusted_proxies))))
    }
}

fn caller(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer) {
        return peer;
    }
    // A line that is no text is an entry that cannot be read.
    let lines = headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).collect();
    // From the right: each proxy appends the address that it saw.
    for hop in hops.into_iter().rev() {
        match address(hop.trim()) {
            Some(address) if proxies.contains(&address) => {}
            Some(address) => return address,
            None => return peer,
        }
    }
    peer
}

/// The address of an entry: `203.0.113.9`, `203.0.113.9:4711`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:4711`.
/// An IPv4 address that is written as IPv6 (`::ffff:203.0.113.9`) is IPv4.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|hop| hop.strip_suffix(']')).unwrap_or(hop);
    let address = bare.parse::<IpAddr>().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

/// The address, or the /64 of an IPv6 address.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    /// A forwarded address counts only when a trusted proxy sends it.
    #[test]
    fn forwarded_addresses_need_a_trusted_proxy() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let stranger: IpAddr = "198.51.100.7".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.8, 10.0.0.1"));
        assert_eq!(caller(stranger, &headers, &[proxy]), stranger);
        assert_eq!(caller(proxy, &headers, &[proxy]).to_string(), "198.51.100.8");
        assert_eq!(caller(proxy, &HeaderMap::new(), &[proxy]), proxy);
    }

    /// A caller cannot choose whom they are counted as.
    #[test]
    fn an_entry_that_cannot_be_read_ends_the_belief() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let counted = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", HeaderValue::from_static(line));
            caller(proxy, &headers, &[proxy]).to_string()
        };
        for (line, wanted) in [
            ("1.2.3.4, 203.0.113.9:4711", "203.0.113.9"),
            ("1.2.3.4, [2001:db8::1]:4711, 10.0.0.1", "2001:db8::1"),
            ("1.2.3.4, [2001:db8::1]", "2001:db8::1"),
            ("1.2.3.4, ::ffff:203.0.113.9", "203.0.113.9"),
            ("1.2.3.4, ::ffff:10.0.0.1", "1.2.3.4"),
            ("1.2.3.4, unknown", "10.0.0.1"),
            ("1.2.3.4, _hidden, 10.0.0.1", "10.0.0.1"),
            ("", "10.0.0.1"),
        ] {
            assert_eq!(counted(line), wanted, "{line}");
        }
    }

    /// A line of bytes that are no text hides nothing of what a caller claims left of it.
    #[test]
    fn a_line_that_is_no_text_ends_the_belief() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("1.2.3.4"));
        headers.append("x-forwarded-for", HeaderValue::from_bytes(b"203.0.113.9\xff").unwrap());
        assert_eq!(caller(proxy, &headers, &[proxy]), proxy);
        headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 10.0.0.1"));
        assert_eq!(caller(proxy, &headers, &[proxy]).to_string(), "203.0.113.9");
    }

    #[test]
    fn one_household_is_one_caller() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
