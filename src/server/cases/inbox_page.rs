//! The inbox: open cases, the earliest due time first, and beside them the case that is being read.
//!
//! Filter, search and page number are in the address, see `inbox_view`.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::case::Stage;

use crate::app::App;
use crate::cases::case_panel::{self, CasePanel, Draft};
use crate::cases::case_summary::{category, place, title};
use crate::cases::inbox_view::{self, PAGE, View};
use crate::console::failure::{Failure, render};
use crate::console::shell::Shell;
use crate::console::signed_in::SignedIn;
use crate::console::speech::{Left, Speech};
use crate::store::DeskSummary;
use crate::store::cases::{Case, CaseId, CasePage};

#[derive(Template)]
#[template(path = "cases/inbox.html")]
struct InboxPage {
    shell: Shell,
    heading: String,
    stages: Vec<Chip>,
    rows: Vec<Row>,
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
    shell.search = view.search.clone().unwrap_or_default();
    let opened = found.open.as_ref().map(|open| open.case.id);
    let to_page = |page| format!("/inbox{}", view.at_page(page).query());
    InboxPage {
        heading: heading(s, view),
        stages: chips(s, view, &found.desk),
        rows: found.cases.iter().map(|case| row(s, view, case, opened)).collect(),
        empty: s.t(if view.search.is_some() { "inbox.nothing-found" } else { "inbox.empty" }),
        earlier: view.page.checked_sub(1).map(to_page),
        later: found.more.then(|| to_page(view.page + 1)),
        list: format!("/inbox{}", view.query()),
        panel: found.open.map(|open| case_panel::compose(s, &open, &view.query(), draft)),
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
    let whole = view.kind.is_none() && view.due.is_none() && !view.wrote;
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
