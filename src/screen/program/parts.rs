//! Opens the parts that the application works with: map, outbox, identity, input method, published content,
//! sync. A part that cannot be opened is logged with its file and reason, and the kiosk starts without it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono_tz::Tz;
use domain::Timestamp;
use domain::form::FormCatalog;
use domain::language::Language;
use domain::wire::Secret;
use kiosk::content::{Courier, Slots, WorldLoader};
use kiosk::identity::Identity;
use kiosk::input::InputEngine;
use kiosk::input::rime::{Rime, SHARED_DATA};
use kiosk::lookup_client::LookupClient;
use kiosk::net::{Network, Roots};
use kiosk::outbox::Outbox;
use kiosk::shell::{Parts, Store};
use kiosk::sync::{self, SyncHandle};
use kiosk::world::{Pinyin, World};
use rand::rand_core::UnwrapErr;
use rand::rngs::SysRng;
use tracing::{error, info, warn};

use super::settings::Settings;

const SOFTWARE: &str = concat!("galleria-kiosk/", env!("CARGO_PKG_VERSION"));

/// Opens all parts; what fails is left out.
pub fn gather(settings: &Settings, clock: fn() -> Timestamp) -> Parts {
    let pinyin = pinyin(&settings.data);
    let store = store(&settings.data, clock());
    let available = if pinyin.is_some() { Pinyin::Available } else { Pinyin::Missing };
    let loader = WorldLoader {
        kiosk: settings.kiosk.clone(),
        language: settings.language,
        pinyin: available,
        forms: Arc::new(forms(settings)),
        clock,
    };
    let mut slots = if store.is_some() { slots(&settings.data) } else { None };
    let world = shown(&loader, slots.as_mut()).unwrap_or_else(|| installed(settings, &loader));
    let courier = slots.and_then(|slots| courier(slots, loader));
    let roots = roots(settings);
    let network = network();
    let lookup = store.as_ref().zip(network.clone()).map(|((_, identity), network)| LookupClient {
        network,
        server: settings.server.clone(),
        proxy: settings.proxy.clone(),
        roots: roots.clone(),
        software: SOFTWARE.to_owned(),
        identity: Arc::clone(identity),
    });
    let sync = store
        .as_ref()
        .zip(network.as_ref())
        .and_then(|(store, network)| start_sync(settings, network, roots, store, courier.clone(), clock));
    Parts { world, store, pinyin, sync, lookup, courier, clock }
}

fn pinyin(data: &Path) -> Option<Box<dyn InputEngine>> {
    match Rime::open(&data.join("input"), Path::new(SHARED_DATA)) {
        Ok(rime) => Some(Box::new(rime)),
        Err(error) => {
            warn!(target: "maintenance", %error, "there is no pinyin keyboard");
            None
        }
    }
}

/// The built-in forms, and the mall's own if they can be read.
fn forms(settings: &Settings) -> FormCatalog {
    let shipped = FormCatalog::shipped();
    let Some(folder) = &settings.forms else { return shipped };
    kiosk::forms::read(&shipped, folder).unwrap_or_else(|error| {
        error!(target: "maintenance", %error, "the mall's own forms are not used");
        shipped
    })
}

fn slots(data: &Path) -> Option<Slots> {
    match Slots::open(data) {
        Ok((slots, warnings)) => {
            for warning in warnings {
                error!(target: "maintenance", "{warning}");
            }
            Some(slots)
        }
        Err(error) => {
            error!(target: "maintenance", %error, "published content cannot be received");
            None
        }
    }
}

fn courier(slots: Slots, loader: WorldLoader) -> Option<Arc<Courier>> {
    match Courier::start(slots, loader) {
        Ok(courier) => Some(Arc::new(courier)),
        Err(error) => {
            error!(target: "maintenance", %error, "published content cannot be received");
            None
        }
    }
}

/// The world of the publication in the current slot. A publication that cannot be loaded is given up, and the
/// next one is tried.
fn shown(loader: &WorldLoader, slots: Option<&mut Slots>) -> Option<World> {
    let slots = slots?;
    while let Some((version, folder)) = slots.shown() {
        match loader.load(&folder) {
            Ok(world) => {
                info!(target: "maintenance", %version, "published content is shown");
                return Some(world);
            }
            Err(why) => {
                error!(target: "maintenance", %version, %why, "content cannot be loaded and is given up");
                if let Err(error) = slots.give_up(&why.to_string()) {
                    error!(target: "maintenance", %error, "the rejection could not be recorded");
                }
            }
        }
    }
    None
}

