//! The shell: executes the effects of [`App`] with a real disk, input method and network.
//!
//! It runs on the window's thread and never blocks it: workers write submissions, paint maps and compute
//! routes, and [`Shell::pump`] takes their answers. It makes no decision that a visitor could notice.

mod drawing;
mod workers;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use domain::Timestamp;

use crate::app::{App, View};
use crate::case_lookup::LookupError;
use crate::content::Courier;
use crate::effect::{Effect, InputCommand};
use crate::event::{Arrival, Event, Link, SaveFailed};
use crate::identity::Identity;
use crate::input::{Composition, InputEngine};
use crate::lookup_client::LookupClient;
use crate::outbox::Outbox;
use crate::routes;
use crate::sync::{LinkState, SyncHandle};
use crate::view::MapScene;
use crate::world::{MapContext, World};

use drawing::Painter;
pub use drawing::{Drawing, Painted, Size};
use workers::{EventInbox, LookupWorker, OutboxWriter, TreeWorker};

/// The outbox for submissions, and the identity of this kiosk. The sync loop shares both.
pub type Store = (Arc<Mutex<Outbox>>, Arc<Mutex<Identity>>);

/// The parts that the shell uses. `None` if the kiosk lacks one.
pub struct Parts {
    pub world: World,
    /// The outbox and the identity, if the disk can be used.
    pub store: Option<Store>,
    /// The input method for Han characters.
    pub pinyin: Option<Box<dyn InputEngine>>,
    /// The sync loop, if a server is configured.
    pub sync: Option<SyncHandle>,
    /// Sends case lookups, if a server can be configured.
    pub lookup: Option<LookupClient>,
    /// Downloads new content, if the disk can be used.
    pub courier: Option<Arc<Courier>>,
    pub clock: fn() -> Timestamp,
}

/// New content is confirmed after the kiosk has shown it for this long and still gets ticks.
const CONFIRM_AFTER: chrono::TimeDelta = chrono::TimeDelta::seconds(60);

/// Starts the workers that belong to one map, and the first computation of the routes.
fn start_map_workers(
    world: &World,
    cache_folder: Option<PathBuf>,
    events: &EventInbox,
    now: Timestamp,
) -> (Option<TreeWorker>, Option<Painter>) {
    let Some(MapContext { venue, router, spot, .. }) = &world.map else { return (None, None) };
    let trees = TreeWorker::start(router.clone(), spot.clone(), cache_folder, events.sender());
    trees.compute(now);
    (Some(trees), Some(Painter::start(Arc::clone(venue), spot.clone())))
}

/// Runs the application.
pub struct Shell {
    app: App,
    pinyin: Option<Box<dyn InputEngine>>,
    sync: Option<SyncHandle>,
    clock: fn() -> Timestamp,
    events: EventInbox,
    writer: Option<OutboxWriter>,
    lookup: Option<LookupWorker>,
    trees: Option<TreeWorker>,
    painter: Option<Painter>,
    link: Link,
    courier: Option<Arc<Courier>>,
    /// The folder in which route networks are cached, if the disk can be used.
    cache_folder: Option<PathBuf>,
    /// Counts the maps that have been shown: a picture of another edition is out of date.
    map_edition: u32,
    /// When unconfirmed content was first shown.
    unconfirmed_since: Option<Timestamp>,
}

impl Shell {
    /// Starts the workers.
    pub fn new(mut parts: Parts) -> Self {
        let now = (parts.clock)();
        let events = EventInbox::new();
        parts.world.apply_validity(now);
        let folder = |(outbox, _): &Store| {
            outbox.lock().unwrap_or_else(PoisonError::into_inner).folder().join(routes::FOLDER)
        };
        let cache_folder = parts.store.as_ref().map(folder);
        let (trees, painter) = start_map_workers(&parts.world, cache_folder.clone(), &events, now);
        let writer = parts
            .store
            .map(|(outbox, identity)| OutboxWriter::start(outbox, identity, parts.clock, events.sender()));
        let lookup = parts.lookup.map(|client| LookupWorker::new(client, events.sender()));
        Self {
            app: App::new(parts.world, now),
            pinyin: parts.pinyin,
            sync: parts.sync,
            clock: parts.clock,
            events,
            writer,
            lookup,
            trees,
            painter,
            link: Link::default(),
            courier: parts.courier,
            cache_folder,
            map_edition: 0,
            unconfirmed_since: Some(now),
        }
    }

    /// Registers `wake`, which is called from any thread whenever [`Self::pump`] has something to do.
    pub fn on_wake(&mut self, wake: Arc<dyn Fn() + Send + Sync>) {
        if let Some(sync) = &self.sync {
            let wake = Arc::clone(&wake);
            sync.on_change(Box::new(move || wake()));
        }
        self.events.on_wake(wake);
    }

