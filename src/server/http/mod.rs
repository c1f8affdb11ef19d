//! What all requests share: authentication of kiosks, limits, TLS, headers and refusals.

pub(crate) mod bearer;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod certificate;
pub(crate) mod connections;
pub(crate) mod escape;
pub(crate) mod files;
pub(crate) mod handshakes;
pub(crate) mod headers;
pub(crate) mod load_shedder;
pub(crate) mod plain_http;
pub(crate) mod problem;
pub(crate) mod rate_limiter;
pub(crate) mod slow_body;
pub(crate) mod tls;
pub(crate) mod unread_body;
mod x509;
