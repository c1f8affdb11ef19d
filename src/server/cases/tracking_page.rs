//! `GET /t/{token}`: the tracking page, which shows a visitor the status of their case in their language.
//!
//! The tracking token in the address is the only credential. Before the case has arrived, a token whose MAC
//! fits a kiosk's receipt key is shown as on its way. Every other token gets one and the same page, and the
//! lookup takes as long for a made-up token as for one that a kiosk issued. The page shows what the visitor
//! said, their own words too. It never shows how to reach them.
//!
//! Links and forms have a query and no path, so no page repeats the token. Only a case that is on its way
//! reloads by itself. The page of a case has a text box, and a reload would lose what is typed there; it has
//! a link instead.

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
use domain::text::Story;
use domain::wire::CaseStatus;
use serde::Deserialize;

use crate::app::App;
use crate::cases::visitor_status;
use crate::console::failure::{Failure, Unsent, render};
use crate::console::signed_in::speech_of_stranger;
use crate::console::speech::Speech;
use crate::http::caller::CallerAddress;
use crate::http::escape::percent_encoded;
use crate::http::files::{LINKS, Links};
use crate::store::StoreError;
use crate::store::cases::{Case, CaseEvent, CaseEventKind, CaseRecord, Changed, FormToken, Lookup, Reply};
use crate::words;

/// After how many seconds the page of a case that is on its way reloads.
const RELOAD_S: &str = "20";

#[derive(Template)]
#[template(path = "cases/tracking.html")]
struct TrackingPage<'a> {
    s: &'a Speech,
    links: &'static Links,
    mall: &'a str,
    status: CaseStatus,
    answers: Vec<(String, String)>,
    ask: Ask,
    thanks: Option<String>,
    /// Why what was just sent was not stored.
    refused: Option<String>,
    /// Text that was not sent.
    words: &'a str,
    token: String,
    languages: Vec<(Language, bool)>,
}

#[derive(Template)]
#[template(path = "cases/tracking_message.html")]
struct TrackingMessage<'a> {
    s: &'a Speech,
    links: &'static Links,
    mall: &'a str,
    title: String,
    text: String,
    again: Option<String>,
    languages: Vec<(Language, bool)>,
}

/// What the page asks the visitor.
#[derive(PartialEq, Eq)]
enum Ask {
    /// Whether the problem is solved, and whether there is anything to add.
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

/// The fields of the reply form.
#[derive(Debug, Deserialize)]
pub struct Sent {
    #[serde(default)]
    verdict: String,
    #[serde(default)]
    words: String,
    #[serde(default)]
    token: String,
}

/// `GET /t/{token}`
pub async fn show(
    State(app): State<Arc<App>>,
    CallerAddress(address): CallerAddress,
    headers: HeaderMap,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let stranger = stranger(&app, &headers, &asked);
    if let Err(wait) = app.tracking_by_address.admit(address, app.clock.steady()) {
        let page = Failure::too_many(stranger).for_visitor();
        let wait = [(header::RETRY_AFTER, wait.seconds().to_string())];
        return private((StatusCode::TOO_MANY_REQUESTS, wait, page).into_response());
    }
    let parsed: Option<TrackingToken> = token.parse().ok();
    let found = app.store.cases().by_token(parsed).await;
    private(match found {
        Ok(Lookup::Case(found)) => case_page(&app, &asked, &found, None),
        Ok(Lookup::OnItsWay) => {
            ([(header::REFRESH, RELOAD_S)], message(&app, &stranger, "on-its-way")).into_response()
        }
        Ok(Lookup::Nothing) => (StatusCode::NOT_FOUND, message(&app, &stranger, "unknown")).into_response(),
        Err(error) => Failure::of_store(error, stranger).for_visitor().into_response(),
    })
}

fn stranger(app: &App, headers: &HeaderMap, asked: &Asked) -> Speech {
    let chosen: Option<Language> = asked.lang.parse().ok();
    chosen.map_or_else(
        || speech_of_stranger(app, headers, words::tracking_languages()),
        |language| app.speech(language),
    )
}

/// Forbids caching, referrers and search engines, because the address contains the token.
fn private(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-robots-tag", HeaderValue::from_static("noindex, nofollow"));
    response
}

fn languages(s: &Speech) -> Vec<(Language, bool)> {
    words::tracking_languages().iter().map(|language| (*language, *language == s.language)).collect()
}

fn message(app: &App, s: &Speech, key: &str) -> Response {
    render(&TrackingMessage {
        s,
        links: &LINKS,
        mall: &app.settings.mall,
        title: s.t(&format!("track.{key}.title")),
        text: s.t(&format!("track.{key}.text")),
        again: (key == "on-its-way").then(|| s.t("track.again")),
        languages: languages(s),
    })
}

/// The page of a case, with the text of a reply that was not stored, and why.
fn case_page(app: &App, asked: &Asked, found: &CaseRecord, refused: Option<(&Sent, &str)>) -> Response {
    let CaseRecord { case, promises, events } = found;
    let s = &app.speech(asked.lang.parse().unwrap_or(case.language));
    render(&TrackingPage {
        s,
        links: &LINKS,
        mall: &app.settings.mall,
        status: visitor_status::case(s, case, promises, events),
        answers: answers(s, case),
        ask: ask(case.stage, events),
        thanks: (asked.thanks == "1").then(|| s.t("track.thanks")),
        refused: refused.map(|(_, why)| s.t(why)),
        words: refused.map_or("", |(sent, _)| &sent.words),
        token: FormToken::of(app.random.bytes()).as_str().to_owned(),
        languages: languages(s),
    })
}

/// What the visitor said, each answer beside its question.
fn answers(s: &Speech, case: &Case) -> Vec<(String, String)> {
    let lines = case.answers.iter().flat_map(|answers| s.answers(answers));
    lines.map(|line| (line.label, line.value)).collect()
}

/// Asks for the verdict when the visitor was told a result, until they have given it. An answer before that
/// is no result.
fn ask(stage: Stage, events: &[CaseEvent]) -> Ask {
    let mut last = events.iter().rev().map(|event| event.kind);
    let answered_last = last.find(|kind| {
        matches!(kind, CaseEventKind::Answer | CaseEventKind::Satisfied | CaseEventKind::NotSatisfied)
    });
    match answered_last {
        Some(CaseEventKind::Answer) if stage >= Stage::Response => Ask::Verdict,
        _ => Ask::Addition,
    }
}

/// `POST /t/{token}`: stores a reply of the visitor.
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
        Ok(Taken::Nothing(found)) => {
            let page = case_page(&app, &asked, &found, Some((&sent, "track.nothing-written")));
            (StatusCode::UNPROCESSABLE_ENTITY, page).into_response()
        }
        Ok(Taken::Unknown) => (StatusCode::NOT_FOUND, message(&app, &s, "unknown")).into_response(),
        Ok(Taken::TooMany) => {
            Failure::too_many(s).for_visitor().giving_back(unsent(&asked, sent)).into_response()
        }
        Ok(Taken::TooManyOfCase(found)) => (
            StatusCode::TOO_MANY_REQUESTS,
            case_page(&app, &asked, &found, Some((&sent, "message.too-many.text"))),
        )
            .into_response(),
        Err(error) => {
            Failure::of_store(error, s).for_visitor().giving_back(unsent(&asked, sent)).into_response()
        }
    })
}

