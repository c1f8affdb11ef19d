//! `GET /t/{token}`: what became of it, for the visitor, in their language, on their telephone.
//!
//! The token in the address is all that is needed and all that is asked for. Before the case has arrived,
//! a mark that fits some kiosk's key says that it is on its way. For everything else there is one page,
//! the same in words and in time. Nothing on it says who the visitor is or how they can be reached.

use std::net::IpAddr;
use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::case::Stage;
use domain::language::Language;
use domain::receipt::TrackingToken;
use domain::submission::{Kind, Story};
use rusqlite::Connection;
use serde::Deserialize;

use super::failure::{Failure, render};
use super::files::{LINKS, Links};
use super::inbox::{category, place};
use super::signed_in::speech_of_stranger;
use super::speech::Speech;
use crate::app::App;
use crate::caller::CallerAddress;
use crate::secret::Digest;
use crate::store::cases::change::{self, Changed, Reply};
use crate::store::cases::read::{self, Case, Event, Promise};
use crate::store::{StoreError, kiosks};

#[derive(Template)]
#[template(path = "tracking.html")]
struct TrackingPage<'a> {
    s: &'a Speech,
    links: &'static Links,
    mall: &'a str,
    number: String,
    headline: String,
    about: Vec<String>,
    said: Vec<(String, String)>,
    steps: Vec<Step>,
    promise: Option<(String, &'static str)>,
    messages: Vec<Message>,
    ask: Ask,
    thanks: Option<String>,
    path: String,
    languages: Vec<(Language, bool)>,
}

#[derive(Template)]
#[template(path = "tracking_message.html")]
struct TrackingMessage<'a> {
    s: &'a Speech,
    links: &'static Links,
    mall: &'a str,
    title: String,
    text: String,
    again: Option<String>,
    languages: Vec<(Language, bool)>,
    path: String,
}

struct Step {
    label: String,
    state: &'static str,
}

/// Something that was written, by either side.
struct Message {
    who: String,
    when: String,
    words: String,
    side: &'static str,
}

/// What the visitor is asked.
#[derive(PartialEq, Eq)]
enum Ask {
    /// Whether it is solved.
    Verdict,
    /// Whether there is anything to add.
    Addition,
}

/// The query of the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    lang: String,
    thanks: String,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    words: String,
}

/// What a token leads to.
enum Found {
    Case(Box<(Case, Vec<Promise>, Vec<Event>)>),
    OnItsWay,
    Nothing,
}

