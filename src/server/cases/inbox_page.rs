//! The inbox: open cases, urgent ones first, then the earliest due time first, and beside them the case that is
//! being read.
//!
//! Filter, search and page number are in the address, see `inbox_view`.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::Stage;

use crate::app::App;
use crate::cases::case_panel::{self, CasePanel, Draft, Forms};
use crate::cases::case_summary::{category, place, title};
use crate::cases::inbox_view::{self, PAGE, View};
use crate::console::failure::{Failure, render};
use crate::console::shell::Shell;
use crate::console::signed_in::SignedIn;
use crate::console::speech::{Left, Speech};
use crate::store::DeskSummary;
use crate::store::cases::{Case, CaseId, CasePage, FormToken};

#[derive(Template)]
#[template(path = "cases/inbox.html")]
struct InboxPage {
    shell: Shell,
    heading: String,
    stages: Vec<Chip>,
    rows: Vec<Row>,
    /// How many rows want no answer; their button says so.
    read_all: Option<String>,
    query: String,
    empty: String,
    earlier: Option<String>,
    later: Option<String>,
    list: String,
    panel: Option<CasePanel>,
}

/// A link that filters the inbox by stage.
struct Chip {
    href: String,
    label: String,
    current: bool,
}

/// A case in the list.
struct Row {
    href: String,
    current: bool,
    id: String,
    version: i64,
    /// Whether it may be marked as read.
    wants_no_answer: bool,
    left: Option<Left>,
    due: String,
    title: String,
    number: String,
    wrote: bool,
    urgent: bool,
    category: String,
    place: (String, String),
    stage: String,
    stage_key: &'static str,
}

/// `GET /inbox`
pub async fn show(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Query(query): Query<inbox_view::Query>,
) -> Result<Response, Failure> {
    page(&app, &reader, query.into(), None, Draft::default()).await
}

/// `POST /inbox/read`: marks the case of the button as read, or without one all that were listed. A case that has
/// changed since, or wants an answer, stays.
pub async fn read(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Query(query): Query<inbox_view::Query>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let named = |name: &str| -> Vec<(CaseId, i64)> {
        let values = fields.iter().filter(|(field, _)| field == name);
        values.filter_map(|(_, value)| case_at_version(value)).take(PAGE).collect()
    };
    let one = named("one");
    let cases = if one.is_empty() { named("listed") } else { one };
    let (by, now, policy) = (reader.staff.id, app.clock.now(), app.settings.policy.clone());
    let marked = app.store.cases().mark_read(cases, by, now, policy).await;
    marked.map_err(|error| Failure::of_store(error, reader.speech.clone()))?;
    Ok(Redirect::to(&format!("/inbox{}", View::from(query).query())).into_response())
}

/// A case and the version that was listed: `17:3`.
fn case_at_version(value: &str) -> Option<(CaseId, i64)> {
    let (id, version) = value.split_once(':')?;
    Some((CaseId(id.parse().ok()?), version.parse().ok()?))
}

/// The inbox, with a case beside it if one is named.
pub async fn page(
    app: &App,
    reader: &SignedIn,
    view: View,
    open: Option<CaseId>,
    draft: Draft,
) -> Result<Response, Failure> {
    let now = reader.speech.now();
    let mut filter = view.filter(now);
    filter.telephone = filter.search.as_deref().and_then(|typed| app.telephones.sought(typed));
    let found = app.store.cases().inbox(filter, view.page * PAGE, PAGE, open, now).await;
    let found = found.map_err(|error| Failure::of_store(error, reader.speech.clone()))?;
    if open.is_some() && found.open.is_none() {
        return Err(Failure::not_found(reader.speech.clone()));
    }
    let status = draft.status();
    Ok((status, render(&compose(app, reader, &view, found, draft))).into_response())
}

