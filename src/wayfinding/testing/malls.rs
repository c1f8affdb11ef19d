//! The malls of tests and proofs: the demo mall, real venues named by an environment variable, and
//! generated ones.
//!
//! `GALLERIA_VENUES` names a folder of real venues. Without it, these tests check only the demo mall and
//! say so; with `GALLERIA_VENUES_REQUIRED` set, they fail instead.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::generated::{Size, grown};
use super::on_disk;
pub use super::on_disk::{cases, demo_mall};
use crate::load::{Archive, load, parse};
use crate::venue::{Loaded, Venue};

/// The folders of the real venues.
pub fn real_venues() -> Vec<PathBuf> {
    on_disk::real().0
}

/// Imports a map; panics if it cannot be read.
pub fn read(folder: &Path) -> Loaded {
    load(folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
}

/// The factor by which a run multiplies the cases of the proofs: `GALLERIA_PROOFS`, or 1.
pub fn effort() -> usize {
    let times = std::env::var("GALLERIA_PROOFS").ok();
    times.map_or(1, |t| t.parse().expect("GALLERIA_PROOFS is a number of times, such as 50"))
}

/// A mall and the bytes from which it was read.
pub struct Mall {
    /// The name in test failures.
    pub name: String,
    pub archive: Archive,
    pub venue: Arc<Venue>,
}

impl Mall {
    /// Imports a mall; panics if it cannot be read.
    pub fn new(name: String, archive: Archive) -> Self {
        let loaded = parse(&archive).unwrap_or_else(|cause| panic!("{name}: {cause}"));
        Self { name, archive, venue: Arc::new(loaded.venue) }
    }
}

/// All malls for tests: the demo mall, real venues, and three generated ones.
pub fn malls() -> Vec<Mall> {
    let (folders, _) = on_disk::real();
    let mut malls = Vec::new();
    for folder in std::iter::once(demo_mall()).chain(folders) {
        malls.push(Mall::new(on_disk::name(&folder), Archive::read(&folder).unwrap()));
    }
    for seed in 1..=3 {
        let size = Size { levels: 3, columns: 3, rows: 2 };
        malls.push(Mall::new(format!("grown mall {seed}"), grown(seed, size).plan.archive()));
    }
    malls
}