/// Shows what became of it.
pub async fn show(
    State(app): State<Arc<App>>,
    CallerAddress(address): CallerAddress,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let stranger = stranger(&app, &headers, &asked);
    if let Err(wait) = app.tracking_by_address.admit(address, app.clock.now()) {
        let page = message(&app, &stranger, "too-many", &token);
        let wait = [(header::RETRY_AFTER, wait.seconds().to_string())];
        return private((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response());
    }
    let parsed: Option<TrackingToken> = token.parse().ok();
    let found = app.store.read(move |db| find(db, parsed.as_ref())).await;
    private(match found {
        Ok(Found::Case(found)) => case_page(&app, &asked, &found, token),
        Ok(Found::OnItsWay) => message(&app, &stranger, "on-its-way", &token),
        Ok(Found::Nothing) => {
            (StatusCode::NOT_FOUND, message(&app, &stranger, "unknown", "")).into_response()
        }
        Err(error) => Failure::of_store(error, stranger).into_response(),
    })
}

fn stranger(app: &App, headers: &HeaderMap, asked: &Asked) -> Speech {
    let chosen: Option<Language> = asked.lang.parse().ok();
    chosen.map_or_else(|| speech_of_stranger(app, headers, &Language::ALL), |language| app.speech(language))
}

/// Looks the token up and tries every kiosk's key, whatever comes of the first: a page that is not there
/// takes as long for a made-up token as for one that was once good.
fn find(db: &Connection, token: Option<&TrackingToken>) -> Result<Found, StoreError> {
    let Some(token) = token else { return Ok(Found::Nothing) };
    let case = read::by_token(db, Digest(token.digest().0))?;
    let marked = kiosks::receipt_keys(db)?.iter().fold(false, |found, key| token.is_marked_by(key) | found);
    let Some(case) = case else { return Ok(if marked { Found::OnItsWay } else { Found::Nothing }) };
    let (promises, events) = (read::promises(db, case.id)?, read::events(db, case.id)?);
    Ok(Found::Case(Box::new((case, promises, events))))
}

/// Nobody in between keeps it, nobody is told where the visitor came from, no search engine lists it.
fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

fn languages(s: &Speech) -> Vec<(Language, bool)> {
    Language::ALL.into_iter().map(|language| (language, language == s.language)).collect()
}

fn message(app: &App, s: &Speech, key: &str, token: &str) -> Response {
    render(&TrackingMessage {
        s,
        links: &LINKS,
        mall: &app.settings.mall,
        title: s.t(&format!("track.{key}.title")),
        text: s.t(&format!("track.{key}.text")),
        again: (key == "on-its-way").then(|| s.t("track.again")),
        languages: languages(s),
        path: if token.is_empty() { String::new() } else { format!("/t/{token}") },
    })
}

fn case_page(app: &App, asked: &Asked, found: &(Case, Vec<Promise>, Vec<Event>), token: String) -> Response {
    let (case, promises, events) = found;
    let s = &app.speech(asked.lang.parse().unwrap_or(case.language));
    let sent = s.fill("track.sent", &[("time", &s.moment(case.started_at))]);
    let (name, sign) = place(s, case);
    let about = [category(s, case), format!("{name} {sign}").trim().to_owned(), sent];
    render(&TrackingPage {
        s,
        links: &LINKS,
        mall: &app.settings.mall,
        number: case.number.clone(),
        headline: headline(s, case),
        about: about.into_iter().filter(|line| !line.is_empty()).collect(),
        said: said(s, case),
        steps: steps(s, case),
        promise: promise(s, case, promises),
        messages: events.iter().filter_map(|event| shown(s, event)).collect(),
        ask: ask(events),
        thanks: (asked.thanks == "1").then(|| s.t("track.thanks")),
        path: format!("/t/{token}"),
        languages: languages(s),
    })
}

/// How far a case is, in the visitor's words: fewer steps than staff have.
fn step(case: &Case) -> usize {
    match (case.kind, case.stage) {
        (Kind::Complaint, Stage::Acceptance) => 0,
        (Kind::Complaint, Stage::Investigation | Stage::Analysis) => 1,
        (Kind::Complaint, Stage::Resolution) => 2,
        (Kind::Complaint, Stage::Response | Stage::FollowUp) => 3,
        (Kind::Complaint, Stage::Closed) => 4,
        (_, Stage::Acceptance) => 0,
        (_, Stage::Closed) => 2,
        (_, _) => 1,
    }
}

fn step_keys(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Complaint => &["received", "looking", "fixing", "told", "done"],
        Kind::Feedback | Kind::Praise | Kind::Suggestion | Kind::Other => &["received", "reading", "done"],
        Kind::Enquiry => &["received", "asking", "done"],
        Kind::LostItem => &["received", "searching", "done"],
        Kind::FoundItem => &["received", "fetching", "done"],
        Kind::ServiceRequest => &["called", "coming", "done"],
    }
}

fn steps(s: &Speech, case: &Case) -> Vec<Step> {
    let (now, keys) = (step(case), step_keys(case.kind));
    let done = now + 1 == keys.len();
    let state = |at| match at {
        at if at < now || done => "done",
        at if at == now => "now",
        _ => "ahead",
    };
    let steps = keys.iter().enumerate();
    steps.map(|(at, key)| Step { label: s.of("track.step", key), state: state(at) }).collect()
}

/// What the visitor chose, in the words in which it was asked. Nothing that they wrote themselves.
fn said(s: &Speech, case: &Case) -> Vec<(String, String)> {
    let lines = case.answers.iter().flat_map(|said| s.answers(&said.without_own_words()));
    lines.map(|line| (line.label, line.value)).collect()
}

fn headline(s: &Speech, case: &Case) -> String {
    let key = step_keys(case.kind)[step(case)];
    if key == "done" && case.satisfied == Some(true) {
        return s.t("track.headline.satisfied");
    }
    s.of("track.headline", key)
}

