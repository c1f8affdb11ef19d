//! The kiosk's settings. Flags win over environment variables, which win over the settings file, which wins
//! over the defaults.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Parser;
use domain::language::Language;
use kiosk::net::{ProxyAddress, ServerAddress};
use screen::theme::Panel;
use serde::Deserialize;

/// The self-service kiosk of a shopping mall.
///
/// Shows the way, takes feedback and complaints, calls staff. Works with the network unplugged: what
/// visitors say is sealed on the disk and sent when the server named by --server answers.
#[derive(Debug, Default, Parser, Deserialize)]
#[command(
    version,
    max_term_width = 100,
    after_help = "\
Examples:
  galleria-kiosk --venue assets/demo-mall --data /var/lib/galleria-kiosk
  galleria-kiosk --venue /srv/mall --data /var/lib/galleria-kiosk --kiosk K2 --fullscreen \\
      --server https://mall.example:8443 --server-ca ca.pem --enrol ABCD-EFGH-JKMN-PQRS

Each setting is also a line of the file given with --config (venue = \"/srv/mall\", px-per-mm = 3.2)
and an environment variable (GALLERIA_KIOSK_VENUE, …). Flags win over the environment, the environment
over the file. Lines for whoever looks after the kiosk go to standard error; GALLERIA_KIOSK_LOG chooses
how many (error, warn, info, debug). `ready after N ms` on standard output means that visitors can begin.

Exit status: 0 ended by SIGTERM or SIGINT, 1 no window can be opened, 2 the settings are wrong."
)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Given {
    /// Folder of the map: IMDF files and venue.toml
    #[arg(long, env = "GALLERIA_KIOSK_VENUE", value_name = "DIR")]
    pub venue: Option<PathBuf>,
    /// Folder for what is not sent yet and for who this kiosk is. Made when missing
    #[arg(long, env = "GALLERIA_KIOSK_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The server; without one the kiosk works offline and keeps everything
    #[arg(long, env = "GALLERIA_KIOSK_SERVER", value_name = "URL")]
    pub server: Option<String>,
    /// Certificate that the server's own is signed by, in PEM [default: the usual authorities]
    #[arg(long, env = "GALLERIA_KIOSK_SERVER_CA", value_name = "FILE")]
    pub server_ca: Option<PathBuf>,
    /// Proxy through which the server is reached, as a URL with its port [default: none]
    #[arg(long, env = "GALLERIA_KIOSK_PROXY", value_name = "URL", hide_env_values = true)]
    pub proxy: Option<String>,
    /// One-time code from `galleria-server kiosk add`
    #[arg(long, env = "GALLERIA_KIOSK_ENROL", value_name = "CODE", hide_env_values = true)]
    pub enrol: Option<String>,
    /// Which kiosk of venue.toml this is [default: the first]
    #[arg(long, env = "GALLERIA_KIOSK_KIOSK", value_name = "CODE")]
    pub kiosk: Option<String>,
    /// Size of the window in pixels [default: 1080x1920]
    #[arg(long, env = "GALLERIA_KIOSK_SIZE", value_name = "WxH")]
    pub size: Option<WindowSize>,
    /// Fill the screen
    #[arg(long, env = "GALLERIA_KIOSK_FULLSCREEN")]
    pub fullscreen: bool,
    /// Pixels a millimetre of the panel has: pixels across, divided by its width [default: 4.03]
    #[arg(long, env = "GALLERIA_KIOSK_PX_PER_MM", value_name = "N")]
    pub px_per_mm: Option<f32>,
    /// How far from the panel people stand, in millimetres [default: 600]
    #[arg(long, env = "GALLERIA_KIOSK_VIEWING_DISTANCE_MM", value_name = "N")]
    pub viewing_distance_mm: Option<f32>,
    /// Language of the first screen: zh-Hans or en [default: the venue's]
    #[arg(long, env = "GALLERIA_KIOSK_LANGUAGE", value_name = "TAG")]
    pub language: Option<Language>,
    /// Folder with the mall's own forms, besides those of the product
    #[arg(long, env = "GALLERIA_KIOSK_FORMS", value_name = "DIR")]
    pub forms: Option<PathBuf>,
    /// Settings file
    #[arg(long, env = "GALLERIA_KIOSK_CONFIG", value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
}

/// Pixels across and down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct WindowSize {
    pub width: u32,
    pub height: u32,
}

/// A text that is not a window size.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a window size; one looks like 1080x1920, each side from 320 to 16384")]
pub struct NoSize(String);

impl FromStr for WindowSize {
    type Err = NoSize;

    fn from_str(text: &str) -> Result<Self, NoSize> {
        let side = |text: &str| text.parse().ok().filter(|n| (320..=16384).contains(n));
        let sides = text.split_once(['x', 'X']).and_then(|(w, h)| Some((side(w)?, side(h)?)));
        sides.map(|(width, height)| Self { width, height }).ok_or_else(|| NoSize(text.to_owned()))
    }
}

impl TryFrom<String> for WindowSize {
    type Error = NoSize;

    fn try_from(text: String) -> Result<Self, NoSize> {
        text.parse()
    }
}

/// The complete settings of a kiosk.
#[derive(Debug)]
pub struct Settings {
    /// Folder of the map: IMDF files and `venue.toml`.
    pub venue: PathBuf,
    /// Folder for the outbox, the identity and received content.
    pub data: PathBuf,
    /// None for a kiosk that works offline.
    pub server: Option<ServerAddress>,
    /// The proxy through which the server is reached.
    pub proxy: Option<ProxyAddress>,
    /// The certificate authority of the server, as a PEM file; none for the usual authorities.
    pub server_ca: Option<PathBuf>,
    /// The enrolment code.
    pub enrol: Option<String>,
    /// The code of this kiosk in `venue.toml`.
    pub kiosk: Option<String>,
    pub size: WindowSize,
    pub fullscreen: bool,
    pub panel: Panel,
    /// Language of the first screen.
    pub language: Option<Language>,
    /// Folder of the mall's own forms.
    pub forms: Option<PathBuf>,
    /// Why the settings file could not be used, although flags and environment were enough without it.
    pub damaged_file: Option<SettingsError>,
}