/// The world from the installed folders; what cannot be read is left out.
fn installed(settings: &Settings, loader: &WorldLoader) -> World {
    let pinyin = loader.pinyin;
    let mut world = match wayfinding::load::load(&settings.venue) {
        Ok(loaded) => {
            for finding in &loaded.findings {
                warn!(target: "maintenance", %finding, "map {}", settings.venue.display());
            }
            with_map(settings, Arc::new(loaded.venue), pinyin)
        }
        Err(error) => {
            error!(target: "maintenance", %error, "the map {} cannot be used", settings.venue.display());
            None
        }
    }
    .unwrap_or_else(|| World::without_map(Language::default(), system_zone(), pinyin));
    world.forms = Arc::clone(&loader.forms);
    loader.set_language(&mut world);
    world
}

/// The map with this kiosk's position on it; none when the map has no kiosk at all.
fn with_map(settings: &Settings, venue: Arc<wayfinding::venue::Venue>, pinyin: Pinyin) -> Option<World> {
    let wanted = settings.kiosk.as_deref();
    let named = wanted.and_then(|code| venue.kiosk(code));
    if let (Some(code), None) = (wanted, named) {
        let known: Vec<_> = venue.kiosks().iter().map(|k| k.code.as_str()).collect();
        error!(target: "maintenance", "--kiosk {code} is not in venue.toml, which has {}; the first is used", known.join(", "));
    }
    let spot = named.or(venue.kiosks().first()).cloned();
    if spot.is_none() {
        error!(target: "maintenance", "{}/venue.toml has no [[kiosk]], so no route can be shown", settings.venue.display());
    }
    spot.map(|spot| World::new(venue, spot, pinyin))
}

fn system_zone() -> Tz {
    iana_time_zone::get_timezone().ok().and_then(|zone| zone.parse().ok()).unwrap_or(Tz::UTC)
}

fn store(data: &Path, now: Timestamp) -> Option<Store> {
    let (mut identity, replaced) = match Identity::open(data, now, &mut UnwrapErr(SysRng)) {
        Ok(opened) => opened,
        Err(error) => {
            error!(target: "maintenance", error = &error as &dyn std::error::Error, "submissions cannot be saved");
            return None;
        }
    };
    if let Some(replaced) = replaced {
        error!(target: "maintenance", "{replaced}");
    }
    match Outbox::open(data, &mut identity, now) {
        Ok((outbox, replaced)) => {
            if let Some(replaced) = replaced {
                error!(target: "maintenance", "{replaced}");
            }
            Some((Arc::new(Mutex::new(outbox)), Arc::new(Mutex::new(identity))))
        }
        Err(error) => {
            error!(target: "maintenance", error = &error as &dyn std::error::Error, "submissions cannot be saved");
            None
        }
    }
}

/// The root certificates that the kiosk trusts.
fn roots(settings: &Settings) -> Roots {
    match settings.server_ca.as_deref().map(Roots::from_file).transpose() {
        Ok(roots) => roots.unwrap_or_else(Roots::web_pki),
        Err(error) => {
            error!(target: "maintenance", %error, "--server-ca is not used");
            Roots::web_pki()
        }
    }
}

fn network() -> Option<Network> {
    match Network::start() {
        Ok(network) => Some(network),
        Err(error) => {
            error!(target: "maintenance", %error, "nothing can be sent until the kiosk is started again");
            None
        }
    }
}

fn start_sync(
    settings: &Settings,
    network: &Network,
    roots: Roots,
    (outbox, identity): &Store,
    courier: Option<Arc<Courier>>,
    clock: fn() -> Timestamp,
) -> Option<SyncHandle> {
    let mut orders = sync::Settings::new(SOFTWARE);
    orders.server = settings.server.clone();
    orders.proxy = settings.proxy.clone();
    orders.code = settings.enrol.clone().map(Secret);
    orders.roots = roots;
    orders.courier = courier;
    match sync::start(orders, network, outbox, identity, clock, UnwrapErr(SysRng)) {
        Ok(handle) => {
            let status = handle.status();
            info!(target: "maintenance", link = ?status.link, waiting = status.waiting, "sending begins");
            Some(handle)
        }
        Err(error) => {
            error!(target: "maintenance", %error, "nothing can be sent until the kiosk is started again");
            None
        }
    }
}
