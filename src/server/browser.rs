//! A test client for the pages: it fetches pages, posts forms and keeps a cookie, over real TLS.
//!
//! It is no browser: it follows no redirects and runs no scripts.

use domain::receipt::TrackingToken;

use crate::testing::{Mall, PASSWORD, Reply, TestKiosk, a_complaint, fetch};

/// A client with one cookie and one language.
pub struct Reader<'a> {
    pub mall: &'a Mall,
    pub cookie: String,
    pub language: &'static str,
}

impl<'a> Reader<'a> {
    pub fn stranger(mall: &'a Mall) -> Self {
        Self { mall, cookie: String::new(), language: "en" }
    }

    pub fn signed_in(mall: &'a Mall, login: &str) -> Self {
        let mut reader = Self::stranger(mall);
        let page = reader.post("/login", &[("login", login), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.text);
        let cookie = page.headers["set-cookie"].to_str().unwrap();
        reader.cookie = cookie.split(';').next().unwrap().to_owned();
        reader
    }

    pub fn get(&self, path: &str) -> Reply {
        let request = self.mall.agent.get(self.mall.url(path)).header("cookie", &self.cookie);
        fetch(request.header("accept-language", self.language))
    }

    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        let request = self.mall.agent.post(self.mall.url(path)).header("cookie", &self.cookie);
        let request = request.header("accept-language", self.language);
        fetch(request.form(form))
    }

    /// The addresses in the navigation of the console: every page that this reader may open.
    pub fn navigation(&self) -> Vec<String> {
        let text = self.get("/inbox").text;
        let navigation =
            text.split("<nav class=\"navigation\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let links =
            navigation.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap().to_owned());
        let links: Vec<_> = links.collect();
        assert!(links.len() > 4, "{links:?}");
        links
    }

    /// The hidden fields that every form on a case page sends.
    pub fn fields(&self, path: &str) -> (String, String) {
        let text = self.get(path).text;
        let field = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            text.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
        };
        (field("version"), field("seen"))
    }
}

pub fn with_a_case(mall: &Mall, story: &str) -> (TestKiosk, TrackingToken) {
    let mut kiosk = mall.kiosk("North door");
    let token = mall.tell(&mut kiosk, a_complaint(story));
    (kiosk, token)
}

/// Translation keys that are visible on a page because their text is missing.
pub fn keys_shown(html: &str) -> Vec<&str> {
    let families = ["nav.", "inbox.", "case.", "clock.", "stage.", "event.", "track.", "kiosk.", "audit."];
    let texts = html.split('>').filter_map(|part| part.split('<').next());
    texts.filter(|text| families.iter().any(|family| text.trim().starts_with(family))).collect()
}
