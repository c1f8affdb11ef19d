//! Signing in and out, and choosing a language.
//!
//! A sign-in with an unknown login takes as long as one with a known login, and counts against the same rate
//! limits. The cookie holds the session token; the store gets only its digest. Signing in leads back to the page
//! that asked for it, with the form that could not be sent.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::language::Language;
use serde::Deserialize;

use crate::accounts::password::{self, Claim};
use crate::app::App;
use crate::console::failure::{Failure, render};
use crate::console::shell::trouble;
use crate::console::signed_in::{LANGUAGE_COOKIE, SignedIn, speech_of_stranger};
use crate::console::speech::Speech;
use crate::console::unsaved_sessions::Owner;
use crate::http::caller::CallerAddress;
use crate::http::escape::percent_encoded;
use crate::http::files::{LINKS, Links};
use crate::http::rate_limiter::Wait;
use crate::secret::{Password, SessionToken};
use crate::store::StoreError;
use crate::store::accounts::Staff;
use crate::words;

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage<'a> {
    s: &'a Speech,
    links: &'static Links,
    mall: &'a str,
    login: &'a str,
    trouble: Option<String>,
    /// Why it is shown, and the class of that notice.
    notice: Option<(String, &'static str)>,
    languages: &'static [Language],
    /// Where to go after signing in.
    back: &'a str,
    /// The address of this page, for the choice of a language.
    here: String,
    /// A form that came without a session; it is handed on to `back`.
    kept: &'a BTreeMap<String, String>,
}

/// The fields of the sign-in form.
#[derive(Default, Deserialize)]
pub struct Claimed {
    login: String,
    password: String,
    #[serde(default)]
    back: String,
    /// The fields of a form that came without a session.
    #[serde(flatten)]
    kept: BTreeMap<String, String>,
}

/// The query of the sign-in page.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Where to go after signing in.
    #[serde(default)]
    back: String,
}

/// The fields of the language form.
#[derive(Deserialize)]
pub struct Chosen {
    language: String,
    #[serde(default)]
    back: String,
}

/// `GET /login`
pub async fn show(State(app): State<Arc<App>>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let speech = speech_of_stranger(&app, &headers, words::console_languages());
    page(&app, &speech, &Claimed { back: asked.back, ..Claimed::default() }, None)
}

/// `POST /login/again`: a form came without a session. Whoever signs in gets it back.
pub async fn again(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
    Form(form): Form<Vec<(String, String)>>,
) -> Response {
    let speech = speech_of_stranger(&app, &headers, words::console_languages());
    let claimed = Claimed { back: asked.back, kept: form.into_iter().collect(), ..Claimed::default() };
    let ended = (speech.t("login.ended"), "");
    (StatusCode::UNAUTHORIZED, page(&app, &speech, &claimed, Some(ended))).into_response()
}

fn page(app: &App, s: &Speech, claimed: &Claimed, notice: Option<(String, &'static str)>) -> Response {
    let (mall, login, languages) = (&app.settings.mall, &claimed.login, words::console_languages());
    let (back, kept) = (&claimed.back, &claimed.kept);
    let here = format!("/login?back={}", percent_encoded(back));
    render(&LoginPage {
        s,
        links: &LINKS,
        mall,
        login,
        trouble: trouble(app, s),
        notice,
        languages,
        back,
        here,
        kept,
    })
}

/// `POST /login`
pub async fn sign_in(
    State(app): State<Arc<App>>,
    CallerAddress(address): CallerAddress,
    headers: HeaderMap,
    Form(mut claimed): Form<Claimed>,
) -> Response {
    let speech = speech_of_stranger(&app, &headers, words::console_languages());
    let typed = std::mem::take(&mut claimed.password);
    claimed.login = claimed.login.trim().to_lowercase().chars().take(40).collect();
    let login = &claimed.login;
    let refuse = |status: StatusCode, text| {
        (status, page(&app, &speech, &claimed, Some((text, "wrong")))).into_response()
    };
    if let Some(opened) = opened_without_tls(&app, &headers) {
        let values = [("opened", opened), ("url", app.public_url.as_str())];
        return refuse(StatusCode::FORBIDDEN, speech.fill("login.not-encrypted", &values));
    }
    let wait = |minutes: u32| refuse(StatusCode::TOO_MANY_REQUESTS, speech.n("login.wait", minutes.into()));
    // A try is taken before the password is checked, so that many at once are no more than one after the other.
    if let Err(time) = take_try(&app, login, address) {
        return wait(time.minutes());
    }
    // Checking a password is slow on purpose: a crowd does not wait for it without end.
    let Ok(_place) = app.password_checks.try_acquire() else {
        give_back_try(&app, login, address);
        return wait(1);
    };
    match check(&app, login, typed).await {
        Ok(Some(staff)) => {
            give_back_try(&app, login, address);
            begin(&app, staff, speech, &claimed).await
        }
        Ok(None) => {
            note_failure(&app, login).await;
            refuse(StatusCode::UNAUTHORIZED, speech.t("login.refused"))
        }
        Err(error) => {
            give_back_try(&app, login, address);
            Failure::of_store(error, speech).into_response()
        }
    }
}

/// The address in the reader's browser, if the cookie of the session would be lost there: it is for HTTPS only. Without
/// a word, every sign-in would lead back to this page.
fn opened_without_tls<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let origin = headers.get(header::ORIGIN)?.to_str().ok()?;
    (app.is_encrypted() && origin.starts_with("http://")).then_some(origin)
}

