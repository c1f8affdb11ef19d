//! One case beside the inbox: reading it, answering, adding a note, changing its stage, seeing the contact.
//!
//! Each change names the version of the case that its author saw. If a colleague has changed the case since,
//! nothing is changed, and the page returns with the new events beside what was typed.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::{Stage, StageError};
use domain::contact::Contact;
use serde::Deserialize;

use crate::app::App;
use crate::cases::case_panel::{Draft, Notice};
use crate::cases::inbox_page::page;
use crate::cases::inbox_view::{self, View};
use crate::console::failure::Failure;
use crate::console::signed_in::SignedIn;
use crate::store::StoreError;
use crate::store::cases::{CaseId, Change, Changed, StaffText};
use crate::store::intake::Envelope;

/// The fields of every form on the panel.
#[derive(Debug, Deserialize)]
pub struct Sent {
    version: i64,
    seen: i64,
    #[serde(default)]
    words: String,
    #[serde(default)]
    stage: String,
}

/// `GET /cases/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Path(id): Path<i64>,
    Query(query): Query<inbox_view::Query>,
) -> Result<Response, Failure> {
    page(&app, &reader, query.into(), Some(CaseId(id)), Draft::default()).await
}

/// `POST /cases/{id}/answer`, `…/note` and `…/stage`
pub async fn change(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Path((id, what)): Path<(i64, String)>,
    Query(query): Query<inbox_view::Query>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let words = StaffText::parse(&newlines(&sent.words)).ok();
    let then = Stage::from_key(&sent.stage);
    let draft = Draft { seen: Some(sent.seen), ..Draft::default() };
    let (change, draft) = match (what.as_str(), then) {
        ("answer", _) => {
            (words.map(|words| Change::Answer(words, then)), Draft { answer: sent.words, ..draft })
        }
        ("note", _) => (words.map(Change::Note), Draft { note: sent.words, ..draft }),
        ("stage", Some(to)) => (Some(Change::Move(to)), draft),
        ("stage", None) => return Err(Failure::wrong_form(reader.speech)),
        _ => return Err(Failure::not_found(reader.speech)),
    };
    make(&app, &reader, CaseId(id), query.into(), sent.version, change, draft).await
}

/// HTML forms send a line break as CR LF.
fn newlines(typed: &str) -> String {
    typed.replace("\r\n", "\n")
}

async fn make(
    app: &App,
    reader: &SignedIn,
    id: CaseId,
    view: View,
    version: i64,
    change: Option<Change>,
    draft: Draft,
) -> Result<Response, Failure> {
    let Some(change) = change else {
        let notice = Some(Notice::Words);
        return page(app, reader, view, Some(id), Draft { notice, ..draft }).await;
    };
    let (staff, now, policy) = (reader.staff.id, app.clock.now(), app.settings.policy.clone());
    let made = app.store.cases().change(id, version, staff, change, now, policy).await;
    let notice = match made.map_err(|error| Failure::of_store(error, reader.speech.clone()))? {
        Changed::Done(_) => {
            return Ok(Redirect::to(&format!("/cases/{id}{}", view.query())).into_response());
        }
        Changed::Unknown => return Err(Failure::not_found(reader.speech.clone())),
        Changed::Stale(_) => Notice::Stale,
        Changed::Refused(StageError::Unanswered) => Notice::Unanswered,
        Changed::Refused(StageError::NoSuchMove { .. }) => Notice::NoSuchMove,
    };
    page(app, reader, view, Some(id), Draft { notice: Some(notice), ..draft }).await
}

/// `POST /cases/{id}/contact`: shows how to reach the visitor. The store writes an audit entry first.
pub async fn show_contact(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Path(id): Path<i64>,
    Query(query): Query<inbox_view::Query>,
) -> Result<Response, Failure> {
    let (id, failed) = (CaseId(id), |error| Failure::of_store(error, reader.speech.clone()));
    let found = app.store.cases().contact(id, reader.staff.clone(), app.clock.now()).await;
    let Some(envelope) = found.map_err(failed)? else {
        return Err(Failure::not_found(reader.speech.clone()));
    };
    let contact = opened(&app, envelope).await.map_err(failed)?;
    let contact = contact.map(|contact| app.telephones.as_shown(contact));
    let notice = contact.is_none().then_some(Notice::NoContact);
    page(&app, &reader, query.into(), Some(id), Draft { contact, notice, ..Draft::default() }).await
}

async fn opened(app: &App, envelope: Envelope) -> Result<Option<Contact>, StoreError> {
    let key = if envelope.key_id == app.sealing_key.public().id() {
        Some(app.sealing_key.clone())
    } else {
        app.store.fleet().opening_key(envelope.key_id.clone()).await?
    };
    Ok(app.run_blocking(move || envelope.open(&key?).ok()?.contact).await.flatten())
}
