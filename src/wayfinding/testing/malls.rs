//! The malls that tests and proofs run on: the demo mall, real venues named by the environment, generated ones.
//!
//! `GALLERIA_VENUES` names a folder of real venues. Without it these tests say so and check the demo mall
//! only; with `GALLERIA_VENUES_REQUIRED` set, they fail instead.

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

/// Imports a map that has to be readable.
pub fn read(folder: &Path) -> Loaded {
    load(folder).unwrap_or_else(|cause| panic!("{}: {cause}", folder.display()))
}

/// How many times as much the proofs try as in an ordinary run: `GALLERIA_PROOFS`, or once.
pub fn effort() -> usize {
    let times = std::env::var("GALLERIA_PROOFS").ok();
    times.map_or(1, |t| t.parse().expect("GALLERIA_PROOFS is a number of times, such as 50"))
}

/// A mall with the bytes that it was read from.
pub struct Mall {
    /// What failures call it.
    pub name: String,
    /// The bytes it was read from.
    pub archive: Archive,
    /// What import made of them.
    pub venue: Arc<Venue>,
}

impl Mall {
    /// Imports a mall that has to be readable.
    pub fn new(name: String, archive: Archive) -> Self {
        let loaded = parse(&archive).unwrap_or_else(|cause| panic!("{name}: {cause}"));
        Self { name, archive, venue: Arc::new(loaded.venue) }
    }
}

/// Every mall there is to try things on: the demo mall, real venues, and three that are grown.
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