/// Why the settings are wrong.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings file {} cannot be read: {source}", path.display())]
    Unreadable {
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The file is not valid TOML, or names an unknown setting.
    #[error("the settings file {} is wrong: {source}", path.display())]
    Wrong {
        path: PathBuf,
        /// The position in the file and the cause.
        source: toml::de::Error,
    },
    /// A setting without a default is missing.
    #[error("--{0} is missing; see galleria-kiosk --help")]
    Missing(&'static str),
    #[error("--server: {0}")]
    Server(#[from] kiosk::net::NoServerAddress),
    #[error("--proxy: {0}")]
    Proxy(#[from] kiosk::net::NoProxyAddress),
    /// A number for the panel is out of range.
    #[error("--{name} is {value}; it is a number from {least} to {most}")]
    Panel {
        name: &'static str,
        /// The value that was given.
        value: f32,
        /// The smallest permitted value.
        least: f32,
        /// The largest permitted value.
        most: f32,
    },
}

fn read(path: &Path) -> Result<Given, SettingsError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| SettingsError::Unreadable { path: path.to_owned(), source })?;
    toml::from_str(&text).map_err(|source| SettingsError::Wrong { path: path.to_owned(), source })
}

fn within(name: &'static str, value: f32, least: f32, most: f32) -> Result<f32, SettingsError> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(SettingsError::Panel { name, value, least, most })
    }
}

impl Settings {
    /// Merges flags and environment with the file. A damaged file is not fatal when the flags and the
    /// environment are enough.
    ///
    /// # Errors
    /// When a setting is missing or wrong. If the file is damaged and a setting is missing, the damage is
    /// reported, because the file may hold that setting.
    pub fn gather(given: Given) -> Result<Self, SettingsError> {
        let (file, damaged_file) = match given.config.as_deref().map(read) {
            None => (Given::default(), None),
            Some(Ok(file)) => (file, None),
            Some(Err(error)) => (Given::default(), Some(error)),
        };
        let (Some(venue), Some(data)) = (given.venue.or(file.venue), given.data.clone().or(file.data)) else {
            return Err(damaged_file.unwrap_or(SettingsError::Missing(if given.data.is_some() {
                "venue"
            } else {
                "data"
            })));
        };
        let usual = Panel::default();
        let px_per_mm = given.px_per_mm.or(file.px_per_mm).unwrap_or(usual.px_per_mm);
        let distance =
            given.viewing_distance_mm.or(file.viewing_distance_mm).unwrap_or(usual.viewing_distance_mm);
        Ok(Self {
            venue,
            data,
            server: given.server.or(file.server).map(|s| s.parse()).transpose()?,
            proxy: given.proxy.or(file.proxy).map(|p| p.parse()).transpose()?,
            server_ca: given.server_ca.or(file.server_ca),
            enrol: given.enrol.or(file.enrol),
            kiosk: given.kiosk.or(file.kiosk),
            size: given.size.or(file.size).unwrap_or(WindowSize { width: 1080, height: 1920 }),
            fullscreen: given.fullscreen || file.fullscreen,
            panel: Panel {
                px_per_mm: within("px-per-mm", px_per_mm, 1.0, 20.0)?,
                viewing_distance_mm: within("viewing-distance-mm", distance, 300.0, 2000.0)?,
            },
            language: given.language.or(file.language),
            forms: given.forms.or(file.forms),
            damaged_file,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    fn given(args: &[&str]) -> Given {
        Given::parse_from([&["galleria-kiosk"], args].concat())
    }

    #[test]
    fn the_command_line_is_well_formed() {
        Given::command().debug_assert();
    }

    #[test]
    fn a_flag_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiosk.toml");
        std::fs::write(&file, "venue = '/srv/mall'\ndata = '/data'\nkiosk = 'K1'\npx-per-mm = 2.0\n")
            .unwrap();
        let settings =
            Settings::gather(given(&["--config", file.to_str().unwrap(), "--kiosk", "K2"])).unwrap();
        assert_eq!((settings.kiosk.as_deref(), settings.panel.px_per_mm), (Some("K2"), 2.0));
    }

    /// The flags may be enough without it.
    #[test]
    fn a_damaged_settings_file_is_named_not_fatal() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("kiosk.toml");
        std::fs::write(&file, "venue = [\n").unwrap();
        let path = file.to_str().unwrap();
        let settings = Settings::gather(given(&["--config", path, "--venue", "/v", "--data", "/d"])).unwrap();
        assert!(settings.damaged_file.unwrap().to_string().contains("kiosk.toml"));
        let error = Settings::gather(given(&["--config", path, "--data", "/d"])).unwrap_err();
        assert!(error.to_string().contains("kiosk.toml"), "{error}");
    }

    #[test]
    fn a_wrong_setting_is_refused_with_its_bounds() {
        let error =
            Settings::gather(given(&["--venue", "/v", "--data", "/d", "--px-per-mm", "0"])).unwrap_err();
        assert_eq!(error.to_string(), "--px-per-mm is 0; it is a number from 1 to 20");
        assert!("1080".parse::<WindowSize>().is_err() && "10x10".parse::<WindowSize>().is_err());
        assert_eq!("540x960".parse(), Ok(WindowSize { width: 540, height: 960 }));
    }
}
