//! What the list is asked for, as it stands in the page's address.

use domain::view::{SeatSort, SeatsAsk};
use form_urlencoded::{Serializer, parse};

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
    pub fn read(query: &String) -> Self {
        let mut read = Self::default();
        for (name, value) in parse(query.as_bytes()) {
            match (&*name, &*value) {
                ("q", text) => text.clone_into(&mut read.text),
                ("sort", "extension") => read.sort = SeatSort::Extension,
                ("sort", "changed") => read.sort = SeatSort::Changed,
                ("desc", "1") => read.descending = true,
                ("not_registered", "1") => read.not_registered = true,
                ("drafts", "1") => read.drafts = true,
                _ => {}
            }
        }
        read
    }

    /// The query string, with its `?`; empty for the plain list.
    pub fn string(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let mut query = Serializer::for_suffix("?".to_owned(), 1);
        let pairs = [
            ("q", self.text.as_str(), !self.text.is_empty()),
            ("sort", word(self.sort), self.sort != SeatSort::Name),
            ("desc", "1", self.descending),
            ("not_registered", "1", self.not_registered),
            ("drafts", "1", self.drafts),
        ];
        query.extend_pairs(pairs.iter().filter(|pair| pair.2).map(|(name, value, _)| (name, value)));
        query.finish()
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
