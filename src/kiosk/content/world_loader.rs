//! Loading a publication: its map must load without errors, know this kiosk, and lead to some place. A
//! publication is accepted whole or not at all, because there is older content to show.

use std::path::Path;
use std::sync::Arc;

use domain::Timestamp;
use domain::form::FormCatalog;
use domain::language::Language;
use wayfinding::route::TravelProfile;
use wayfinding::venue::Severity;

use crate::forms;
use crate::log::MAINTENANCE;
use crate::routes;
use crate::words::spoken;
use crate::world::{Pinyin, Surroundings, World};

/// Makes worlds from publications. Holds what does not depend on the content.
#[derive(Clone, Debug)]
pub struct WorldLoader {
    /// The code of this kiosk on the map; none for the first.
    pub kiosk: Option<String>,
    /// The first language; none for that of the map.
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
    /// Why the publication is refused, for those who published it.
    pub fn load(&self, folder: &Path) -> Result<World, String> {
        let loaded = wayfinding::load::load(&folder.join("venue")).map_err(|error| error.to_string())?;
        if let Some(fault) = loaded.findings.iter().find(|f| f.severity == Severity::Error) {
            return Err(fault.to_string());
        }
        let venue = Arc::new(loaded.venue);
        let spot = match &self.kiosk {
            Some(code) => venue.kiosk(code).ok_or_else(|| format!("venue.toml has no kiosk {code}"))?,
            None => venue.kiosks().first().ok_or("venue.toml has no [[kiosk]]")?,
        };
        let spot = spot.clone();
        let mut world = World::new(venue, spot, self.pinyin);
        world.keep_to((self.clock)());
        self.leads_somewhere(&world, folder)?;
        world.forms = self.forms_with(&folder.join("forms"))?;
        self.set_language(&mut world);
        Ok(world)
    }

    fn forms_with(&self, folder: &Path) -> Result<Arc<FormCatalog>, String> {
        if !folder.is_dir() {
            return Ok(Arc::clone(&self.forms));
        }
        forms::read(&self.forms, folder).map(Arc::new).map_err(|error| error.to_string())
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
    fn leads_somewhere(&self, world: &World, folder: &Path) -> Result<(), String> {
        let Some(Surroundings { venue, router, spot, .. }) = &world.surroundings else { return Ok(()) };
        routes::prepare(router, &folder.with_file_name(routes::FOLDER));
        let now = world.local((self.clock)());
        for profile in TravelProfile::ALL {
            let tree = router.tree(spot, profile, now);
            if !venue.places().iter().any(|place| tree.time_s(&place.id).is_some()) {
                return Err(format!("no place can be reached from {} ({})", spot.code, profile.key()));
            }
        }
        Ok(())
    }
}