/// Takes a try of each limit, or of none.
fn take_try(app: &App, login: &str, address: IpAddr) -> Result<(), Wait> {
    let (now, here) = (app.clock.steady(), (login.to_owned(), address));
    app.sign_ins_here.admit(here.clone(), now)?;
    if let Err(wait) = app.sign_ins_of_account.admit(login.to_owned(), now) {
        app.sign_ins_here.give_back(&here);
        return Err(wait);
    }
    if let Err(wait) = app.sign_ins_from_address.admit(address, now) {
        app.sign_ins_here.give_back(&here);
        app.sign_ins_of_account.give_back(&here.0);
        return Err(wait);
    }
    Ok(())
}

/// Returns a try whose password was right, or was not checked.
fn give_back_try(app: &App, login: &str, address: IpAddr) {
    let here = (login.to_owned(), address);
    app.sign_ins_here.give_back(&here);
    app.sign_ins_of_account.give_back(&here.0);
    app.sign_ins_from_address.give_back(&address);
}

async fn note_failure(app: &App, login: &str) {
    let now = app.clock.now();
    let who: String = login.chars().filter(|c| !c.is_control()).collect();
    if let Err(error) = app.store.accounts().note_refused_sign_in(who, now).await {
        tracing::warn!(error = &error as &dyn std::error::Error, "a refused sign-in was not noted");
    }
}

async fn check(app: &App, login: &str, typed: String) -> Result<Option<Staff>, StoreError> {
    let Some(claim) = Password::claimed(typed) else { return Ok(None) };
    let found = app.store.accounts().credentials(login.to_owned()).await?;
    let (staff, kept) = found.unzip();
    let (old, random) = (kept.clone(), app.random.clone());
    let checked = app.run_blocking(move || {
        let checked = password::check(&claim, kept.as_deref());
        let outdated = checked == Claim::Fits && kept.is_some_and(|hash| !password::is_current(&hash));
        (checked, outdated.then(|| password::hash(&claim, &random).ok()).flatten())
    });
    let (checked, renewed) = checked.await.unwrap_or((Claim::Fails, None));
    if let (Some(staff), Some(old), Some(new)) = (&staff, old, renewed) {
        // Until it can be saved, the old hash is as good as it was.
        if let Err(error) = app.store.accounts().renew_hash(staff.id, old, new).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "a password hash was not renewed");
        }
    }
    Ok(staff.filter(|_| checked == Claim::Fits))
}

async fn begin(app: &App, staff: Staff, speech: Speech, claimed: &Claimed) -> Response {
    let (token, now) = (SessionToken::new(&app.random), app.clock.now());
    let login = staff.login.clone();
    match app.store.accounts().begin_session(token.digest(), staff, now).await {
        Ok(()) => {}
        Err(error) if error.write_fault().is_some() => {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "somebody signed in, which was not saved"
            );
            let hash = match app.store.accounts().credentials(login.clone()).await {
                Ok(found) => found.map(|(_, hash)| hash).unwrap_or_default(),
                Err(error) => return Failure::of_store(error, speech).into_response(),
            };
            app.unsaved_sessions.begin(token.digest(), Owner { login, hash }, app.clock.steady());
        }
        Err(error) => return Failure::of_store(error, speech).into_response(),
    }
    let back = local(&claimed.back);
    // A temporary redirect sends the form on to the page that shows it.
    let onward = if claimed.kept.is_empty() { Redirect::to(&back) } else { Redirect::temporary(&back) };
    let mut response = onward.into_response();
    set_cookie(&mut response, &app.cookie(app.session_cookie(), &token.reveal(), 12 * 3600));
    response
}

/// `POST /logout`
pub async fn sign_out(State(app): State<Arc<App>>, reader: SignedIn) -> Response {
    if !app.unsaved_sessions.end(reader.session)
        && let Err(error) = app.store.accounts().end_session(reader.session).await
    {
        return Failure::of_store(error, reader.speech).into_response();
    }
    let mut response = Redirect::to("/login").into_response();
    set_cookie(&mut response, &app.cookie(app.session_cookie(), "", 0));
    // Also empties the pages that the browser keeps for its button Back.
    let cache = HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), cache);
    response
}

/// `POST /language`: for this browser, and for the account of a signed-in user.
pub async fn choose_language(
    State(app): State<Arc<App>>,
    reader: Result<SignedIn, crate::console::signed_in::NotSignedIn>,
    Form(chosen): Form<Chosen>,
) -> Response {
    let language: Option<Language> = chosen.language.parse().ok();
    let Some(language) = language.filter(|l| words::console_languages().contains(l)) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    if let Ok(reader) = &reader {
        // If the account cannot be updated, the cookie below still keeps the choice in this browser.
        let _ = app.store.accounts().choose_language(reader.staff.id, language).await;
    }
    let mut response = Redirect::to(&local(&chosen.back)).into_response();
    set_cookie(&mut response, &app.cookie(LANGUAGE_COOKIE, language.tag(), 365 * 86_400));
    response
}

/// Returns `back` if it is a path on this server, and the inbox otherwise: no redirect leaves the server.
fn local(back: &str) -> String {
    let fits = back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if fits { back.to_owned() } else { "/inbox".to_owned() }
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn nobody_is_sent_to_another_server() {
        assert_eq!(local("/inbox?q=%E6%89%B6"), "/inbox?q=%E6%89%B6");
        for elsewhere in ["", "https://evil.example", "//evil.example", "/\\evil.example", "/a\r\nb", "evil"]
        {
            assert_eq!(local(elsewhere), "/inbox", "{elsewhere}");
        }
    }
}
