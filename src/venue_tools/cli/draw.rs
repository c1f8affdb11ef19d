//! `galleria-venue draw`: one level, or all of them, as a picture.

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use domain::language::Language;
use wayfinding::draw::{self, DrawOptions, Fault, Fonts, Raster, Rotation, ThemeName, View};
use wayfinding::route::{Router, Spot, TravelProfile};
use wayfinding::venue::{Finding, LevelIndex, Severity, Venue};

use super::fault_marks::Raw;
use super::input::{self, Map};

/// What to draw.
#[derive(Debug, clap::Args)]
#[command(after_help = FORMS)]
pub struct Arguments {
    #[command(flatten)]
    map: Map,
    /// Level, by ordinal (0 is the ground floor) or by its short name [default: where the route begins]
    #[arg(long, allow_hyphen_values = true)]
    level: Option<String>,
    /// All levels in one picture
    #[arg(long, conflicts_with_all = ["level", "closer"])]
    overview: bool,
    /// Picture to write
    #[arg(short = 'o', long, default_value = "level.png", value_name = "FILE")]
    out: PathBuf,
    /// Write SVG, whatever the name of the file
    #[arg(long, conflicts_with = "png")]
    svg: bool,
    /// Write PNG, whatever the name of the file
    #[arg(long)]
    png: bool,
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
    /// Where the visitor stands: a kiosk's code, a place's name, number or id, or longitude,latitude,ordinal
    #[arg(long, value_name = "SPOT", alias = "kiosk", allow_hyphen_values = true)]
    from: Option<String>,
    /// Destination, named like the start; with a start, the way there is drawn
    #[arg(long, value_name = "SPOT", allow_hyphen_values = true)]
    to: Option<String>,
    /// How one moves: walking, step-free or stroller
    #[arg(long, default_value = "walking", value_parser = input::profile)]
    profile: TravelProfile,
    /// When: 2026-11-21T14:30 in the venue's time, or RFC 3339 [default: now]
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// Which way is up: best, north, heading (the kiosk's), or degrees clockwise from north
    #[arg(long, default_value = "best", allow_hyphen_values = true)]
    up: String,
    /// Colours: paper, dark or high-contrast
    #[arg(long, default_value = "paper", value_name = "NAME")]
    theme: ThemeName,
    /// Show only the part that the route needs
    #[arg(long)]
    closer: bool,
    /// Which findings are marked and numbered: errors, all or none
    #[arg(long, default_value = "errors", value_name = "WHICH")]
    faults: Faults,
}

/// Which findings are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Faults {
    Errors,
    All,
    None,
}

const FORMS: &str = "\
A map with errors is drawn too: each feature with a fault has a rim and a number, and the list of numbers goes
to the standard error, with the level. What was left out of the map is marked where its files say it is.

Examples:
  galleria-venue draw assets/demo-mall --level 1 -o level.png
  galleria-venue draw assets/demo-mall --overview --from K1 --to 'Kilnfire Pizza' --lang en -o way.svg
  galleria-venue draw broken-mall --level -1 --faults all -o faults.png

Exit status: 0 drawn, 1 the input was wrong.";

fn size(text: &str) -> Result<(u32, u32), String> {
    let (width, height) = text.split_once('x').ok_or("write it as 1000x600")?;
    let number = |t: &str| t.parse().ok().filter(|n| (1..=8192).contains(n));
    match (number(width), number(height)) {
        (Some(width), Some(height)) => Ok((width, height)),
        _ => Err("both sides have to be numbers from 1 to 8192".to_owned()),
    }
}

