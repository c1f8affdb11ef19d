//! Style sheets and scripts, built into the program. Browsers cache them for a year.
//!
//! A name contains the hash of its file, so a new version has a new name.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::secret::Digest;

#[derive(Debug)]
pub struct File {
    stem: &'static str,
    extension: &'static str,
    kind: &'static str,
    text: &'static str,
}

macro_rules! file {
    ($stem:literal, $extension:literal, $kind:literal) => {
        File {
            stem: $stem,
            extension: $extension,
            kind: $kind,
            text: include_str!(concat!("../../../ui/console/", $stem, ".", $extension)),
        }
    };
}

static FILES: [File; 7] = [
    file!("console", "css", "text/css; charset=utf-8"),
    file!("console", "js", "text/javascript; charset=utf-8"),
    file!("drafts", "js", "text/javascript; charset=utf-8"),
    file!("live", "js", "text/javascript; charset=utf-8"),
    file!("tracking", "css", "text/css; charset=utf-8"),
    file!("tracking", "js", "text/javascript; charset=utf-8"),
    file!("icon", "svg", "image/svg+xml"),
];

/// The address of each file.
#[derive(Debug)]
pub struct Links {
    pub console_css: String,
    /// The pages of the console also work without them.
    pub console_scripts: [String; 3],
    pub tracking_css: String,
    /// The tracking page also works without it.
    pub tracking_js: String,
    /// The icon in the browser's tab.
    pub icon: String,
}

pub static LINKS: LazyLock<Links> = LazyLock::new(|| {
    let [console_css, console_js, drafts_js, live_js, tracking_css, tracking_js, icon] =
        FILES.each_ref().map(File::link);
    Links { console_css, console_scripts: [console_js, drafts_js, live_js], tracking_css, tracking_js, icon }
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
    match FILES.iter().find(|file| file.link() == wanted) {
        Some(file) => {
            let forever = "public, max-age=31536000, immutable";
            ([(header::CONTENT_TYPE, file.kind), (header::CACHE_CONTROL, forever)], file.text).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
