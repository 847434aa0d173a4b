//! What the list is asked for, as it stands in the page's address.

use domain::view::{SeatSort, SeatsAsk};
use leptos_router::params::ParamsMap;

/// The question behind `?q=&sort=&desc=&not_registered=&drafts=`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: String,
    pub sort: SeatSort,
    pub descending: bool,
    pub not_registered: bool,
    /// Only what this computer keeps unsaved.
    pub drafts: bool,
}

const fn word(sort: SeatSort) -> &'static str {
    match sort {
        SeatSort::Name => "name",
        SeatSort::Extension => "extension",
        SeatSort::Changed => "changed",
    }
}

impl Query {
    pub fn read(params: &ParamsMap) -> Self {
        let on = |name| params.get_str(name) == Some("1");
        let sort = match params.get_str("sort") {
            Some("extension") => SeatSort::Extension,
            Some("changed") => SeatSort::Changed,
            _ => SeatSort::Name,
        };
        Self {
            text: params.get("q").unwrap_or_default(),
            sort,
            descending: on("desc"),
            not_registered: on("not_registered"),
            drafts: on("drafts"),
        }
    }

    /// The query string, with its `?`; empty for the plain list.
    pub fn string(&self) -> String {
        let mut params = ParamsMap::new();
        if !self.text.is_empty() {
            params.insert("q", self.text.clone());
        }
        if self.sort != SeatSort::Name {
            params.insert("sort", word(self.sort).to_owned());
        }
        if self.descending {
            params.insert("desc", "1".to_owned());
        }
        if self.not_registered {
            params.insert("not_registered", "1".to_owned());
        }
        if self.drafts {
            params.insert("drafts", "1".to_owned());
        }
        params.to_query_string()
    }

    /// Sorted by `sort`; the other way round when it is already.
    pub fn sorted(&self, sort: SeatSort) -> Self {
        Self { sort, descending: self.sort == sort && !self.descending, ..self.clone() }
    }

    pub fn ask(&self, after: Option<String>) -> SeatsAsk {
        SeatsAsk {
            text: self.text.trim().to_owned(),
            not_registered: self.not_registered,
            sort: self.sort,
            descending: self.descending,
            after,
        }
    }

    /// Whether it leaves seats out.
    pub const fn narrows(&self) -> bool {
        !self.text.is_empty() || self.not_registered
    }
}
