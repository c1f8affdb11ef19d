//! `galleria-server run`: serves until SIGTERM or SIGINT.

use std::io::{self, Write as _};
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use server::telephone::Region;
use server::{Clock, Random};
use tokio::signal::unix::{SignalKind, signal};

use super::data::Data;
use super::settings::{TlsName, gather};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A settings file holds the same names, and the mall's promises:

  listen = '0.0.0.0:8443'
  public-url = 'https://mall.example'
  mall = 'Star Plaza'
  time-zone = 'Asia/Shanghai'
  region = 'CN'                        # of telephone numbers
  forms = '/srv/mall/forms'
  [policy]                             # in minutes
  complaint-first-response-min = 1440
  complaint-investigation-min = 2880
  complaint-result-min = 4320
  feedback-reply-min = 1440
  service-response-min = 15
  service-urgent-min = 5
  enquiry-response-min = 3
  lost-response-min = 1440
  found-response-min = 60

SIGTERM and SIGINT end it cleanly: what was accepted is on the disk. SIGHUP reads the
certificate again, which also happens within a minute after its files have changed.")]
pub struct Run {
    #[command(flatten)]
    pub data: Data,
    /// Settings file; without it DIR/server.toml, if there is one
    #[arg(long, env = "GALLERIA_SERVER_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8443]. Port 0 takes any that is free, and prints it
    #[arg(long, env = "GALLERIA_SERVER_LISTEN", value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// How visitors reach this server; it is printed in QR codes
    #[arg(long, env = "GALLERIA_SERVER_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// How connections are protected [default: self-signed]
    #[arg(long, env = "GALLERIA_SERVER_TLS", value_enum)]
    pub tls: Option<TlsName>,
    /// Your own certificate chain, in PEM
    #[arg(long, env = "GALLERIA_SERVER_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The key of your own certificate, in PEM
    #[arg(long, env = "GALLERIA_SERVER_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// What the mall is called [default: Galleria]
    #[arg(long, env = "GALLERIA_SERVER_MALL", value_name = "NAME")]
    pub mall: Option<String>,
    /// Where the mall's clocks are, as in the IANA database [default: Asia/Shanghai]
    #[arg(long, env = "GALLERIA_SERVER_TIME_ZONE", value_name = "ZONE")]
    pub time_zone: Option<chrono_tz::Tz>,
    /// Whose telephone numbers are written without a country code, as two letters of ISO 3166 [default: that of the
    /// time zone]
    #[arg(long, env = "GALLERIA_SERVER_REGION", value_name = "CC")]
    pub region: Option<Region>,
    /// Folder with the mall's own forms; each version that was ever in it is kept
    #[arg(long, env = "GALLERIA_SERVER_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// A proxy whose X-Forwarded-For is believed; can be repeated
    #[arg(
        long = "trusted-proxy",
        env = "GALLERIA_SERVER_TRUSTED_PROXIES",
        value_name = "IP",
        value_delimiter = ','
    )]
    pub trusted_proxies: Option<Vec<IpAddr>>,
}

/// Marks an error in the settings, which has an exit code of its own.
#[derive(Debug)]
pub struct WrongSettings;

impl std::fmt::Display for WrongSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the settings are wrong")
    }
}

pub fn run(run: Run, clock: Clock, random: Random) -> anyhow::Result<()> {
    let settings = gather(run).map_err(|cause| cause.context(WrongSettings))?;
    let signals = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // Listening for signals begins before the server does, so that none is missed.
    let (mut term, mut int, mut hangup) = signals.block_on(async {
        let hangup = signal(SignalKind::hangup())?;
        anyhow::Ok((signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?, hangup))
    })?;
    let receipts_lead_nowhere = settings.receipts_lead_nowhere();
    let mut running = server::start(settings, clock, random)?;
    if receipts_lead_nowhere {
        let url = running.public_url();
        tracing::warn!(
            "RECEIPTS LEAD NOWHERE: every receipt is printed with {url}, which no telephone can reach. Say how \
             people reach this server: --public-url https://mall.example"
        );
    }
    let mut out = io::stdout().lock();
    writeln!(out, "galleria-server listens on {}", running.public_url())?;
    out.flush()?;
    signals.block_on(async {
        loop {
            tokio::select! {
                _ = term.recv() => break tracing::info!("told to stop by SIGTERM"),
                _ = int.recv() => break tracing::info!("told to stop by SIGINT"),
                _ = hangup.recv() => running.reload_certificate(),
                () = running.ended() => break tracing::error!("the server ended by itself"),
            }
        }
    });
    running.stop();
    writeln!(out, "galleria-server stopped")?;
    Ok(())
}