/// The next thing that was promised.
fn promise(s: &Speech, case: &Case, promises: &[Promise]) -> Option<(String, &'static str)> {
    let next = promises.iter().filter(|promise| promise.kept_at.is_none()).min_by_key(|p| p.due_at)?;
    let clock = if case.kind == Kind::ServiceRequest { "arrival" } else { next.clock.key() };
    if next.due_at < s.now() {
        return Some((s.t("track.late"), "late"));
    }
    let key = format!("track.promise.{clock}");
    Some((s.fill(&key, &[("time", &s.moment(next.due_at))]), "open"))
}

/// Answers and what the visitor wrote. Notes among staff are not for them.
fn shown(s: &Speech, event: &Event) -> Option<Message> {
    let (who, side) = match event.what.as_str() {
        "answer" => (s.t("track.from-us"), "us"),
        "added" | "satisfied" | "not-satisfied" => (s.of("track", &format!("you-{}", event.what)), "you"),
        _ => return None,
    };
    let words = event.words.clone().unwrap_or_default();
    Some(Message { who, when: s.moment(event.at), words, side })
}

/// Whether it is solved is asked after each answer, until the visitor has said so.
fn ask(events: &[Event]) -> Ask {
    let mut last = events.iter().rev().map(|event| event.what.as_str());
    let answered_last = last.find(|what| ["answer", "satisfied", "not-satisfied"].contains(what));
    if answered_last == Some("answer") { Ask::Verdict } else { Ask::Addition }
}

/// `POST /t/{token}`: what the visitor says to it.
pub async fn reply(
    State(app): State<Arc<App>>,
    CallerAddress(address): CallerAddress,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    Form(sent): Form<Sent>,
) -> Response {
    let s = stranger(&app, &headers, &asked);
    private(match taken(&app, address, &token, &sent).await {
        Ok(Taken::Kept(token)) => Redirect::to(&thanks(&token, &asked)).into_response(),
        Ok(Taken::Nothing(token)) => Redirect::to(&format!("/t/{token}")).into_response(),
        Ok(Taken::Unknown) => (StatusCode::NOT_FOUND, message(&app, &s, "unknown", "")).into_response(),
        Ok(Taken::TooMany(token)) => {
            let page = message(&app, &s, "too-many", &token.to_string());
            (StatusCode::TOO_MANY_REQUESTS, page).into_response()
        }
        Err(error) => Failure::of_store(error, s).into_response(),
    })
}

/// What became of something that a visitor said.
enum Taken {
    Kept(TrackingToken),
    /// They had said nothing.
    Nothing(TrackingToken),
    Unknown,
    TooMany(TrackingToken),
}

async fn taken(app: &App, address: IpAddr, token: &str, sent: &Sent) -> Result<Taken, StoreError> {
    let Ok(token) = token.parse::<TrackingToken>() else { return Ok(Taken::Unknown) };
    let Some(reply) = understood(sent) else { return Ok(Taken::Nothing(token)) };
    let (now, asked) = (app.clock.now(), token.clone());
    let Found::Case(found) = app.store.read(move |db| find(db, Some(&asked))).await? else {
        return Ok(Taken::Unknown);
    };
    let id = found.0.id;
    let crowded = app.tracking_by_address.admit(address, now).is_err();
    if crowded || app.replies_of_case.admit(id, now).is_err() {
        return Ok(Taken::TooMany(token));
    }
    let policy = app.settings.policy.clone();
    match app.store.write(move |db| change::reply(db, id, &reply, now, &policy)).await? {
        Changed::Done(_) => Ok(Taken::Kept(token)),
        _ => Ok(Taken::Unknown),
    }
}

fn thanks(token: &TrackingToken, asked: &Asked) -> String {
    match asked.lang.parse::<Language>() {
        Ok(language) => format!("/t/{token}?thanks=1&lang={language}"),
        Err(_) => format!("/t/{token}?thanks=1"),
    }
}

/// What was meant; none if nothing was said. The page stops typing at the limit; what comes without the
/// page is cut there.
fn understood(sent: &Sent) -> Option<Reply> {
    let typed = sent.words.trim().replace("\r\n", "\n");
    let words = Story::parse(&typed.chars().take(Story::MAX).collect::<String>()).ok();
    match sent.verdict.as_str() {
        "satisfied" => Some(Reply::Satisfied(words)),
        "not-satisfied" => Some(Reply::NotSatisfied(words)),
        _ => words.map(Reply::Added),
    }
}