/// The reply for an error page, to be sent again. The address is a query, so that the page repeats no token.
fn unsent(asked: &Asked, sent: Sent) -> Unsent {
    let hidden = [("verdict", sent.verdict), ("token", sent.token)];
    let hidden = hidden.into_iter().filter(|(_, value)| !value.is_empty());
    let typed = Some(("words".to_owned(), sent.words)).filter(|(_, words)| !words.trim().is_empty());
    Unsent {
        action: format!("?lang={}", percent_encoded(&asked.lang)),
        hidden: hidden.map(|(name, value)| (name.to_owned(), value)).collect(),
        typed: typed.into_iter().collect(),
    }
}

/// The outcome of a reply.
enum Taken {
    Kept(TrackingToken),
    /// No word of the form can be read.
    Nothing(Box<CaseRecord>),
    Unknown,
    /// The caller sent too many. Whether there is such a case is not said.
    TooMany,
    TooManyOfCase(Box<CaseRecord>),
}

async fn taken(app: &App, address: IpAddr, token: &str, sent: &Sent) -> Result<Taken, StoreError> {
    // Taken before anything is looked up: whoever tries tokens here is limited as on the page.
    if app.tracking_by_address.admit(address, app.clock.steady()).is_err() {
        return Ok(Taken::TooMany);
    }
    let Ok(token) = token.parse::<TrackingToken>() else { return Ok(Taken::Unknown) };
    let Lookup::Case(found) = app.store.cases().by_token(Some(token.clone())).await? else {
        return Ok(Taken::Unknown);
    };
    let Some(reply) = parse_reply(sent) else { return Ok(Taken::Nothing(found)) };
    let id = found.case.id;
    if app.replies_of_case.admit(id, app.clock.steady()).is_err() {
        return Ok(Taken::TooManyOfCase(found));
    }
    let (now, policy) = (app.clock.now(), app.settings.policy.clone());
    let form = FormToken::parse(&sent.token);
    match app.store.cases().reply(id, reply, form, now, policy).await? {
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

/// Reads the reply form; none if it has neither a verdict nor a word. The page limits the length of the text; text that
/// is sent
/// without the page is cut to that length.
fn parse_reply(sent: &Sent) -> Option<Reply> {
    let typed = sent.words.trim().replace("\r\n", "\n");
    let words = Story::parse(&typed.chars().take(Story::MAX).collect::<String>()).ok();
    match sent.verdict.as_str() {
        "satisfied" => Some(Reply::Satisfied(words)),
        "not-satisfied" => Some(Reply::NotSatisfied(words)),
        _ => words.map(Reply::Added),
    }
}
