//! The settings of `run`: command line before environment before settings file before default.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::ValueEnum;
use domain::policy::SlaPolicy;
use serde::Deserialize;
use server::telephone::Region;
use server::{Settings, Tls};

use super::run::Run;

/// How connections are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TlsName {
    /// With the certificate that `init` made
    SelfSigned,
    /// Not at all: a proxy in front does it
    Off,
}

/// What a settings file may hold.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    tls: Option<TlsName>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    mall: Option<String>,
    time_zone: Option<chrono_tz::Tz>,
    trusted_proxies: Option<Vec<IpAddr>>,
    region: Option<Region>,
    forms: Option<PathBuf>,
    policy: Option<SlaPolicy>,
}

/// Merges command line, environment and settings file.
///
/// # Errors
/// A file that cannot be read or holds something unknown; a certificate without a key; an address that is
/// no web address.
pub fn gather(run: Run) -> anyhow::Result<Settings> {
    let file = read(run.config.as_deref(), &run.data.data)?;
    let mut settings = Settings::new(run.data.data);
    if let Some(listen) = run.listen.or(file.listen) {
        settings.listen = listen;
    }
    settings.public_url = run.public_url.or(file.public_url);
    if let Some(url) = &settings.public_url {
        check_url(url)?;
    }
    settings.tls = match (run.tls_cert.or(file.tls_cert), run.tls_key.or(file.tls_key), run.tls.or(file.tls))
    {
        (Some(_), Some(_), Some(TlsName::Off)) => anyhow::bail!("a certificate is given, but TLS is off"),
        (Some(certificate), Some(key), _) => Tls::Files { certificate, key },
        (None, None, Some(TlsName::Off)) => Tls::Off,
        (None, None, _) => Tls::SelfSigned,
        _ => anyhow::bail!("a certificate needs its key: give both --tls-cert and --tls-key"),
    };
    settings.mall = run.mall.or(file.mall).unwrap_or(settings.mall);
    settings.time_zone = run.time_zone.or(file.time_zone).unwrap_or(settings.time_zone);
    settings.region = run.region.or(file.region);
    settings.trusted_proxies = run.trusted_proxies.or(file.trusted_proxies).unwrap_or_default();
    settings.forms = run.forms.or(file.forms);
    settings.policy = file.policy.unwrap_or_default();
    Ok(settings)
}

/// The mall's time zone for a command that has no settings of its own: that of the usual settings file, or the default.
///
/// # Errors
/// A file that cannot be read.
pub fn time_zone(data: &Path) -> anyhow::Result<chrono_tz::Tz> {
    Ok(read(None, data)?.time_zone.unwrap_or(Settings::new(data).time_zone))
}

fn read(named: Option<&Path>, data: &Path) -> anyhow::Result<File> {
    let usual = data.join("server.toml");
    let path = match named {
        Some(path) => path,
        None if usual.is_file() => &usual,
        None => return Ok(File::default()),
    };
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    toml::from_str(&text).with_context(|| format!("{} is not a settings file", path.display()))
}

/// As long as a kiosk takes it, in bytes.
const LONGEST_PUBLIC_URL: usize = 200;

/// Requires scheme, host and perhaps a port. Every link of the server begins at the root, so below a path none would
/// lead anywhere.
fn check_url(url: &str) -> anyhow::Result<()> {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let plain =
        |host: &str| !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || "?#@".contains(c));
    anyhow::ensure!(host.is_some_and(plain), "the public URL looks like https://mall.example, not {url:?}");
    anyhow::ensure!(
        url.len() <= LONGEST_PUBLIC_URL,
        "the public URL has {} bytes; a QR code with more than {LONGEST_PUBLIC_URL} is hard to scan",
        url.len()
    );
    let path = host.and_then(|host| host.split_once('/')).map(|(_, path)| path).unwrap_or_default();
    anyhow::ensure!(
        path.is_empty(),
        "the public URL has no path, but {url:?} has /{path}: give the server a host name or a port of its own, such \
         as https://galleria.mall.example"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser as _;

    fn gathered(folder: &Path, more: &[&str]) -> anyhow::Result<Settings> {
        let data = folder.display().to_string();
        let typed = ["galleria-server", "run", "--data", &data].into_iter().chain(more.iter().copied());
        let Command::Run(run) = Cli::try_parse_from(typed).unwrap().command else { panic!("not run") };
        gather(*run)
    }

    /// The command line overrides the file, and the file overrides the default.
    #[test]
    fn flags_win_over_file_over_default() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(
            place.path().join("server.toml"),
            "listen = '127.0.0.1:1'\nmall = '星汇广场'\n[policy]\ncomplaint-result-min = 60\n",
        )
        .unwrap();
        let from_file = gathered(place.path(), &[]).unwrap();
        assert_eq!((from_file.listen.port(), from_file.mall.as_str()), (1, "星汇广场"));
        assert_eq!(from_file.policy.complaint_result_min, 60);
        let typed = gathered(place.path(), &["--listen", "127.0.0.1:2"]).unwrap();
        assert_eq!((typed.listen.port(), typed.time_zone), (2, chrono_tz::Asia::Shanghai));
    }

    /// The error names the file and the unknown key.
    #[test]
    fn a_settings_mistake_is_named_with_its_line() {
        let place = tempfile::tempdir().unwrap();
        std::fs::write(place.path().join("server.toml"), "listne = '127.0.0.1:1'\n").unwrap();
        let error = format!("{:#}", gathered(place.path(), &[]).unwrap_err());
        assert!(error.contains("server.toml") && error.contains("listne"), "{error}");
    }

    /// Without a public URL, receipts of a server that listens on every address would say `localhost`.
    #[test]
    fn listening_everywhere_needs_a_public_url() {
        let place = tempfile::tempdir().unwrap();
        let doubtful = |more: &[&str]| gathered(place.path(), more).unwrap().receipts_lead_nowhere();
        assert!(doubtful(&["--listen", "0.0.0.0:8443"]) && doubtful(&["--listen", "[::]:8443"]));
        assert!(!doubtful(&["--listen", "0.0.0.0:8443", "--public-url", "https://mall.example"]));
        assert!(!doubtful(&[]));
    }

    #[test]
    fn half_a_certificate_is_refused() {
        let place = tempfile::tempdir().unwrap();
        assert!(gathered(place.path(), &["--tls-cert", "a.pem"]).is_err());
        assert!(gathered(place.path(), &["--public-url", "mall.example"]).is_err());
        let below = gathered(place.path(), &["--public-url", "https://mall.example/galleria/"]).unwrap_err();
        assert!(format!("{below:#}").contains("/galleria/"), "{below:#}");
        assert!(gathered(place.path(), &["--public-url", "https://mall.example:8443/"]).is_ok());
        assert!(gathered(place.path(), &["--tls", "off"]).unwrap().tls == Tls::Off);
    }
}
