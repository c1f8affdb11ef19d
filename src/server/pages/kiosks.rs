//! The kiosks: how they are, what arrived from them, adding and revoking one. For administrators.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::KioskNumber;
use rusqlite::Connection;
use serde::Deserialize;

use super::failure::{Failure, render};
use super::shell::{Facts, Shell};
use super::signed_in::{Administrator, SignedIn};
use super::speech::Speech;
use super::view::UP;
use crate::app::App;
use crate::secret::EnrolmentCode;
use crate::store::audit::{self, Deed};
use crate::store::kiosks::{self, Kiosk, State as KioskState};
use crate::store::ledger::{self, Received};
use crate::store::staff::Staff;
use crate::store::{StoreError, staff::StaffId};

#[derive(Template)]
#[template(path = "kiosks.html")]
struct KiosksPage {
    shell: Shell,
    rows: Vec<Row>,
    code: Option<Code>,
    wrong_name: bool,
}

/// What is said above the list.
enum Said {
    Nothing,
    Code(Code),
    WrongName,
}

struct Row {
    number: String,
    name: String,
    state: String,
    state_key: &'static str,
    seen: String,
    waiting: String,
    software: String,
    received: Vec<String>,
    alarms: Vec<String>,
    warnings: Vec<String>,
    revocable: bool,
}

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

/// `GET /kiosks`
pub async fn show(State(app): State<Arc<App>>, reader: Administrator) -> Result<Response, Failure> {
    page(&app, &reader.0, Said::Nothing).await
}

async fn page(app: &App, reader: &SignedIn, said: Said) -> Result<Response, Failure> {
    let s = reader.speech.clone();
    let found = app.store.read(move |db| {
        let kiosks = kiosks::list(db, s.now())?;
        Ok((Facts::read(db, &s)?, kiosks, ledger::received(db)?))
    });
    let (facts, kiosks, received) =
        found.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))?;
    let shell = Shell::new(app, reader, &facts, "/kiosks".to_owned(), "/kiosks");
    let rows = kiosks.iter().map(|kiosk| row(&reader.speech, kiosk, &received)).collect();
    let wrong_name = matches!(said, Said::WrongName);
    let code = if let Said::Code(code) = said { Some(code) } else { None };
    Ok(render(&KiosksPage { shell, rows, code, wrong_name }))
}

fn row(s: &Speech, kiosk: &Kiosk, received: &[Received]) -> Row {
    let up = kiosk.last_seen_at.is_some_and(|at| s.now() - at < UP);
    let (state_key, state) = match kiosk.state {
        KioskState::Expected { until } => {
            ("expected", s.fill("kiosk.expected", &[("time", &s.moment(until))]))
        }
        KioskState::Forgotten => ("forgotten", s.t("kiosk.forgotten")),
        KioskState::Revoked => ("revoked", s.t("kiosk.revoked")),
        KioskState::Enrolled if up => ("up", s.t("kiosk.up")),
        KioskState::Enrolled => ("down", s.t("kiosk.down")),
    };
    let skew = kiosk.clock_skew_ms.map(|ms| ms / 60_000).filter(|minutes| minutes.abs() >= 5);
    Row {
        number: kiosk.number.to_string(),
        name: kiosk.name.clone(),
        state,
        state_key,
        seen: kiosk.last_seen_at.map_or_else(|| s.t("kiosk.never"), |at| s.moment(at)),
        waiting: kiosk.waiting.to_string(),
        software: kiosk.software.clone().unwrap_or_default(),
        received: received
            .iter()
            .filter(|count| count.kiosk == kiosk.number)
            .map(|count| received_line(s, count))
            .collect(),
        alarms: received
            .iter()
            .filter(|count| count.kiosk == kiosk.number && count.twins > 0)
            .map(|count| twins_line(s, count))
            .collect(),
        warnings: skew
            .map(|minutes| {
                let key = if minutes > 0 { "kiosk.clock-ahead" } else { "kiosk.clock-behind" };
                s.n(key, minutes.unsigned_abs())
            })
            .into_iter()
            .collect(),
        revocable: kiosk.state != KioskState::Revoked,
    }
}

/// What came under a place in the count that was taken.
fn twins_line(s: &Speech, count: &Received) -> String {
    let when = count.twin_at.map_or_else(|| s.t("kiosk.never"), |at| s.moment(at));
    format!("{} {}", s.n("kiosk.twins", count.twins), s.fill("kiosk.twins-last", &[("time", &when)]))
}

fn received_line(s: &Speech, count: &Received) -> String {
    let highest = count.highest.to_string();
    let mut line = if count.missing == 0 {
        s.fill("kiosk.received", &[("n", &highest)])
    } else {
        let range = |(from, to): &(u64, u64)| {
            if from == to { from.to_string() } else { format!("{from}–{to}") }
        };
        let gaps: Vec<String> = count.gaps.iter().map(range).collect();
        let missing = count.missing.to_string();
        let gaps = gaps.join(&s.t("list.comma"));
        s.fill("kiosk.received-gaps", &[("n", &highest), ("missing", &missing), ("gaps", &gaps)])
    };
    if count.epoch != 1 || count.queued_as != count.kiosk {
        let outbox = format!("{}/{}", count.queued_as, count.epoch);
        line = s.fill("kiosk.outbox", &[("outbox", &outbox), ("line", &line)]);
    }
    line
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
        return page(&app, &reader, Said::WrongName).await;
    }
    let (code, by, now) = (EnrolmentCode::new(&app.random), reader.staff.clone(), app.clock.now());
    let digest = code.digest();
    let added = app.store.write(move |db| {
        let number = kiosks::add(db, &name, digest, now)?;
        note(db, &by, "kiosk-added", &name, now)?;
        Ok(number)
    });
    match added.await.map_err(|error| Failure::of_store(error, reader.speech.clone()))? {
        Some(number) => page(&app, &reader, shown(&reader.speech, number, &code)).await,
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
        return page(&app, &reader, shown(&reader.speech, kiosk, &code)).await;
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
