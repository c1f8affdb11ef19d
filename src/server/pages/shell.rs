//! What is around every page of the console: the names of places on the left, search, who is signed in.

use domain::case::Stage;
use domain::kind::Kind;
use domain::language::Language;
use rusqlite::Connection;

use super::files::{LINKS, Links};
use super::signed_in::SignedIn;
use super::speech::{SOON, Speech};
use super::view::{Due, View};
use crate::app::App;
use crate::store::cases::inbox::{self, Counts};
use crate::store::kiosks;
use crate::store::staff::Role;
use crate::store::{StoreError, millis, quarantine};
use crate::words;

/// The frame of a page.
pub struct Shell {
    /// Speaks the reader's language.
    pub s: Speech,
    /// Style sheets and scripts.
    pub links: &'static Links,
    /// What the mall is called.
    pub mall: String,
    /// Who is reading.
    pub reader: String,
    /// The places on the left, in groups.
    pub places: [Vec<Place>; 2],
    /// What was searched for.
    pub search: String,
    /// The address of this page, for coming back to it.
    pub here: String,
    /// The newest event when this page was made.
    pub after: i64,
    /// The languages of the console.
    pub languages: &'static [Language],
}

/// One place on the left.
pub struct Place {
    /// Its address.
    pub href: String,
    /// Its name.
    pub label: String,
    /// What is said beside it.
    pub count: String,
    /// `late`, `soon` or nothing.
    pub urgency: &'static str,
    /// Whether this is where the reader is.
    pub current: bool,
}

/// What the frame shows of the store.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    counts: Counts,
    kiosks_up: u64,
    kiosks: u64,
    asides: u64,
    newest: i64,
}

impl Facts {
    /// Asks the store.
    pub fn read(db: &Connection, s: &Speech) -> Result<Self, StoreError> {
        let now = s.now();
        let (kiosks, kiosks_up) = kiosks::in_service(db, now - kiosks::UP)?;
        Ok(Self {
            counts: inbox::counts(db, millis(now), millis(now + SOON))?,
            kiosks_up,
            kiosks,
            asides: quarantine::how_many(db)?,
            newest: db.query_row("select coalesce(max(id), 0) from event", [], |row| row.get(0))?,
        })
    }

    /// Open cases of a kind.
    fn of(&self, kind: Kind) -> u64 {
        self.counts.kinds.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n)
    }

    /// Open cases at a stage.
    pub fn at(&self, stage: Stage) -> u64 {
        self.counts.stages.iter().find(|(s, _)| *s == stage).map_or(0, |(_, n)| *n)
    }
}

impl Shell {
    /// The frame around a page at `here`, which belongs to `place`.
    pub fn new(app: &App, reader: &SignedIn, facts: &Facts, here: String, place: &str) -> Self {
        let s = reader.speech.clone();
        let desk = if reader.staff.role == Role::Administrator { desk(&s, facts, place) } else { Vec::new() };
        Self {
            links: &LINKS,
            mall: app.settings.mall.clone(),
            reader: reader.staff.name.clone(),
            places: [cases(&s, facts, place), desk],
            search: String::new(),
            here,
            after: facts.newest,
            languages: words::of_console(),
            s,
        }
    }
}

fn place(s: &Speech, here: &str, href: String, key: &str, count: String, urgency: &'static str) -> Place {
    Place { current: here == href, href, label: s.of("nav", key), count, urgency }
}

fn cases(s: &Speech, facts: &Facts, here: &str) -> Vec<Place> {
    let n = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    let at = |view: View, key, count: u64, urgency| {
        let urgency = if count == 0 { "" } else { urgency };
        place(s, here, format!("/inbox{}", view.query()), key, n(count), urgency)
    };
    let kind = |kind| View { kind: Some(kind), ..View::default() };
    let mut places = vec![
        at(View::default(), "inbox", facts.counts.open, ""),
        at(View { due: Some(Due::Late), ..View::default() }, "late", facts.counts.late, "late"),
        at(View { due: Some(Due::Soon), ..View::default() }, "soon", facts.counts.soon, "soon"),
        at(View { wrote: Some(()), ..View::default() }, "wrote", facts.counts.wrote, ""),
    ];
    // The kinds of which there is always some have their place; the others while there are any.
    let always = [Kind::Complaint, Kind::Feedback, Kind::ServiceRequest];
    let open = Kind::ALL.iter().copied().filter(|k| always.contains(k) || facts.of(*k) > 0);
    places.extend(open.map(|k| at(kind(k), k.key(), facts.of(k), "")));
    places.push(at(View { stage: Some(Stage::Closed), ..View::default() }, "closed", 0, ""));
    places
}

fn desk(s: &Speech, facts: &Facts, here: &str) -> Vec<Place> {
    let up = format!("{}/{}", facts.kiosks_up, facts.kiosks);
    let asides = if facts.asides == 0 { String::new() } else { facts.asides.to_string() };
    let down = if facts.kiosks_up < facts.kiosks { "soon" } else { "" };
    vec![
        place(s, here, "/kiosks".to_owned(), "kiosks", up, down),
        place(s, here, "/set-aside".to_owned(), "set-aside", asides, "soon"),
        place(s, here, "/audit".to_owned(), "audit", String::new(), ""),
    ]
}
