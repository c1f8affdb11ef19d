//! A disk cache of walking networks. With it, a program that starts again does not have to compute them
//! again.
//!
//! A file is named by the hash of what its networks are computed from: the geometry of the venue and the
//! source files of the computation. It is written to a temporary file and renamed when it is complete. A
//! file that is damaged or was made from other input is ignored and rewritten. Every program works without
//! the cache.
//!
//! The venue itself is not cached. Reading its files takes less time than computing the smallest network,
//! and a copy could be out of date.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::route::Router;

/// A larger file is not one of this cache.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Older files beyond this number are removed when a new one is written.
const KEPT: usize = 4;
/// The extension of the files.
const ENDING: &str = "ways";

/// A folder with networks of venues.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

/// The outcome of [`Cache::prepare`].
#[derive(Debug)]
pub enum Cached {
    /// The networks were read from the cache.
    Read,
    /// The networks were computed and written to the cache.
    Written,
    /// The networks were computed, but could not be written.
    NotKept(io::Error),
}

impl Cache {
    /// A cache in this folder, which is created on the first write.
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Loads the networks of a router from the cache, or computes and stores them.
    ///
    /// Afterwards the router has its networks, whatever this returns.
    pub fn prepare(&self, router: &Router) -> Cached {
        let fingerprint = router.fingerprint();
        let file = self.folder.join(format!("{fingerprint}.{ENDING}"));
        let is_read = read(&file).is_some_and(|bytes| router.take_networks(&bytes, &fingerprint));
        if is_read {
            return Cached::Read;
        }
        match router
            .networks(&fingerprint)
            .map_err(io::Error::other)
            .and_then(|bytes| self.write(&file, &bytes))
        {
            Ok(()) => Cached::Written,
            Err(cause) => Cached::NotKept(cause),
        }
    }

    fn write(&self, file: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut beside = tempfile::NamedTempFile::new_in(&self.folder)?;
        beside.write_all(bytes)?;
        beside.as_file().sync_all()?;
        beside.persist(file)?;
        self.forget_old()
    }

    /// Removes the files that were written longest ago, beyond [`KEPT`].
    fn forget_old(&self) -> io::Result<()> {
        let mut files = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|e| e == ENDING) {
                files.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
        files.sort();
        let old = files.len().saturating_sub(KEPT);
        files[..old].iter().try_for_each(|(_, file)| fs::remove_file(file))
    }
}

fn read(file: &Path) -> Option<Vec<u8>> {
    let size = fs::metadata(file).ok()?.len();
    if size > LARGEST { None } else { fs::read(file).ok() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::route::{Spot, TravelProfile};
    use crate::testing::{Small, at, small};

    fn router(small: &Small) -> Router {
        Router::new(Arc::new(small.plan.venue()))
    }

    /// Every route between the first shops, as text. Two texts are equal only if all numbers are equal to
    /// the last bit.
    fn answers(router: &Router, small: &Small) -> String {
        let ask = |from: usize, to: usize, profile: TravelProfile| {
            let spots = (Spot::Place(small.shops[from]), Spot::Place(small.shops[to]));
            format!("{:?}", router.between(spots.0, spots.1, profile, at(12, 0)))
        };
        let pairs = [(0, 3), (3, 15), (15, 2), (7, 18)];
        pairs.iter().flat_map(|(a, b)| TravelProfile::ALL.map(|p| ask(*a, *b, p))).collect()
    }

    fn only_file(folder: &Path) -> PathBuf {
        let files: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].clone()
    }

    #[test]
    fn what_was_kept_answers_like_what_was_measured() {
        let (small, folder) = (small(), tempfile::tempdir().unwrap());
        let cache = Cache::in_folder(folder.path().join("made when needed"));
        let measured = router(&small);
        assert!(matches!(cache.prepare(&measured), Cached::Written));
        let kept = router(&small);
        assert!(matches!(cache.prepare(&kept), Cached::Read));
        assert_eq!(answers(&kept, &small), answers(&measured, &small));
    }

    /// A changed map uses another file; a changed closure uses the same one.
    #[test]
    fn changed_maps_have_another_cache_file() {
        let (mut small, folder) = (small(), tempfile::tempdir().unwrap());
        let cache = Cache::in_folder(folder.path());
        assert!(matches!(cache.prepare(&router(&small)), Cached::Written));
        let door = small.lift_doors[0].clone();
        small.plan.overlay(&format!("[[closure]]\nfeature = \"{door}\""));
        assert!(matches!(cache.prepare(&router(&small)), Cached::Read), "closures are no geometry");
        for i in 0..6 {
            let x = 20.0 + f64::from(i);
            small.plan.fixture(0, (x, 3.0, x + 0.5, 4.0));
            assert!(matches!(cache.prepare(&router(&small)), Cached::Written));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), KEPT, "old maps are forgotten");
    }

    /// A file of another map, or a damaged one, is computed and written again.
    #[test]
    fn foreign_or_damaged_caches_are_rewritten() {
        let (mut small, folder) = (small(), tempfile::tempdir().unwrap());
        let cache = Cache::in_folder(folder.path());
        let right = answers(&router(&small), &small);
        assert!(matches!(cache.prepare(&router(&small)), Cached::Written));
        let file = only_file(folder.path());
        let whole = fs::read(&file).unwrap();
        // The networks of another mall, stored under the fingerprint of this one.
        small.plan.fixture(0, (20.0, 3.0, 21.0, 4.0));
        let other = router(&small);
        other.prepare();
        let foreign = other.networks(&other.fingerprint()).unwrap();
        let small = crate::testing::small();
        for bytes in [Vec::new(), b"nonsense".to_vec(), foreign, whole[..whole.len() / 2].to_vec()] {
            fs::write(&file, &bytes).unwrap();
            let router = router(&small);
            assert!(matches!(cache.prepare(&router), Cached::Written));
            assert_eq!(answers(&router, &small), right);
            assert_eq!(fs::read(&file).unwrap(), whole, "and it is whole again");
        }
    }

    /// Without a writable folder there are routes all the same.
    #[test]
    fn routes_need_no_cache() {
        let (small, folder) = (small(), tempfile::tempdir().unwrap());
        let file = folder.path().join("a file");
        fs::write(&file, "no folder").unwrap();
        let router = router(&small);
        assert!(matches!(Cache::in_folder(&file).prepare(&router), Cached::NotKept(_)));
        assert!(!answers(&router, &small).contains("Err"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Arbitrary bytes with a valid hash never cause a panic.
        #[test]
        fn arbitrary_cache_bytes_never_panic(
            at in 0.0..1.0f64, byte in any::<u8>(), cut in 0usize..64,
        ) {
            use sha2::{Digest, Sha256};
            static WHOLE: std::sync::LazyLock<(Router, String, Vec<u8>)> = std::sync::LazyLock::new(|| {
                let router = router(&small());
                let fingerprint = router.fingerprint();
                let bytes = router.networks(&fingerprint).unwrap();
                (router, fingerprint, bytes)
            });
            let (router, fingerprint, whole) = &*WHOLE;
            let mut body = whole[32..whole.len() - cut].to_vec();
            let position = ((body.len() - 1) as f64 * at) as usize;
            body[position] = byte;
            let mut bytes = Sha256::digest(&body).to_vec();
            bytes.extend(body);
            // Whether the bytes are accepted does not matter: a changed coordinate may still give a valid
            // network.
            let fresh = Router::new(router.venue().clone());
            if fresh.take_networks(&bytes, fingerprint) {
                let small = small();
                let _ = answers(&fresh, &small);
            }
        }
    }
}
