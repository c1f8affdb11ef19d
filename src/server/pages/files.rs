//! Style sheets and scripts, built into the program and kept by browsers for good.
//!
//! A name carries the hash of its file, so that a new version has a new name.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::secret::Digest;

/// One file.
#[derive(Debug)]
pub struct File {
    stem: &'static str,
    extension: &'static str,
    kind: &'static str,
    text: &'static str,
}

/// The look of the console.
pub static CONSOLE_CSS: File = File {
    stem: "console",
    extension: "css",
    kind: "text/css; charset=utf-8",
    text: include_str!("../../../ui/console/console.css"),
};
/// What the console can do when the browser lets it.
pub static CONSOLE_JS: File = File {
    stem: "console",
    extension: "js",
    kind: "text/javascript; charset=utf-8",
    text: include_str!("../../../ui/console/console.js"),
};
/// The look of the tracking page.
pub static TRACKING_CSS: File = File {
    stem: "tracking",
    extension: "css",
    kind: "text/css; charset=utf-8",
    text: include_str!("../../../ui/console/tracking.css"),
};
/// The mark in the browser's tab.
pub static ICON: File = File {
    stem: "icon",
    extension: "svg",
    kind: "image/svg+xml",
    text: include_str!("../../../ui/console/icon.svg"),
};

/// Where each of them is found.
#[derive(Debug)]
pub struct Links {
    /// [`CONSOLE_CSS`].
    pub console_css: String,
    /// [`CONSOLE_JS`].
    pub console_js: String,
    /// [`TRACKING_CSS`].
    pub tracking_css: String,
    /// [`ICON`].
    pub icon: String,
}

/// Made once.
pub static LINKS: LazyLock<Links> = LazyLock::new(|| Links {
    console_css: CONSOLE_CSS.link(),
    console_js: CONSOLE_JS.link(),
    tracking_css: TRACKING_CSS.link(),
    icon: ICON.link(),
});

impl File {
    fn link(&self) -> String {
        let hash = domain::seal::hex(&Digest::of(self.text.as_bytes()).0[..6]);
        format!("/static/{}.{hash}.{}", self.stem, self.extension)
    }
}

/// `GET /static/{name}`
pub async fn get(Path(name): Path<String>) -> Response {
    let wanted = format!("/static/{name}");
    let found = [&CONSOLE_CSS, &CONSOLE_JS, &TRACKING_CSS, &ICON].into_iter().find(|f| f.link() == wanted);
    match found {
        Some(file) => {
            let forever = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, file.kind), (header::CACHE_CONTROL, forever)], file.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
