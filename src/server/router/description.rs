//! `GET /api/openapi.json`: the description of the API, generated from the handlers.
//!
//! A route is registered together with its description, so neither exists without the other. A copy of the
//! document is kept in assets/api, so that changes are seen; a test compares the two.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse as _;
use axum::routing::{MethodRouter, get};
use domain::wire;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use crate::app::App;
use crate::cases::status_api;
use crate::fleet::enrolment_api;
use crate::http::problem::Refusal;
use crate::intake::batch_api;
use crate::publications::content_api;

/// The address of the description.
pub const PATH: &str = "/api/openapi.json";

/// The routes for kiosks, and their description.
pub fn with_routes() -> (Router<Arc<App>>, OpenApi) {
    OpenApiRouter::with_openapi(frame())
        .routes(refusing_others(routes!(enrolment_api::create), "POST"))
        .routes(refusing_others(routes!(batch_api::receive), "POST"))
        .routes(refusing_others(routes!(status_api::show), "POST"))
        .routes(refusing_others(routes!(content_api::manifest), "GET, HEAD"))
        .routes(refusing_others(routes!(content_api::file), "GET, HEAD"))
        .split_for_parts()
}

fn refusing_others(
    resource: UtoipaMethodRouter<Arc<App>>,
    allowed: &'static str,
) -> UtoipaMethodRouter<Arc<App>> {
    let refuse = move || async move { Refusal::WrongMethod { allowed } };
    resource.map(|methods: MethodRouter<_>| methods.fallback(refuse))
}

/// The route that serves the description.
pub fn route(description: &OpenApi) -> Router<Arc<App>> {
    let text: Arc<str> = text(description).into();
    let answer = move || {
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let cached = (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        let response = ([json, cached], text.to_string()).into_response();
        std::future::ready(response)
    };
    let methods = get(answer).fallback(|| async { Refusal::WrongMethod { allowed: "GET, HEAD" } });
    Router::new().route(PATH, methods)
}

/// The JSON document, as it is served and kept in assets/api.
pub fn text(description: &OpenApi) -> String {
    description.to_pretty_json().unwrap_or_default() + "\n"
}

/// Title, version and shared components of the description.
fn frame() -> OpenApi {
    let about = "What kiosks say to their server. Fields are only added, and a reader ignores what it does not \
        know. Every refusal is a problem document (RFC 9457) whose `code` never changes its \
        meaning, and leaves nothing behind.";
    let info = InfoBuilder::new().title("Galleria").version("1").description(Some(about)).build();
    let token = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let components = ComponentsBuilder::new()
        .security_scheme("kiosk", token)
        .schema_from::<wire::SealedItem>()
        .schema_from::<wire::Problem>();
    OpenApiBuilder::new().info(info).components(Some(components.build())).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_api_description_is_current() {
        let place = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/api/openapi.json");
        let made = text(&with_routes().1);
        if std::env::var_os("GALLERIA_WRITE_OPENAPI").is_some() {
            std::fs::write(place, &made).unwrap();
        }
        let kept = std::fs::read_to_string(place).unwrap_or_default();
        assert!(
            kept == made,
            "assets/api/openapi.json is out of date: look at what changed, then run the tests once with \
             GALLERIA_WRITE_OPENAPI=1"
        );
    }

    #[test]
    fn the_description_names_the_addresses_that_kiosks_call() {
        let described = with_routes().1;
        let paths: Vec<&String> = described.paths.paths.keys().collect();
        let (manifest, file) =
            (format!("{}{{version}}", wire::CONTENT), format!("{}{{sha256}}", wire::CONTENT_FILES));
        for path in [wire::ENROLMENTS, wire::BATCH, wire::CASE_STATUS, &manifest, &file] {
            assert!(paths.iter().any(|p| *p == path), "{path} is missing in {paths:?}");
        }
    }
}
