//! One case beside the inbox: reading it, answering, adding a note, changing its stage, seeing the contact.
//!
//! The panel is one form, so every button sends everything that was typed. A button stores what it is for; the rest
//! comes back. Each change names the version of the case that its author saw. If a colleague has changed the case
//! since, or the change cannot be stored, the page returns with what was typed. A form whose session has ended goes
//! through the sign-in page and comes back here.

use std::sync::Arc;

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::StageError;
use domain::contact::Contact;

use crate::app::App;
use crate::cases::case_panel::{Draft, Notice};
use crate::cases::inbox_page::page;
use crate::cases::inbox_view::{self, View};
use crate::cases::panel_form::PanelForm;
use crate::console::failure::Failure;
use crate::console::signed_in::{NotSignedIn, SignedIn};
use crate::http::escape::percent_encoded;
use crate::store::StoreError;
use crate::store::cases::{CaseId, Change, Changed, StaffText};
use crate::store::intake::Envelope;

/// `GET /cases/{id}`
pub async fn show(
    State(app): State<Arc<App>>,
    reader: SignedIn,
    Path(id): Path<i64>,
    Query(query): Query<inbox_view::Query>,
) -> Result<Response, Failure> {
    page(&app, &reader, query.into(), Some(CaseId(id)), Draft::default()).await
}

/// `GET /cases/{id}/{button}`: the address of a form that came back. Without the form it is the case.
pub async fn show_again(
    Path((id, _)): Path<(i64, String)>,
    Query(query): Query<inbox_view::Query>,
) -> Redirect {
    Redirect::to(&address(CaseId(id), &query.into()))
}

fn address(id: CaseId, view: &View) -> String {
    format!("/cases/{id}{}", view.query())
}

/// `POST /cases/{id}/{button}`
pub async fn send(
    State(app): State<Arc<App>>,
    reader: Result<SignedIn, NotSignedIn>,
    Path((id, button)): Path<(i64, String)>,
    Query(query): Query<inbox_view::Query>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response {
    let (id, view) = (CaseId(id), View::from(query));
    let form = PanelForm::read(&fields);
    let again = format!("/cases/{id}/draft{}", view.query());
    let unsent = || form.unsent(format!("/cases/{id}/{button}{}", view.query()));
    match reader {
        Ok(reader) => {
            let panel = Panel { app: &app, reader: &reader, id, view: &view, form: &form };
            panel.press(&button).await.unwrap_or_else(|failure| failure.giving_back(unsent()).into_response())
        }
        Err(NotSignedIn::Nobody { .. }) if form.holds_text() => {
            Redirect::temporary(&format!("/login/again?back={}", percent_encoded(&again))).into_response()
        }
        Err(NotSignedIn::Nobody { .. }) => NotSignedIn::Nobody { back: address(id, &view) }.into_response(),
        Err(NotSignedIn::Failed(failure)) => failure.giving_back(unsent()).into_response(),
        Err(other) => other.into_response(),
    }
}

/// The form of a case, and who sent it.
struct Panel<'a> {
    app: &'a App,
    reader: &'a SignedIn,
    id: CaseId,
    view: &'a View,
    form: &'a PanelForm,
}

impl Panel<'_> {
    async fn press(&self, button: &str) -> Result<Response, Failure> {
        let form = self.form;
        let text = |typed: &str| StaffText::parse(typed).ok();
        let (change, left) = match (button, form.stage) {
            ("answer", then) => {
                (text(&form.words).map(|words| Change::Answer(words, then)), form.without_words())
            }
            ("note", _) => (text(&form.note).map(Change::Note), form.without_note()),
            ("stage", Some(to)) => (Some(Change::Move(to)), form.clone()),
            ("stage", None) => return Err(Failure::wrong_form(self.reader.speech.clone())),
            ("read", _) => (Some(Change::Read), form.clone()),
            ("contact", _) => return self.show_contact().await,
            // A form that came back from the sign-in page.
            ("draft", _) => return self.show(Draft { notice: Some(Notice::Unsent), ..form.draft() }).await,
            _ => return Err(Failure::not_found(self.reader.speech.clone())),
        };
        match change {
            Some(change) => self.make(change, &left).await,
            None => self.show(Draft { notice: Some(Notice::Words), ..form.draft() }).await,
        }
    }

    /// The page with what was typed.
    async fn show(&self, draft: Draft) -> Result<Response, Failure> {
        page(self.app, self.reader, self.view.clone(), Some(self.id), draft).await
    }

    /// Makes a change. What it stores not, `left`, stays on the page.
    async fn make(&self, change: Change, left: &PanelForm) -> Result<Response, Failure> {
        let (staff, now, policy) =
            (self.reader.staff.id, self.app.clock.now(), self.app.settings.policy.clone());
        let made = self.app.store.cases().change(self.id, self.form.seen(), staff, change, now, policy).await;
        let notice = match made {
            Ok(Changed::Done(_)) if left.holds_text() => {
                return self.show(Draft { seen: None, ..left.draft() }).await;
            }
            Ok(Changed::Done(_)) => return Ok(Redirect::to(&address(self.id, self.view)).into_response()),
            Ok(Changed::Unknown) => return Err(Failure::not_found(self.reader.speech.clone())),
            Ok(Changed::Stale(_)) => Notice::Stale,
            Ok(Changed::Refused(StageError::Unanswered)) => Notice::Unanswered,
            Ok(Changed::Refused(StageError::NoSuchMove { .. })) => Notice::NoSuchMove,
            Err(error) => return self.not_stored(error).await,
        };
        self.show(Draft { notice: Some(notice), ..self.form.draft() }).await
    }

    /// The page with what was typed, if the store still reads; otherwise the failure.
    async fn not_stored(&self, error: StoreError) -> Result<Response, Failure> {
        let failure = Failure::of_store(error, self.reader.speech.clone());
        let draft = Draft { notice: Some(Notice::NotStored), ..self.form.draft() };
        let Ok(mut page) = self.show(draft).await else { return Err(failure) };
        *page.status_mut() = failure.status();
        Ok(page)
    }

    /// Shows how to reach the visitor. The store writes an audit entry first.
    async fn show_contact(&self) -> Result<Response, Failure> {
        let failed = |error| Failure::of_store(error, self.reader.speech.clone());
        let cases = self.app.store.cases();
        let found = cases.contact(self.id, self.reader.staff.clone(), self.app.clock.now()).await;
        let Some(envelope) = found.map_err(failed)? else {
            return Err(Failure::not_found(self.reader.speech.clone()));
        };
        let contact = opened(self.app, envelope).await.map_err(failed)?;
        let contact = contact.map(|contact| self.app.telephones.as_shown(contact));
        let notice = contact.is_none().then_some(Notice::NoContact);
        self.show(Draft { contact, notice, ..self.form.draft() }).await
    }
}

async fn opened(app: &App, envelope: Envelope) -> Result<Option<Contact>, StoreError> {
    let key = if envelope.key_id == app.sealing_key.public().id() {
        Some(app.sealing_key.clone())
    } else {
        app.store.fleet().opening_key(envelope.key_id.clone()).await?
    };
    Ok(app.run_blocking(move || envelope.open(&key?).ok()?.contact).await.flatten())
}
