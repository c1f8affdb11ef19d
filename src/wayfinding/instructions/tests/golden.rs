//! A golden file: the instructions for some routes through the demo mall in every language, read and
//! approved by a person.
//!
//! `GALLERIA_WRITE_GOLDEN=1` rewrites the file. Read it line by line before you commit it: it is the only
//! place where all sentences stand together as a visitor reads them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::*;
use crate::load::load;
use crate::route::{Route, Router, Spot, TravelProfile};
use crate::testing::{VenueBuilder, at};
use crate::venue::{Facility, Venue};
use crate::words::words;

/// From, to, and profile. A kiosk has its code, everything else its English name.
const WAYS: [(&str, &[&str], TravelProfile); 17] = [
    ("K1", &["Greyscale"], TravelProfile::Walking),
    ("K1", &["Lost and Found"], TravelProfile::Walking),
    ("K1", &["Metro Entrance"], TravelProfile::StepFree),
    ("K1", &["Mosswhisper"], TravelProfile::Walking),
    ("K1", &["Bluewhale EV"], TravelProfile::Walking),
    ("K1", &["Brocade Letter Hanfu"], TravelProfile::Walking),
    ("K1", &["Brocade Letter Hanfu"], TravelProfile::StepFree),
    ("K1", &["Kilnfire Pizza"], TravelProfile::Walking),
    ("K1", &["Mansui Supermarket"], TravelProfile::Stroller),
    ("K1", &["Women's restroom"], TravelProfile::Walking),
    ("K2", &["Black Tie Room"], TravelProfile::Walking),
    ("K2", &["Stone Steps"], TravelProfile::Walking),
    ("K2", &["Lighthouse Mini"], TravelProfile::Walking),
    ("K3", &["Liuguang Cinema"], TravelProfile::Walking),
    ("K3", &["Skewer Night"], TravelProfile::Walking),
    ("Suchuan", &["Pop Hut"], TravelProfile::Walking),
    ("K1", &["Halfhill Coffee", "Cinnabar", "Ferry Landing Books"], TravelProfile::Walking),
];

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions/tests/ways.txt")
}

fn spot(venue: &Venue, name: &str) -> Spot {
    if venue.kiosk(name).is_some() {
        return Spot::Kiosk(name.to_owned());
    }
    let named = |p: &&crate::venue::Place| p.name.get(Language::En) == name;
    let place = venue.places().iter().find(named).unwrap_or_else(|| panic!("no place is called {name:?}"));
    Spot::Place(place.id)
}

/// A hall with a moving walkway, and a ramp to the level above: the demo mall has neither.
fn with_ramp_and_belt() -> VenueBuilder {
    let mut plan = VenueBuilder::new(&[0, 1]);
    let hall = plan.unit(0, "walkway", (0.0, 0.0, 100.0, 12.0));
    let belt = plan.unit(0, "movingwalkway", (20.0, 5.0, 80.0, 6.5));
    plan.overlay(&format!("[[moving_walkway]]\nunit = \"{belt}\"\nheading = 90.0"));
    let ramps = [0, 1].map(|ordinal| plan.unit(ordinal, "ramp", (100.0, 4.0, 120.0, 7.0)));
    plan.overlay(&format!("[[ramp]]\nunits = [\"{}\", \"{}\"]", ramps[0], ramps[1]));
    let upper = plan.unit(1, "walkway", (120.0, 0.0, 160.0, 10.0));
    plan.opening(0, (100.0, 4.2), (100.0, 6.8));
    plan.opening(1, (120.0, 4.2), (120.0, 6.8));
    plan.shop("Belt Bakery", "bakedgoods", &hall, (96.0, 10.0));
    let shop = plan.unit(1, "room", (140.0, 10.0, 150.0, 20.0));
    plan.opening(1, (144.0, 10.0), (146.0, 10.0));
    plan.shop("Ramp Records", "music", &shop, (145.0, 15.0));
    let below = plan.unit(0, "room", (0.0, 12.0, 10.0, 22.0));
    plan.opening(0, (4.0, 12.0), (6.0, 12.0));
    plan.shop("Ground Grocer", "grocery", &below, (5.0, 17.0));
    let _ = upper;
    plan.kiosk("K1", 0, (5.0, 5.5), 90.0);
    plan
}

/// From, to, and profile, in that venue.
const MOVED: [(&str, &[&str], TravelProfile); 3] = [
    ("K1", &["Ramp Records"], TravelProfile::Walking),
    ("K1", &["Ramp Records"], TravelProfile::StepFree),
    ("Ramp Records", &["Ground Grocer"], TravelProfile::Walking),
];

fn instructions_for(router: &Router, cases: &[(&str, &[&str], TravelProfile)]) -> String {
    let venue = router.venue();
    let mut text = String::new();
    for &(from, stops, profile) in cases {
        let mut here = spot(venue, from);
        let mut routes: Vec<Route> = Vec::new();
        for stop in stops {
            let next = spot(venue, stop);
            routes.push(router.between(here, next.clone(), profile, at(14, 0)).unwrap());
            here = next;
        }
        let metres: f64 = routes.iter().map(|r| r.length_m).sum();
        writeln!(text, "{from} > {} ({}, {metres:.0} m)", stops.join(" > "), profile.key()).unwrap();
        for language in Language::ALL {
            let steps = trip(venue, &routes, venue.kiosk(from), language, words());
            writeln!(text, "  {language}").unwrap();
            for step in steps {
                let sign = venue.level(step.level).short_name.get(Language::En);
                writeln!(text, "    {sign} {:<14} {}", step.kind.key(), step.text).unwrap();
            }
        }
        text.push('\n');
    }
    text
}

/// The instructions for these routes are the approved ones.
#[test]
fn instructions_match_the_approved_golden_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
    let router = Router::new(Arc::new(load(&folder).unwrap().venue));
    assert!(router.venue().places().iter().any(|p| p.facilities.contains(&Facility::Exit)));
    let moved = Router::new(Arc::new(with_ramp_and_belt().venue()));
    let now = instructions_for(&router, &WAYS) + &instructions_for(&moved, &MOVED);
    if std::env::var_os("GALLERIA_WRITE_GOLDEN").is_some() {
        std::fs::write(file(), &now).unwrap();
    }
    let approved = std::fs::read_to_string(file()).unwrap_or_default();
    for (number, (was, is)) in approved.lines().zip(now.lines()).enumerate() {
        assert_eq!(was, is, "line {} of {}", number + 1, file().display());
    }
    assert_eq!(approved.lines().count(), now.lines().count());
}
