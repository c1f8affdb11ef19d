//! The command line: one module per command, and the modules that they share.

// First, because the other modules use its macros.
#[macro_use]
mod say;

mod answer;
mod check;
mod convert_osm;
mod draw;
mod evacuate;
mod fault_marks;
mod input;
mod nearest;
mod question;
mod reach;
mod report;
mod route;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Checks a mall's map, finds ways on it and draws it.
///
/// A map is a folder or a zip in IMDF 1.0, with a venue.toml in it or beside it for what IMDF lacks: kiosks,
/// directions of escalators, moving walkways and gates, lift stops, ramps, door hours, closures.
#[derive(Debug, Parser)]
#[command(name = "galleria-venue", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  galleria-venue check assets/demo-mall
  galleria-venue convert-osm mall.geojson mall --language fr --time-zone Europe/Paris
  galleria-venue route assets/demo-mall --from K1 --to 'Lighthouse Mini' --lang en
  galleria-venue route assets/demo-mall --from 121.4632,31.2315,0 --to L2-07 --profile step-free --json
  galleria-venue nearest assets/demo-mall restroom --from K1 --profile step-free
  galleria-venue evacuate assets/demo-mall --from K3
  galleria-venue reach assets/demo-mall
  galleria-venue draw assets/demo-mall --overview --from K1 --to L2-07 -o way.svg

Exit status: 0 done, 1 the input was wrong, 2 there is no route.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Lists what is wrong with a map, errors first, and which shops no kiosk can lead to.
    Check(check::Arguments),
    /// Makes a map of an extract of OpenStreetMap (Simple Indoor Tagging).
    ConvertOsm(convert_osm::Arguments),
    /// Finds the way from one place to another and says it in words.
    Route(route::Arguments),
    /// Finds the nearest places of a kind, with the time to each.
    Nearest(nearest::Arguments),
    /// Finds the way out in an emergency: no lifts, no escalators.
    Evacuate(evacuate::Arguments),
    /// Lists which shops cannot be reached from which kiosk, and why.
    Reach(reach::Arguments),
    /// Draws one level or all of them as PNG or SVG, with a route if you like.
    Draw(draw::Arguments),
}

/// Runs the command of the command line.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no errors; everything else is bad input.
            let status = u8::from(error.use_stderr());
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let done = match arguments.command {
        Command::Check(arguments) => check::run(&arguments),
        Command::ConvertOsm(arguments) => convert_osm::run(&arguments),
        Command::Route(arguments) => route::run(&arguments),
        Command::Nearest(arguments) => nearest::run(&arguments),
        Command::Evacuate(arguments) => evacuate::run(&arguments),
        Command::Reach(arguments) => reach::run(&arguments),
        Command::Draw(arguments) => draw::run(&arguments),
    };
    done.unwrap_or_else(|error| {
        complain!("galleria-venue: {error:#}");
        ExitCode::from(1)
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Arguments::command().debug_assert();
    }
}
