//! `galleria-venue draw`: one level as a picture.

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::language::Language;
use wayfinding::draw::{DrawOptions, Fonts, Raster, Rotation, ThemeName, View, level, overview};
use wayfinding::route::{Profile, Router, Spot};
use wayfinding::venue::{LevelIndex, Venue};

use crate::input::{self, Map};

/// What to draw.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// Level, by ordinal (0 is the ground floor) or by its short name [default: where the route begins]
    #[arg(long, allow_hyphen_values = true)]
    level: Option<String>,
    /// All levels in one picture
    #[arg(long, conflicts_with_all = ["level", "closer"])]
    overview: bool,
    /// Picture to write; .png or .svg
    #[arg(long, default_value = "level.png", value_name = "FILE")]
    out: PathBuf,
    /// Size in pixels
    #[arg(long, default_value = "1000x600", value_parser = size, value_name = "WxH")]
    size: (u32, u32),
    /// Pixels per millimetre of the screen it is for
    #[arg(long, default_value_t = 4.0)]
    px_per_mm: f64,
    /// Height of the letters' em, in millimetres
    #[arg(long, default_value_t = 3.6)]
    text_mm: f64,
    /// Language of the labels: zh-Hans, zh-Hant, en, ja or ko [default: the venue's]
    #[arg(long, value_parser = input::language)]
    lang: Option<Language>,
    /// Kiosk where the visitor stands
    #[arg(long, value_name = "CODE")]
    kiosk: Option<String>,
    /// Destination of a route from that kiosk: a name, number or id
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// How one moves: walking, step-free or stroller
    #[arg(long, default_value = "walking", value_parser = input::profile)]
    profile: Profile,
    /// When: 2026-11-21T14:30 in the venue's time, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Which way is up: best, north, heading (the kiosk's), or degrees clockwise from north
    #[arg(long, default_value = "best")]
    up: String,
    /// Colours: paper, dark or high-contrast
    #[arg(long, default_value = "paper", value_name = "NAME")]
    theme: ThemeName,
    /// Show only the part that the route needs
    #[arg(long)]
    closer: bool,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once('x').ok_or("write it as 1000x600")?;
    let number = |t: &str| t.parse().ok().filter(|n| (1..=8192).contains(n));
    match (number(width), number(height)) {
        (Some(width), Some(height)) => Ok((width, height)),
        _ => Err("both sides have to be numbers from 1 to 8192".to_owned()),
    }
}

/// Writes the picture.
#[expect(clippy::print_stderr, reason = "fonts that are missing are worth a word")]
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let router = Router::new(Arc::new(arguments.map.load()?.venue));
    let venue = router.venue();
    let kiosk = match &arguments.kiosk {
        Some(code) => Some(venue.kiosk(code).with_context(|| unknown_kiosk(venue, code))?),
        None => None,
    };
    let to = arguments.to.as_ref().map(|t| input::place(venue, t)).transpose()?;
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let route = match (kiosk, to) {
        (Some(kiosk), Some(to)) => {
            let spots = (Spot::Kiosk(kiosk.code.clone()), Spot::Place(to.id));
            match router.between(spots.0, spots.1, arguments.profile, at) {
                Ok(route) => Some(route),
                Err(refused) => {
                    eprintln!("galleria-venue: drawn without a route: {refused}");
                    None
                }
            }
        }
        _ => None,
    };
    let options = DrawOptions {
        language: arguments.lang.unwrap_or(venue.default_language()),
        theme: arguments.theme.theme(),
        px_per_mm: arguments.px_per_mm,
        width_px: arguments.size.0,
        height_px: arguments.size.1,
        text_mm: arguments.text_mm,
        rotation: rotation(&arguments.up, kiosk.map(|k| k.heading_deg))?,
        view: if arguments.closer { View::Route } else { View::Whole },
        kiosk,
        route: route.as_ref(),
        highlight: to.map(|p| p.id),
    };
    let begins = kiosk.map(|k| k.level).or(to.map(|p| p.level));
    let picture = if arguments.overview {
        overview(venue, &options)
    } else {
        level(venue, level_named(venue, arguments.level.as_deref(), begins)?, &options)
    };
    match arguments.out.extension().and_then(|e| e.to_str()) {
        Some("svg") => fs::write(&arguments.out, picture.svg())
            .with_context(|| format!("{} cannot be written", arguments.out.display()))?,
        Some("png") => {
            let fonts = Fonts::system().unwrap_or_else(|missing| {
                eprintln!("galleria-venue: {missing}");
                missing.fonts
            });
            write_png(&arguments.out, &picture.raster(&fonts))?;
        }
        _ => bail!("{} ends neither in .png nor in .svg", arguments.out.display()),
    }
    Ok(ExitCode::SUCCESS)
}

fn unknown_kiosk(venue: &Venue, code: &str) -> String {
    let known: Vec<&str> = venue.kiosks().iter().map(|k| k.code.as_str()).collect();
    format!("the map has no kiosk {code:?}; it has: {}", known.join(", "))
}

fn rotation(text: &str, heading: Option<f64>) -> Result<Rotation> {
    Ok(match text {
        "best" => Rotation::BestFit,
        "north" => Rotation::NorthUp,
        "heading" => Rotation::HeadingUp(heading.context("--up heading needs a --kiosk")?),
        degrees => Rotation::HeadingUp(
            degrees
                .parse()
                .with_context(|| format!("--up {degrees:?}: write best, north, heading or degrees"))?,
        ),
    })
}

fn level_named(venue: &Venue, text: Option<&str>, begins: Option<LevelIndex>) -> Result<LevelIndex> {
    let Some(text) = text else {
        return Ok(begins.or_else(|| venue.level_of_ordinal(0)).unwrap_or(LevelIndex(0)));
    };
    let by_name =
        || venue.levels().iter().position(|l| l.short_name.iter().any(|(_, n)| n == text)).map(LevelIndex);
    let found = text.parse().ok().and_then(|o| venue.level_of_ordinal(o)).or_else(by_name);
    found.with_context(|| {
        let known: Vec<String> = venue
            .levels()
            .iter()
            .map(|l| format!("{} ({})", l.ordinal, l.short_name.get(Language::En)))
            .collect();
        format!("the map has no level {text:?}; it has: {}", known.join(", "))
    })
}

fn write_png(file: &Path, raster: &Raster) -> Result<()> {
    let failed = || format!("{} cannot be written", file.display());
    let out = BufWriter::new(fs::File::create(file).with_context(failed)?);
    let mut encoder = png::Encoder::new(out, raster.width, raster.height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    // Every pixel of a level is opaque, so that multiplied and plain colours are the same.
    let mut writer = encoder.write_header().with_context(failed)?;
    writer.write_image_data(&raster.rgba).with_context(failed)
}
