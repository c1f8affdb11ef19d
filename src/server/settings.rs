//! The settings of a server, as parsed values.
//!
//! `main` merges them from flags, environment, file and defaults; a test sets them directly. Nothing in the
//! library reads those sources again.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use domain::policy::SlaPolicy;
use domain::wire::Limits;

use crate::telephone::Region;

/// How connections are protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// With the certificate that `init` made in the data folder.
    SelfSigned,
    /// With a certificate of the operator's own, both files in PEM.
    Files {
        /// The chain, the server's own certificate first.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// Not at all: a proxy in front of the server does it.
    Off,
}

/// Everything that a server must know before it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder that `init` made.
    pub data: PathBuf,
    /// Where to listen; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// The URL by which people reach the server, for QR codes: `https://mall.example`. Without it, the
    /// address.
    pub public_url: Option<String>,
    pub tls: Tls,
    /// The name of the mall.
    pub mall: String,
    /// The time zone of the mall.
    pub time_zone: chrono_tz::Tz,
    /// The region whose telephone numbers are written without a country code. Without it, that of the time zone.
    pub region: Option<Region>,
    /// A folder with the mall's own forms.
    pub forms: Option<PathBuf>,
    /// The limits of the SLA clocks.
    pub policy: SlaPolicy,
    /// How much a kiosk may send at once.
    pub limits: Limits,
    /// How often a kiosk with nothing to send makes contact, in seconds.
    pub next_poll_s: u32,
    /// How long a kiosk keeps its token before it is offered a new one, in days.
    pub token_days: u32,
    /// Kiosk requests that are served at a time; the others are refused with a time to retry.
    pub max_kiosk_requests: usize,
    /// How many refused kiosks retry per second.
    pub retry_rate_per_s: u32,
    /// Proxies whose `X-Forwarded-For` is trusted.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Settings {
    /// Whether receipts would lead to this machine only: it listens for others and was not told how they call it.
    pub fn receipts_lead_nowhere(&self) -> bool {
        self.public_url.is_none() && self.listen.ip().is_unspecified()
    }

    /// The defaults, for one data folder: loopback, port 8443, the server's own certificate.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8443)),
            public_url: None,
            tls: Tls::SelfSigned,
            mall: "Galleria".to_owned(),
            time_zone: chrono_tz::Asia::Shanghai,
            region: None,
            forms: None,
            policy: SlaPolicy::default(),
            limits: Limits::default(),
            next_poll_s: 60,
            max_kiosk_requests: 64,
            retry_rate_per_s: 300,
            token_days: 30,
            trusted_proxies: Vec::new(),
        }
    }
}
