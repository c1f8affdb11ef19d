//! The frame around every console page: navigation, search, the signed-in user.

use domain::kind::Kind;
use domain::language::Language;

use crate::app::App;
use crate::console::signed_in::SignedIn;
use crate::console::speech::Speech;
use crate::console::urgency::Urgency;
use crate::health::Trouble;
use crate::http::files::{LINKS, Links};
use crate::store::DeskSummary;
use crate::store::accounts::Role;
use crate::words;

/// The frame of a page.
pub struct Shell {
    /// Texts in the reader's language.
    pub s: Speech,
    /// The addresses of style sheets and scripts.
    pub links: &'static Links,
    /// The name of the mall.
    pub mall: String,
    /// The name of the signed-in user.
    pub reader: String,
    /// Their id, which tells their drafts from a colleague's in the same browser.
    pub reader_id: i64,
    /// The entries of the navigation, in groups.
    pub navigation: [Vec<NavEntry>; 2],
    /// The text in the search box.
    pub search: String,
    /// The address of this page, for links and forms that return to it.
    pub here: String,
    /// The query of the list that is shown, for links to its cases.
    pub view: String,
    /// The newest case event when this page was made.
    pub after: i64,
    pub languages: &'static [Language],
    /// What is wrong with the server.
    pub trouble: Option<String>,
}

/// One entry of the navigation.
pub struct NavEntry {
    pub href: String,
    pub label: String,
    /// The count beside the label; may be empty.
    pub count: String,
    /// How urgent the counted cases or kiosks are.
    pub urgency: Urgency,
    /// Whether this is the current page.
    pub current: bool,
}

impl Shell {
    /// The frame around a page at `here`. `place` is the address of its entry in the navigation.
    pub fn new(app: &App, reader: &SignedIn, desk: &DeskSummary, here: String, place: &str) -> Self {
        let s = reader.speech.clone();
        let administrator = reader.staff.role == Role::Administrator;
        let administration = if administrator { administration(&s, desk, place) } else { Vec::new() };
        Self {
            links: &LINKS,
            mall: app.settings.mall.clone(),
            reader: reader.staff.name.clone(),
            reader_id: reader.staff.id.0,
            navigation: [cases(&s, desk, place), administration],
            search: String::new(),
            view: String::new(),
            here,
            after: desk.newest_event,
            languages: words::console_languages(),
            trouble: trouble(app, &s),
            s,
        }
    }
}

/// What is wrong with the server, in words.
pub fn trouble(app: &App, s: &Speech) -> Option<String> {
    let trouble = app.health.trouble()?;
    let key = format!("trouble.{}", trouble.key());
    Some(match trouble {
        Trouble::LittleRoom { free } => s.fill(&key, &[("megabytes", &(free / 1_000_000).to_string())]),
        Trouble::CertificateEnds { days } => s.n(&key, days),
        Trouble::NotReading | Trouble::NotWriting(_) => s.t(&key),
    })
}

fn entry(s: &Speech, here: &str, href: String, key: &str, count: String, urgency: Urgency) -> NavEntry {
    NavEntry { current: here == href, href, label: s.of("nav", key), count, urgency }
}

/// The lists of cases. The queries are spelt as `cases` spells them, so that the current one is recognised.
fn cases(s: &Speech, desk: &DeskSummary, here: &str) -> Vec<NavEntry> {
    let at = |query: &str, key, count: u64, urgency| {
        let urgency = if count == 0 { Urgency::None } else { urgency };
        entry(s, here, format!("/inbox{query}"), key, shown(count), urgency)
    };
    let mut entries = vec![
        at("", "inbox", desk.cases.open, Urgency::None),
        at("?urgent=1", "urgent", desk.cases.urgent, Urgency::Urgent),
        at("?due=late", "late", desk.cases.late, Urgency::Late),
        at("?due=soon", "soon", desk.cases.soon, Urgency::Soon),
        at("?wrote=1", "wrote", desk.cases.wrote, Urgency::None),
    ];
    // These kinds are always listed; the others only while there are open cases of them.
    let always = [Kind::Complaint, Kind::Feedback, Kind::ServiceRequest];
    let open = Kind::ALL.iter().copied().filter(|k| always.contains(k) || desk.of(*k) > 0);
    entries.extend(open.map(|k| at(&format!("?kind={}", k.key()), k.key(), desk.of(k), Urgency::None)));
    entries.push(at("?stage=closed", "closed", 0, Urgency::None));
    entries
}

fn administration(s: &Speech, desk: &DeskSummary, here: &str) -> Vec<NavEntry> {
    let up = format!("{}/{}", desk.kiosks_up, desk.kiosks);
    let down = if desk.kiosks_up < desk.kiosks { Urgency::Soon } else { Urgency::None };
    vec![
        entry(s, here, "/kiosks".to_owned(), "kiosks", up, down),
        entry(s, here, "/quarantine".to_owned(), "quarantine", shown(desk.quarantined), Urgency::Soon),
        entry(s, here, "/audit".to_owned(), "audit", String::new(), Urgency::None),
    ]
}

/// A count as text; empty for zero.
fn shown(count: u64) -> String {
    if count == 0 { String::new() } else { count.to_string() }
}
