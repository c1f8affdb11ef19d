//! The kiosk list: state and received counts of each kiosk, and adding, re-enrolling, retrying and revoking
//! one. For administrators.
//!
//! A page shows fifty kiosks. Those in trouble can be listed alone.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query as Asked, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::KioskNumber;
use serde::Deserialize;

use crate::app::App;
use crate::console::failure::{Failure, render};
use crate::console::shell::Shell;
use crate::console::signed_in::{Administrator, SignedIn};
use crate::console::speech::Speech;
use crate::fleet::kiosk_row::Row;
use crate::secret::EnrolmentCode;
use crate::store::DisplayName;
use crate::store::audit::AuditActor;
use crate::store::fleet::{CODE_VALID, FleetError, KioskFilter};

#[derive(Template)]
#[template(path = "fleet/kiosks.html")]
struct KiosksPage {
    shell: Shell,
    chips: Vec<Chip>,
    rows: Vec<Row>,
    empty: String,
    earlier: Option<String>,
    later: Option<String>,
    code: Option<Code>,
    wrong_name: bool,
}

/// A message that is shown once, above the list.
enum Flash {
    Nothing,
    Code(Code),
    WrongName,
}

/// Kiosks per page.
const PAGE: usize = 50;
/// The last page of the largest fleet.
const HIGHEST_PAGE: usize = KioskNumber::HIGHEST as usize / PAGE;

/// An enrolment code, shown once.
struct Code {
    kiosk: String,
    code: String,
    until: String,
}

/// The fields of the form that adds a kiosk.
#[derive(Debug, Deserialize)]
pub struct NewKiosk {
    name: String,
}

/// The query: filter and page number.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    which: String,
    page: String,
}

/// A link that filters the list.
struct Chip {
    href: String,
    label: String,
    current: bool,
}

/// `GET /kiosks`
pub async fn show(
    State(app): State<Arc<App>>,
    reader: Administrator,
    Asked(query): Asked<Query>,
) -> Result<Response, Failure> {
    page(&app, &reader.0, &query, Flash::Nothing).await
}

async fn page(app: &App, reader: &SignedIn, query: &Query, flash: Flash) -> Result<Response, Failure> {
    let s = &reader.speech;
    let which = if query.which == "troubled" { KioskFilter::Troubled } else { KioskFilter::All };
    let at = query.page.parse::<usize>().unwrap_or_default().min(HIGHEST_PAGE);
    let found = app.store.fleet().page(which, at * PAGE, PAGE, s.now()).await;
    let (desk, found) = found.map_err(|error| Failure::of_store(error, s.clone()))?;
    let shell = Shell::new(app, reader, &desk, address(which, at), "/kiosks");
    let chip = |key, which_one, many: u64| Chip {
        href: address(which_one, 0),
        label: format!("{} {many}", s.of("kiosk", key)),
        current: which == which_one,
    };
    Ok(render(&KiosksPage {
        shell,
        chips: vec![
            chip("all", KioskFilter::All, found.all),
            chip("troubled", KioskFilter::Troubled, found.troubled),
        ],
        rows: found.kiosks.iter().map(|kiosk| Row::new(s, kiosk, &found.received, &app.public_url)).collect(),
        empty: s.t(if which == KioskFilter::All { "kiosk.none" } else { "kiosk.none-troubled" }),
        earlier: at.checked_sub(1).map(|page| address(which, page)),
        later: found.more.then(|| address(which, at + 1)),
        wrong_name: matches!(flash, Flash::WrongName),
        code: if let Flash::Code(code) = flash { Some(code) } else { None },
    }))
}

fn address(which: KioskFilter, page: usize) -> String {
    let which = (which == KioskFilter::Troubled).then(|| "which=troubled".to_owned());
    let page = (page > 0).then(|| format!("page={page}"));
    let query = which.into_iter().chain(page).collect::<Vec<_>>().join("&");
    if query.is_empty() { "/kiosks".to_owned() } else { format!("/kiosks?{query}") }
}

/// The error page for a command that failed.
fn failed(error: FleetError, speech: Speech) -> Failure {
    match error {
        FleetError::Store(error) => Failure::of_store(error, speech),
        FleetError::NoKiosk(_) => Failure::not_found(speech),
        FleetError::NoNumberLeft => Failure::wrong_form(speech),
    }
}

/// `POST /kiosks`: adds one, and shows its code once.
pub async fn add(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Form(new): Form<NewKiosk>,
) -> Result<Response, Failure> {
    let Ok(name) = DisplayName::parse(&new.name) else {
        return page(&app, &reader, &Query::default(), Flash::WrongName).await;
    };
    let code = EnrolmentCode::new(&app.random);
    let by = AuditActor::from(&reader.staff);
    match app.store.fleet().add_kiosk(name, code.digest(), by, app.clock.now()).await {
        Ok(kiosk) => page(&app, &reader, &Query::default(), shown(&reader.speech, kiosk, &code)).await,
        Err(error) => Err(failed(error, reader.speech)),
    }
}

fn shown(s: &Speech, kiosk: KioskNumber, code: &EnrolmentCode) -> Flash {
    let until = s.moment(s.now() + CODE_VALID);
    Flash::Code(Code { kiosk: kiosk.to_string(), code: code.to_string(), until })
}

/// `POST /kiosks/{kiosk}/code`: a new code for a kiosk that lost its disk or was revoked.
pub async fn renew(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let code = EnrolmentCode::new(&app.random);
    let by = AuditActor::from(&reader.staff);
    match app.store.fleet().renew_code(kiosk, code.digest(), by, app.clock.now()).await {
        Ok(()) => page(&app, &reader, &Query::default(), shown(&reader.speech, kiosk, &code)).await,
        Err(error) => Err(failed(error, reader.speech)),
    }
}

/// `POST /kiosks/{kiosk}/revoke`
pub async fn revoke(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let by = AuditActor::from(&reader.staff);
    match app.store.fleet().revoke_kiosk(kiosk, by, app.clock.now()).await {
        Ok(_) => Ok(Redirect::to("/kiosks").into_response()),
        Err(error) => Err(failed(error, reader.speech)),
    }
}

/// `POST /kiosks/{kiosk}/retry`: asks the kiosk to retry its quarantine, with the reply to its next batch.
pub async fn retry(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let by = AuditActor::from(&reader.staff);
    match app.store.fleet().ask_retry(kiosk, by, app.clock.now()).await {
        Ok(()) => Ok(Redirect::to("/kiosks").into_response()),
        Err(error) => Err(failed(error, reader.speech)),
    }
}