fn compose(app: &App, reader: &SignedIn, view: &View, found: CasePage, draft: Draft) -> InboxPage {
    let s = &reader.speech;
    let here = match &found.open {
        Some(open) => format!("/cases/{}{}", open.case.id, view.query()),
        None => format!("/inbox{}", view.query()),
    };
    let list = format!("/inbox{}", view.at_page(0).query());
    let mut shell = Shell::new(app, reader, &found.desk, here, &list);
    shell.view = view.query();
    shell.search = view.search.clone().unwrap_or_default();
    let opened = found.open.as_ref().map(|open| open.case.id);
    let to_page = |page| format!("/inbox{}", view.at_page(page).query());
    let forms = Forms { token: FormToken::of(app.random.bytes()), done: found.done };
    let unanswered = found.cases.iter().filter(|case| case.wants_no_answer()).count();
    InboxPage {
        read_all: (unanswered > 1).then(|| s.n("inbox.read-all", unanswered as u64)),
        query: view.query(),
        heading: heading(s, view),
        stages: chips(s, view, &found.desk),
        rows: found.cases.iter().map(|case| row(s, view, case, opened)).collect(),
        empty: s.t(if view.search.is_some() { "inbox.nothing-found" } else { "inbox.empty" }),
        earlier: view.page.checked_sub(1).map(to_page),
        later: found.more.then(|| to_page(view.page + 1)),
        list: format!("/inbox{}", view.query()),
        panel: found.open.map(|open| case_panel::compose(s, &open, &view.query(), draft, &forms)),
        shell,
    }
}

fn heading(s: &Speech, view: &View) -> String {
    if let Some(search) = &view.search {
        return s.fill("inbox.found", &[("text", search)]);
    }
    let key = match (view.kind, view.stage, view.due, view.wrote) {
        (Some(kind), ..) => kind.key(),
        (_, Some(Stage::Closed), ..) => "closed",
        _ if view.urgent => "urgent",
        _ if view.since.is_some() => "new",
        (.., Some(inbox_view::Due::Late), _) => "late",
        (.., Some(inbox_view::Due::Soon), _) => "soon",
        (.., true) => "wrote",
        _ => "inbox",
    };
    s.of("nav", key)
}

fn chips(s: &Speech, view: &View, desk: &DeskSummary) -> Vec<Chip> {
    if view.search.is_some() || view.stage == Some(Stage::Closed) {
        return Vec::new();
    }
    let chip = |stage: Option<Stage>, label| {
        let there = View { stage, page: 0, ..view.clone() };
        Chip { href: format!("/inbox{}", there.query()), label, current: view.stage == stage }
    };
    let whole =
        view.kind.is_none() && view.due.is_none() && !view.wrote && !view.urgent && view.since.is_none();
    let open = Stage::ALL.into_iter().filter(|stage| stage.is_open());
    let stages = open.filter(|stage| desk.at(*stage) > 0 || view.stage == Some(*stage)).map(|stage| {
        let name = s.of("stage", stage.key());
        let label = if whole { format!("{name} {}", desk.at(stage)) } else { name };
        chip(Some(stage), label)
    });
    std::iter::once(chip(None, s.t("inbox.any-stage"))).chain(stages).collect()
}

fn row(s: &Speech, view: &View, case: &Case, opened: Option<CaseId>) -> Row {
    Row {
        href: format!("/cases/{}{}", case.id, view.query()),
        current: opened == Some(case.id),
        id: case.id.to_string(),
        version: case.version,
        wants_no_answer: case.wants_no_answer(),
        left: case.next_due_at.filter(|_| case.stage.is_open()).map(|due| s.left(due)),
        due: case.next_due_at.map(|due| due.timestamp().to_string()).unwrap_or_default(),
        title: title(s, case),
        number: case.number.clone(),
        wrote: case.visitor_wrote_at.is_some(),
        category: category(s, case),
        urgent: case.urgent,
        place: place(s, case),
        stage: s.of("stage", case.stage.key()),
        stage_key: case.stage.key(),
    }
}

impl Draft {
    /// The HTTP status of a page that shows this draft.
    fn status(&self) -> StatusCode {
        self.notice.map_or(StatusCode::OK, |notice| notice.status())
    }
}
