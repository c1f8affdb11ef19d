//! `galleria-venue convert-osm`: converts a building of OpenStreetMap to an IMDF folder.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use chrono_tz::Tz;
use venue_tools::check::check;
use venue_tools::osm::{self, Options, Touching};
use wayfinding::load::Archive;
use wayfinding::venue::Severity;

use super::report;

/// The largest extract that is read, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;

/// What to convert.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Extract of OpenStreetMap with Simple Indoor Tagging: .geojson, or .osm in XML
    #[arg(value_name = "IN")]
    extract: PathBuf,
    /// Folder to write the map to; it is made, and files of the map in it are replaced
    #[arg(value_name = "OUT_DIR")]
    out: PathBuf,
    /// Language of the plain name tags, for example fr [default: en]
    #[arg(long, value_name = "TAG", value_parser = language)]
    language: Option<String>,
    /// Time zone of the opening hours, for example Europe/Paris [default: UTC]
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Tz>,
    /// Whether people walk from floor to floor where two touch: open or closed
    #[arg(long, default_value = "open", value_parser = touching)]
    touching_walkways: Touching,
}

fn touching(text: &str) -> Result<Touching, String> {
    match text {
        "open" => Ok(Touching::Open),
        "closed" => Ok(Touching::Closed),
        _ => Err(format!("{text:?} is neither open nor closed")),
    }
}

fn language(text: &str) -> Result<String, String> {
    let part = |p: &str| (2..=8).contains(&p.len()) && p.chars().all(|c| c.is_ascii_alphanumeric());
    if text.split('-').all(part) { Ok(text.to_owned()) } else { Err(format!("{text:?} is no language tag")) }
}

/// Writes the map, prints the guesses, and fails if the result has errors.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let from = arguments.extract.display();
    let size = fs::metadata(&arguments.extract).with_context(|| format!("{from} cannot be read"))?.len();
    ensure!(size <= LARGEST, "{from} has {size} bytes; an extract of one building has less than {LARGEST}");
    let bytes = fs::read(&arguments.extract).with_context(|| format!("{from} cannot be read"))?;
    let options = Options {
        language: arguments.language.clone(),
        time_zone: arguments.time_zone,
        touching: arguments.touching_walkways,
    };
    let converted = osm::convert(&bytes, &options).with_context(|| format!("{from} is not converted"))?;
    let loaded = check(&Archive::new(converted.files.clone())).context("what was made of it is no map")?;
    fs::create_dir_all(&arguments.out)
        .with_context(|| format!("{} cannot be made", arguments.out.display()))?;
    for (name, bytes) in &converted.files {
        let file = arguments.out.join(name);
        fs::write(&file, bytes).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    let mut findings = converted.findings;
    findings.extend(loaded.findings);
    findings.sort_by_key(|f| f.severity);
    say!("{}: {}", arguments.out.display(), report::summary(&loaded.venue));
    report::print(&loaded.venue, &findings, report::Detail::Short);
    say!("Map data {}", osm::CREDIT);
    Ok(ExitCode::from(u8::from(findings.iter().any(|f| f.severity == Severity::Error))))
}
