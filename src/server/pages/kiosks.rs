//! The kiosks: how they are, what arrived from them, adding, asking and revoking one. For administrators.
//! A page shows fifty of them, and what is in trouble can be seen alone.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query as Asked, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::KioskNumber;
use rusqlite::Connection;
use serde::Deserialize;

use super::failure::{Failure, render};
use super::kiosk_row::Row;
use super::shell::{Facts, Shell};
use super::signed_in::{Administrator, SignedIn};
use super::speech::Speech;
use crate::app::App;
use crate::secret::EnrolmentCode;
use crate::store::audit::{self, Deed};
use crate::store::kiosks::{self, Which};
use crate::store::ledger;
use crate::store::staff::Staff;
use crate::store::{StoreError, staff::StaffId};

#[derive(Template)]
#[template(path = "kiosks.html")]
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

/// What is said above the list.
enum Said {
    Nothing,
    Code(Code),
    WrongName,
}

/// Kiosks on a page.
const PAGE: usize = 50;
/// The last page of the largest fleet.
const HIGHEST_PAGE: usize = KioskNumber::HIGHEST as usize / PAGE;

/// A code, shown once.
struct Code {
    kiosk: String,
    code: String,
    until: String,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct NewKiosk {
    name: String,
}

/// Which part of the list somebody looks at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    which: String,
    page: String,
}

/// A part of the list to choose.
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
    page(&app, &reader.0, &query, Said::Nothing).await
}

async fn page(app: &App, reader: &SignedIn, query: &Query, said: Said) -> Result<Response, Failure> {
    let s = reader.speech.clone();
    let which = if query.which == "troubled" { Which::Troubled } else { Which::All };
    let at = query.page.parse::<usize>().unwrap_or_default().min(HIGHEST_PAGE);
    let found = app.store.read(move |db| {
        let now = s.now();
        let mut kiosks = kiosks::page(db, which, at * PAGE, PAGE + 1, now)?;
        let more = kiosks.len() > PAGE;
        kiosks.truncate(PAGE);
        let received = match &kiosks[..] {
            [first, .., last] => ledger::received(db, first.number..=last.number)?,
            [only] => ledger::received(db, only.number..=only.number)?,
            [] => Vec::new(),
        };
        let many = [kiosks::how_many(db, Which::All, now)?, kiosks::how_many(db, Which::Troubled, now)?];
        Ok((Facts::read(db, &s)?, kiosks, received, more, many))
    });
    let found = found.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))?;
    let (facts, kiosks, received, more, many) = found;
    let s = &reader.speech;
    let shell = Shell::new(app, reader, &facts, address(which, at), "/kiosks");
    let chip = |key, which_one, many: u64| Chip {
        href: address(which_one, 0),
        label: format!("{} {many}", s.of("kiosk", key)),
        current: which == which_one,
    };
    Ok(render(&KiosksPage {
        shell,
        chips: vec![chip("all", Which::All, many[0]), chip("troubled", Which::Troubled, many[1])],
        rows: kiosks.iter().map(|kiosk| Row::new(s, kiosk, &received)).collect(),
        empty: s.t(if which == Which::All { "kiosk.none" } else { "kiosk.none-troubled" }),
        earlier: at.checked_sub(1).map(|page| address(which, page)),
        later: more.then(|| address(which, at + 1)),
        wrong_name: matches!(said, Said::WrongName),
        code: if let Said::Code(code) = said { Some(code) } else { None },
    }))
}

fn address(which: Which, page: usize) -> String {
    let which = (which == Which::Troubled).then(|| "which=troubled".to_owned());
    let page = (page > 0).then(|| format!("page={page}"));
    let query = which.into_iter().chain(page).collect::<Vec<_>>().join("&");
    if query.is_empty() { "/kiosks".to_owned() } else { format!("/kiosks?{query}") }
}

fn note(
    db: &Connection,
    by: &Staff,
    what: &'static str,
    about: &str,
    now: domain::Timestamp,
) -> Result<(), StoreError> {
    let staff: Option<StaffId> = Some(by.id);
    audit::add(db, &Deed { staff, who: &by.name, what, about, result: "done" }, now)
}

/// `POST /kiosks`: adds one, and shows its code once.
pub async fn add(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Form(new): Form<NewKiosk>,
) -> Result<Response, Failure> {
    let name = new.name.trim().to_owned();
    if !(1..=60).contains(&name.chars().count()) || name.chars().any(char::is_control) {
        return page(&app, &reader, &Query::default(), Said::WrongName).await;
    }
    let (code, by, now) = (EnrolmentCode::new(&app.random), reader.staff.clone(), app.clock.now());
    let digest = code.digest();
    let added = app.store.write(move |db| {
        let number = kiosks::add(db, &name, digest, now)?;
        note(db, &by, "kiosk-added", &name, now)?;
        Ok(number)
    });
    match added.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))? {
        Some(number) => page(&app, &reader, &Query::default(), shown(&reader.speech, number, &code)).await,
        None => Err(Failure::wrong_form(reader.speech)),
    }
}

fn shown(s: &Speech, kiosk: KioskNumber, code: &EnrolmentCode) -> Said {
    let until = s.moment(s.now() + kiosks::CODE_VALID);
    Said::Code(Code { kiosk: kiosk.to_string(), code: code.to_string(), until })
}

/// `POST /kiosks/{kiosk}/code`: a new code for a kiosk that lost its disk or was revoked.
pub async fn renew(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let (code, by, now) = (EnrolmentCode::new(&app.random), reader.staff.clone(), app.clock.now());
    let digest = code.digest();
    let renewed = app.store.write(move |db| {
        note(db, &by, "kiosk-code", &kiosk.to_string(), now)?;
        kiosks::renew_code(db, kiosk, digest, now)
    });
    if renewed.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))? {
        return page(&app, &reader, &Query::default(), shown(&reader.speech, kiosk, &code)).await;
    }
    Err(Failure::not_found(reader.speech))
}

/// `POST /kiosks/{kiosk}/revoke`
pub async fn revoke(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let (by, now) = (reader.staff.clone(), app.clock.now());
    let revoked = app.store.write(move |db| {
        note(db, &by, "kiosk-revoked", &kiosk.to_string(), now)?;
        kiosks::revoke(db, kiosk, now)
    });
    revoked.await.map_err(|error| Failure::of_store(error, reader.speech))?;
    Ok(Redirect::to("/kiosks").into_response())
}

/// `POST /kiosks/{kiosk}/retry`: asks it to try again what it holds back, as soon as it calls.
pub async fn retry(
    State(app): State<Arc<App>>,
    Administrator(reader): Administrator,
    Path(kiosk): Path<KioskNumber>,
) -> Result<Response, Failure> {
    let (by, now) = (reader.staff.clone(), app.clock.now());
    let asked = app.store.write(move |db| {
        note(db, &by, "kiosk-retry", &kiosk.to_string(), now)?;
        kiosks::ask_retry(db, kiosk)
    });
    if asked.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))? {
        return Ok(Redirect::to("/kiosks").into_response());
    }
    Err(Failure::not_found(reader.speech))
}