    /// Passes an event to the application and executes the effects.
    pub fn handle(&mut self, event: impl Into<Event>) {
        let event = event.into();
        let tick = if let Event::Arrival(Arrival::Tick(now)) = &event { Some(*now) } else { None };
        if let (Some(now), Some(trees)) = (tick, &self.trees) {
            trees.compute_if_old(now);
        }
        let mut effects: VecDeque<Effect> = self.app.handle(event).into();
        while let Some(effect) = effects.pop_front() {
            if let Some(answer) = self.obey(effect) {
                effects.extend(self.app.handle(answer));
            }
        }
        if let Some(lookup) = &mut self.lookup {
            lookup.keep(|request| self.app.awaits(request));
        }
        if let Some(now) = tick {
            self.apply_validity(now);
            self.renew(now);
        }
    }

    /// Updates the map to the places that exist today, if no visitor is there.
    fn apply_validity(&mut self, now: Timestamp) {
        if self.app.apply_validity(now) {
            (self.trees, self.painter) =
                start_map_workers(self.app.world(), self.cache_folder.clone(), &self.events, now);
            self.map_edition += 1;
        }
    }

    /// Switches to new content while no visitor is there, and confirms content that has been shown for a
    /// while.
    fn renew(&mut self, now: Timestamp) {
        let Some(courier) = self.courier.clone() else { return };
        if self.unconfirmed_since.is_some_and(|since| now - since >= CONFIRM_AFTER) {
            self.unconfirmed_since = None;
            courier.confirm();
        }
        if !self.app.is_resting() {
            return;
        }
        let Some(ready) = courier.take_ready() else { return };
        if courier.show(ready.version) {
            tracing::info!(target: "maintenance", version = %ready.version, "new content is shown");
            (self.trees, self.painter) =
                start_map_workers(&ready.world, self.cache_folder.clone(), &self.events, now);
            self.map_edition += 1;
            self.app.replace_world(ready.world);
            self.unconfirmed_since = Some(now);
        }
    }

    fn obey(&mut self, effect: Effect) -> Option<Arrival> {
        match effect {
            Effect::Save(draft) => match &self.writer {
                Some(writer) => writer.write(draft),
                None => return Some(Arrival::Saved(Err(SaveFailed::Disk))),
            },
            Effect::LookUp { request, proof, language } => match &mut self.lookup {
                Some(lookup) => lookup.ask(request, &proof, language),
                None => return Some(Arrival::CaseStatusArrived(request, Err(LookupError::NoServer))),
            },
            Effect::Input(command) => return self.input(command),
            Effect::Forget => tracing::info!(target: "visit", "a visit ended; everything of it was dropped"),
            Effect::WakeSync => {
                if let Some(sync) = &self.sync {
                    sync.wake();
                }
            }
        }
        None
    }

    fn input(&mut self, command: InputCommand) -> Option<Arrival> {
        let engine = self.pinyin.as_mut()?;
        let composition = match command {
            InputCommand::Feed(key) => engine.feed(key),
            InputCommand::Backspace => engine.backspace(),
            InputCommand::Select(index) => engine.select(index),
            InputCommand::More => engine.more(),
            InputCommand::Reset => {
                engine.reset();
                Composition::default()
            }
            InputCommand::Wipe => {
                engine.wipe();
                Composition::default()
            }
        };
        Some(Arrival::Composed(composition))
    }

    /// Takes the workers' answers. Returns whether there were any.
    pub fn pump(&mut self) -> bool {
        let mut arrivals: Vec<Arrival> = self.events.take();
        let link = match self.sync.as_ref().map(|sync| sync.status().link) {
            Some(LinkState::Online) => Link::Online,
            Some(LinkState::Offline) => Link::Offline,
            None | Some(LinkState::NotConfigured | LinkState::Refused) => Link::NoServer,
        };
        if link != self.link {
            self.link = link;
            arrivals.push(Arrival::Link(link));
        }
        let any = !arrivals.is_empty();
        for arrival in arrivals {
            self.handle(arrival);
        }
        any
    }

    /// The current time, for an [`Arrival::Tick`].
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// The edition of the shown map, from 0. When it changes, pictures have to be ordered again.
    pub fn map_edition(&self) -> u32 {
        self.map_edition
    }

    /// Whether no visitor is there.
    pub fn is_resting(&self) -> bool {
        self.app.is_resting()
    }

    /// What is on the screen.
    pub fn view(&self) -> View {
        self.app.view()
    }

    /// Orders the picture of a map; `done` is called on another thread. Does nothing without a map.
    pub fn draw(&self, scene: &MapScene, size: Size, done: Box<dyn FnOnce(Drawing) + Send>) {
        if let Some(painter) = &self.painter {
            painter.order(scene.clone(), size, self.app.routes().cloned(), done);
        }
    }
}
