//! The filter, the search and the page number of the inbox, as the query of its address.
//!
//! Unknown values are ignored: an old bookmark may show more cases, and never leads to an error.

use domain::Timestamp;
use domain::case::Stage;
use domain::kind::Kind;
use serde::Deserialize;

use crate::http::escape::percent_encoded;
use crate::store::SOON;
use crate::store::cases::CaseFilter;

/// Cases per page.
pub const PAGE: usize = 50;

/// The query as it arrives: every value is text, and an absent one is empty.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Query {
    kind: String,
    stage: String,
    urgent: String,
    due: String,
    wrote: String,
    since: String,
    q: String,
    page: String,
}

/// How soon something is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It was due before now.
    Late,
    /// It is due within [`SOON`].
    Soon,
}

/// The part of the inbox that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only this stage.
    pub stage: Option<Stage>,
    /// Only urgent cases.
    pub urgent: bool,
    /// Only cases that are late, or due soon.
    pub due: Option<Due>,
    /// Only cases whose visitor wrote what nobody has answered or read, closed ones too.
    pub wrote: bool,
    /// Only cases that arrived after this event.
    pub since: Option<i64>,
    /// The search text.
    pub search: Option<String>,
    /// The page number, from 0.
    pub page: usize,
}

impl From<Query> for View {
    fn from(query: Query) -> Self {
        let search: String = query.q.trim().chars().take(100).collect();
        Self {
            kind: Kind::ALL.iter().copied().find(|kind| kind.key() == query.kind),
            stage: Stage::from_key(&query.stage),
            urgent: query.urgent == "1",
            due: match query.due.as_str() {
                "late" => Some(Due::Late),
                "soon" => Some(Due::Soon),
                _ => None,
            },
            wrote: query.wrote == "1",
            since: query.since.parse().ok(),
            search: (!search.is_empty()).then_some(search),
            page: query.page.parse::<usize>().unwrap_or_default().min(10_000),
        }
    }
}

impl View {
    /// The filter for the store.
    pub fn filter(&self, now: Timestamp) -> CaseFilter {
        let soon = now + SOON;
        CaseFilter {
            kind: self.kind,
            stage: self.stage,
            urgent: self.urgent,
            due: self.due.map(|due| match due {
                Due::Late => Timestamp::UNIX_EPOCH..now,
                Due::Soon => now..soon,
            }),
            visitor_wrote: self.wrote,
            since: self.since,
            search: self.search.clone(),
            telephone: None,
        }
    }

    /// The query of the address, with its question mark; empty for the whole inbox.
    pub fn query(&self) -> String {
        let page = (self.page > 0).then(|| self.page.to_string());
        let due = self.due.map(|due| if due == Due::Late { "late" } else { "soon" });
        let since = self.since.map(|event| event.to_string());
        let parts = [
            ("kind", self.kind.map(Kind::key)),
            ("stage", self.stage.map(Stage::key)),
            ("urgent", self.urgent.then_some("1")),
            ("due", due),
            ("wrote", self.wrote.then_some("1")),
            ("since", since.as_deref()),
            ("q", self.search.as_deref()),
            ("page", page.as_deref()),
        ];
        let given =
            parts.iter().filter_map(|(name, value)| Some(format!("{name}={}", percent_encoded((*value)?))));
        let query = given.collect::<Vec<_>>().join("&");
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// The same view at another page.
    pub fn at_page(&self, page: usize) -> Self {
        Self { page, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A view is written as a query, and unknown values in a query are ignored.
    #[test]
    fn unknown_query_values_are_left_out() {
        let view = View {
            kind: Some(Kind::Complaint),
            stage: Some(Stage::FollowUp),
            urgent: true,
            due: Some(Due::Soon),
            wrote: true,
            since: Some(17),
            search: Some("扶梯 & 灯".to_owned()),
            page: 2,
        };
        assert_eq!(
            view.query(),
            "?kind=complaint&stage=follow-up&urgent=1&due=soon&wrote=1&since=17&q=%E6%89%B6%E6%A2%AF%20%26%20%E7%81%AF&page=2"
        );
        let unknown = Query { kind: "?".to_owned(), page: "-1".to_owned(), ..Query::default() };
        assert_eq!(View::from(unknown), View::default());
        assert_eq!(View::default().query(), "");
    }
}
