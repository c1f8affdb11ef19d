//! The words of some ways through the demo mall in every language, as a person has read them.
//!
//! `GALLERIA_WRITE_GOLDEN=1` writes the file anew. Then read it, line by line, before it is committed: it
//! is the only place where all sentences stand together as a visitor meets them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::*;
use crate::load::load;
use crate::route::{Profile, Route, Router, Spot};
use crate::testing::{VenueBuilder, at};
use crate::venue::{Facility, Venue};
use crate::words::words;

/// From, to, and how. A kiosk by its code, everything else by its English name.
const WAYS: [(&str, &[&str], Profile); 17] = [
    ("K1", &["Greyscale"], Profile::Walking),
    ("K1", &["Lost and Found"], Profile::Walking),
    ("K1", &["Metro Entrance"], Profile::StepFree),
    ("K1", &["Mosswhisper"], Profile::Walking),
    ("K1", &["Bluewhale EV"], Profile::Walking),
    ("K1", &["Brocade Letter Hanfu"], Profile::Walking),
    ("K1", &["Brocade Letter Hanfu"], Profile::StepFree),
    ("K1", &["Kilnfire Pizza"], Profile::Walking),
    ("K1", &["Mansui Supermarket"], Profile::Stroller),
    ("K1", &["Women's restroom"], Profile::Walking),
    ("K2", &["Black Tie Room"], Profile::Walking),
    ("K2", &["Stone Steps"], Profile::Walking),
    ("K2", &["Lighthouse Mini"], Profile::Walking),
    ("K3", &["Liuguang Cinema"], Profile::Walking),
    ("K3", &["Skewer Night"], Profile::Walking),
    ("Suchuan", &["Pop Hut"], Profile::Walking),
    ("K1", &["Halfhill Coffee", "Cinnabar", "Ferry Landing Books"], Profile::Walking),
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

/// A hall with a moving walkway, and a ramp to the level above: what the demo mall does not have.
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

/// From, to, and how, on that plan.
const MOVED: [(&str, &[&str], Profile); 3] = [
    ("K1", &["Ramp Records"], Profile::Walking),
    ("K1", &["Ramp Records"], Profile::StepFree),
    ("Ramp Records", &["Ground Grocer"], Profile::Walking),
];

fn told(router: &Router, ways: &[(&str, &[&str], Profile)]) -> String {
    let venue = router.venue();
    let mut text = String::new();
    for &(from, stops, profile) in ways {
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

#[test]
fn the_words_of_these_ways_are_those_that_were_read_and_approved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/demo-mall");
    let router = Router::new(Arc::new(load(&folder).unwrap().venue));
    assert!(router.venue().places().iter().any(|p| p.facilities.contains(&Facility::Exit)));
    let moved = Router::new(Arc::new(with_ramp_and_belt().venue()));
    let now = told(&router, &WAYS) + &told(&moved, &MOVED);
    if std::env::var_os("GALLERIA_WRITE_GOLDEN").is_some() {
        std::fs::write(file(), &now).unwrap();
    }
    let approved = std::fs::read_to_string(file()).unwrap_or_default();
    for (number, (was, is)) in approved.lines().zip(now.lines()).enumerate() {
        assert_eq!(was, is, "line {} of {}", number + 1, file().display());
    }
    assert_eq!(approved.lines().count(), now.lines().count());
}
