//! What is around every page of the console: the names of places on the left, search, who is signed in.

use domain::case::Stage;
use domain::kind::Kind;
use domain::language::Language;

use crate::app::App;
use crate::cases::inbox_view::{Due, View};
use crate::console::signed_in::SignedIn;
use crate::console::speech::Speech;
use crate::http::files::{LINKS, Links};
use crate::store::DeskSummary;
use crate::store::accounts::Role;
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

impl Shell {
    /// The frame around a page at `here`, which belongs to `place`.
    pub fn new(app: &App, reader: &SignedIn, desk: &DeskSummary, here: String, place: &str) -> Self {
        let s = reader.speech.clone();
        let administrator = reader.staff.role == Role::Administrator;
        let administration = if administrator { administration(&s, desk, place) } else { Vec::new() };
        Self {
            links: &LINKS,
            mall: app.settings.mall.clone(),
            reader: reader.staff.name.clone(),
            places: [cases(&s, desk, place), administration],
            search: String::new(),
            here,
            after: desk.newest_event,
            languages: words::of_console(),
            s,
        }
    }
}

fn place(s: &Speech, here: &str, href: String, key: &str, count: String, urgency: &'static str) -> Place {
    Place { current: here == href, href, label: s.of("nav", key), count, urgency }
}

fn cases(s: &Speech, desk: &DeskSummary, here: &str) -> Vec<Place> {
    let n = |n: u64| if n == 0 { String::new() } else { n.to_string() };
    let at = |view: View, key, count: u64, urgency| {
        let urgency = if count == 0 { "" } else { urgency };
        place(s, here, format!("/inbox{}", view.query()), key, n(count), urgency)
    };
    let kind = |kind| View { kind: Some(kind), ..View::default() };
    let mut places = vec![
        at(View::default(), "inbox", desk.cases.open, ""),
        at(View { due: Some(Due::Late), ..View::default() }, "late", desk.cases.late, "late"),
        at(View { due: Some(Due::Soon), ..View::default() }, "soon", desk.cases.soon, "soon"),
        at(View { wrote: true, ..View::default() }, "wrote", desk.cases.wrote, ""),
    ];
    // The kinds of which there is always some have their place; the others while there are any.
    let always = [Kind::Complaint, Kind::Feedback, Kind::ServiceRequest];
    let open = Kind::ALL.iter().copied().filter(|k| always.contains(k) || desk.of(*k) > 0);
    places.extend(open.map(|k| at(kind(k), k.key(), desk.of(k), "")));
    places.push(at(View { stage: Some(Stage::Closed), ..View::default() }, "closed", 0, ""));
    places
}

fn administration(s: &Speech, desk: &DeskSummary, here: &str) -> Vec<Place> {
    let up = format!("{}/{}", desk.kiosks_up, desk.kiosks);
    let asides = if desk.quarantined == 0 { String::new() } else { desk.quarantined.to_string() };
    let down = if desk.kiosks_up < desk.kiosks { "soon" } else { "" };
    vec![
        place(s, here, "/kiosks".to_owned(), "kiosks", up, down),
        place(s, here, "/set-aside".to_owned(), "set-aside", asides, "soon"),
        place(s, here, "/audit".to_owned(), "audit", String::new(), ""),
    ]
}
