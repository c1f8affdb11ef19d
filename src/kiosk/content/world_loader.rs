//! Loads a publication: its map must load without errors, contain this kiosk, and have a route to at least
//! one place.
//!
//! A publication is accepted whole or not at all, because there is older content to show.

use std::path::Path;
use std::sync::Arc;

use domain::Timestamp;
use domain::form::FormCatalog;
use domain::language::Language;
use wayfinding::load::LoadError;
use wayfinding::route::TravelProfile;
use wayfinding::venue::{Finding, Severity};

use crate::forms::{self, FormsError};
use crate::log::MAINTENANCE;
use crate::routes;
use crate::words::spoken;
use crate::world::{MapContext, Pinyin, World};

/// Why a publication is refused. The text is for the staff who published it.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    #[error(transparent)]
    Map(#[from] LoadError),
    /// The first error that the map has.
    #[error("{0}")]
    Fault(Finding),
    #[error("venue.toml has no kiosk {0}")]
    UnknownKiosk(String),
    #[error("venue.toml has no [[kiosk]]")]
    NoKiosk,
    #[error("no place can be reached from {kiosk} ({})", profile.key())]
    NothingReachable { kiosk: String, profile: TravelProfile },
    #[error(transparent)]
    Forms(#[from] FormsError),
}

/// Makes worlds from publications. It holds the settings that do not depend on the content.
#[derive(Clone, Debug)]
pub struct WorldLoader {
    /// The code of this kiosk on the map; without one, the first kiosk of the map.
    pub kiosk: Option<String>,
    /// The first language; without one, the language of the map.
    pub language: Option<Language>,
    /// Whether Han characters can be typed.
    pub pinyin: Pinyin,
    /// The built-in forms; content may add more.
    pub forms: Arc<FormCatalog>,
    /// The current time.
    pub clock: fn() -> Timestamp,
}

impl WorldLoader {
    /// Loads the publication in a folder.
    ///
    /// # Errors
    /// [`WorldError`].
    pub fn load(&self, folder: &Path) -> Result<World, WorldError> {
        let loaded = wayfinding::load::load(&folder.join("venue"))?;
        if let Some(fault) = loaded.findings.into_iter().find(|f| f.severity == Severity::Error) {
            return Err(WorldError::Fault(fault));
        }
        let venue = Arc::new(loaded.venue);
        let spot = match &self.kiosk {
            Some(code) => venue.kiosk(code).ok_or_else(|| WorldError::UnknownKiosk(code.clone()))?,
            None => venue.kiosks().first().ok_or(WorldError::NoKiosk)?,
        };
        let spot = spot.clone();
        let mut world = World::new(venue, spot, self.pinyin);
        world.apply_validity((self.clock)());
        self.leads_somewhere(&world, folder)?;
        world.forms = self.forms_with(&folder.join("forms"))?;
        self.set_language(&mut world);
        Ok(world)
    }

    fn forms_with(&self, folder: &Path) -> Result<Arc<FormCatalog>, FormsError> {
        if !folder.is_dir() {
            return Ok(Arc::clone(&self.forms));
        }
        forms::read(&self.forms, folder).map(Arc::new)
    }

    /// Sets the first language that the operator chose.
    pub fn set_language(&self, world: &mut World) {
        match self.language {
            Some(language) if spoken().contains(&language) => world.first_language = language,
            Some(language) => {
                tracing::error!(target: MAINTENANCE, %language, "the kiosk does not speak this language yet");
            }
            None => {}
        }
    }

    /// The route networks are cached beside the slots, so the next start finds them.
    fn leads_somewhere(&self, world: &World, folder: &Path) -> Result<(), WorldError> {
        let Some(MapContext { venue, router, spot, .. }) = &world.map else { return Ok(()) };
        routes::prepare(router, &folder.with_file_name(routes::FOLDER));
        let now = world.local((self.clock)());
        for profile in TravelProfile::ALL {
            let tree = router.tree(spot, profile, now);
            if !venue.places().iter().any(|place| tree.time_s(&place.id).is_some()) {
                return Err(WorldError::NothingReachable { kiosk: spot.code.clone(), profile });
            }
        }
        Ok(())
    }
}