/// Writes the picture.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let svg = wants_svg(arguments)?;
    let loaded = arguments.map.check()?;
    let router = Router::new(Arc::new(loaded.venue));
    let venue = router.venue();
    let spot = |text: &Option<String>| text.as_ref().map(|t| input::spot(venue, t)).transpose();
    let (from, to) = (spot(&arguments.from)?, spot(&arguments.to)?);
    let at = input::moment(arguments.at.as_deref(), venue.time_zone())?;
    let kiosk = if let Some(Spot::Kiosk(code)) = &from { venue.kiosk(code) } else { None };
    let highlight = if let Some(Spot::Place(id)) = &to { Some(*id) } else { None };
    let mut route = None;
    if let (Some(from), Some(to)) = (from.clone(), to) {
        match router.between(from, to, arguments.profile, at) {
            Ok(found) => route = Some(found),
            Err(refused) => complain!("galleria-venue: drawn without a route: {refused}"),
        }
    }
    let language = arguments.lang.unwrap_or(venue.default_language());
    let found = faults(&loaded.findings, arguments.faults);
    let marked: Vec<Fault> = if found.is_empty() {
        Vec::new()
    } else {
        let raw = Raw::of(&arguments.map.files()?);
        found.iter().filter_map(|f| raw.fault(venue, f)).collect()
    };
    list(venue, &found, &marked, language);
    let fonts = Fonts::system().unwrap_or_else(|missing| {
        complain!("galleria-venue: {missing}");
        missing.fonts
    });
    let options = DrawOptions {
        language,
        fonts: Some(&fonts),
        theme: arguments.theme.theme(),
        px_per_mm: arguments.px_per_mm,
        width_px: arguments.size.0,
        height_px: arguments.size.1,
        text_mm: arguments.text_mm,
        rotation: rotation(&arguments.up, kiosk.map(|k| k.heading_deg))?,
        view: if arguments.closer { View::Route } else { View::Whole },
        kiosk,
        route: route.as_ref(),
        highlight,
        pointed: None,
        faults: &marked,
        ..DrawOptions::default()
    };
    let picture = if arguments.overview {
        draw::overview(venue, &options)
    } else {
        let place = highlight.and_then(|id| venue.place(&id)).map(|p| p.level);
        let begins = kiosk.map(|k| k.level).or(route.as_ref().map(|r| r.start().0)).or(place);
        draw::level(venue, level_named(venue, arguments.level.as_deref(), begins)?, &options)
    };
    if svg {
        let failed = || format!("{} cannot be written", arguments.out.display());
        fs::write(&arguments.out, picture.svg()).with_context(failed)?;
    } else {
        write_png(&arguments.out, &picture.raster(&fonts))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn wants_svg(arguments: &Arguments) -> Result<bool> {
    let ending = arguments.out.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    match (arguments.svg, arguments.png, ending.as_deref()) {
        (true, _, _) | (_, false, Some("svg")) => Ok(true),
        (_, true, _) | (_, _, Some("png")) => Ok(false),
        _ => bail!("{} ends neither in .png nor in .svg; add --png or --svg", arguments.out.display()),
    }
}

/// The findings to mark: for each feature, only the most severe.
fn faults(findings: &[Finding], which: Faults) -> Vec<&Finding> {
    let mut kept: Vec<&Finding> = Vec::new();
    for finding in findings {
        let wanted = match which {
            Faults::All => true,
            Faults::Errors => finding.severity == Severity::Error,
            Faults::None => false,
        };
        if wanted && finding.feature.is_some() && kept.iter().all(|k| k.feature != finding.feature) {
            kept.push(finding);
        }
    }
    kept
}

/// Prints the meaning and the position of each number.
fn list(venue: &Venue, findings: &[&Finding], marked: &[Fault], language: Language) {
    for (index, (finding, fault)) in findings.iter().zip(marked).enumerate() {
        let place = draw::place_of(venue, &fault.feature).or(fault.elsewhere);
        let level = place.map_or("nowhere", |(l, _)| venue.level(l).short_name.get(language));
        complain!("{:>4}  {level:<8}{finding}", index + 1);
    }
}

fn rotation(text: &str, heading: Option<f64>) -> Result<Rotation> {
    Ok(match text {
        "best" => Rotation::BestFit,
        "north" => Rotation::NorthUp,
        "heading" => Rotation::HeadingUp(heading.context("--up heading needs a kiosk in --from")?),
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
    // Every pixel is opaque, therefore premultiplied and straight colours are equal.
    let mut writer = encoder.write_header().with_context(failed)?;
    writer.write_image_data(&raster.rgba).with_context(failed)
}
