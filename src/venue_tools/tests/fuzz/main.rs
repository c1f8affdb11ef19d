//! Fuzz tests with damaged real maps: the demo mall, and the venues named by an environment variable.
//!
//! For any bytes, import returns an error or a map with findings. It never panics, and takes less than a
//! gigabyte. This is a separate program, so that its peak memory is that of import alone. `GALLERIA_VENUES`
//! names a folder of real venues; `GALLERIA_CASES` multiplies the cases: with 100 the run takes about an
//! hour in a release build.

#![expect(clippy::unwrap_used, reason = "what fails here is a failed test")]

mod damage;

use std::path::Path;
use std::sync::Arc;

use chrono::TimeZone;
use damage::{Damage, damage, damaged};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use venue_tools::check::check;
use venue_tools::osm::{Options, Touching, convert};
use wayfinding::load::Archive;
use wayfinding::route::{Router, TravelProfile};
use wayfinding::testing::on_disk;

/// The limit of this program's peak memory, in kilobytes.
const MOST_KB: u64 = 1 << 20;
/// The number of damaged maps in an ordinary run, for each kind of damage.
const CASES: u32 = 12;

/// The peak memory of this program so far, in kilobytes.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Imports an archive; with `further`, also routes on the resulting map.
fn survives(archive: &Archive, further: bool) -> Result<(), TestCaseError> {
    if let Ok(loaded) = check(archive)
        && further
    {
        let router = Router::new(Arc::new(loaded.venue));
        let noon = chrono_tz::Asia::Shanghai.with_ymd_and_hms(2026, 11, 18, 12, 0, 0).unwrap();
        for kiosk in router.venue().kiosks().iter().take(1) {
            let tree = router.tree(kiosk, TravelProfile::Walking, noon);
            for place in router.venue().places() {
                let _ = tree.route_to(&place.id);
            }
        }
    }
    let peak = peak_kb();
    prop_assert!(peak < MOST_KB, "{peak} kB, more than {MOST_KB}");
    Ok(())
}

/// The map from an extract, converted with the default options of the command line.
fn converted(extract: &Path) -> Archive {
    let bytes = std::fs::read(extract).unwrap();
    let options = Options { language: None, time_zone: None, touching: Touching::Open };
    let made = convert(&bytes, &options).unwrap_or_else(|cause| panic!("{}: {cause}", extract.display()));
    Archive::new(made.files)
}

fn list(archive: &Archive) -> Vec<(String, Vec<u8>)> {
    archive.files().map(|(n, b)| (n.to_owned(), b.to_vec())).collect()
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    proptest::collection::vec(damage(), 1..8)
}

fn run<S: Strategy>(of: &S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { failure_persistence: None, ..Config::with_cases(on_disk::cases(CASES)) };
    if let Err(cause) = TestRunner::new(config).run(of, test) {
        panic!("{cause}");
    }
}

/// One test for everything: no other test uses memory at the same time.
#[test]
#[expect(clippy::print_stderr, reason = "a proof says what it has seen")]
fn no_damage_makes_import_panic() {
    let (folders, extracts) = on_disk::real();
    let mut maps: Vec<(String, Archive)> = std::iter::once(on_disk::demo_mall())
        .chain(folders)
        .map(|f| (on_disk::name(&f), Archive::read(&f).unwrap()))
        .collect();
    maps.extend(extracts.iter().map(|e| (on_disk::name(e), converted(e))));
    for (name, map) in &maps {
        survives(map, true).unwrap();
        let files = list(map);
        let any_file = any::<Index>;
        // Damages one file, or swaps two files.
        run(
            &(any_file(), damages(), prop::option::weighted(0.3, any_file()), prop::bool::weighted(0.1)),
            |(file, damages, other, further)| {
                let mut files = files.clone();
                let file = file.index(files.len());
                files[file].1 = damaged(&files[file].1, &damages);
                if let Some(other) = other.map(|o| o.index(files.len())) {
                    let first = std::mem::take(&mut files[file].1);
                    let second = std::mem::replace(&mut files[other].1, first);
                    files[file].1 = second;
                }
                survives(&Archive::new(files), further)
            },
        );
        let zip = on_disk::zip_of(map.files().map(|(n, b)| (n.to_owned(), b)));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.zip");
        run(&damages(), |damages| {
            std::fs::write(&path, damaged(&zip, &damages)).unwrap();
            let read = Archive::read(&path);
            read.map_or(Ok(()), |archive| survives(&archive, false))
        });
        eprintln!("{name}: {} damaged maps, at most {} kB", 2 * on_disk::cases(CASES), peak_kb());
    }
    for extract in &extracts {
        let bytes = std::fs::read(extract).unwrap();
        let options = Options { language: None, time_zone: None, touching: Touching::Open };
        run(&damages(), |damages| match convert(&damaged(&bytes, &damages), &options) {
            Ok(made) => survives(&Archive::new(made.files), false),
            Err(_) => Ok(()),
        });
        eprintln!(
            "{} converted: {} damaged, at most {} kB",
            on_disk::name(extract),
            on_disk::cases(CASES),
            peak_kb()
        );
    }
}
