//! What a server function said, as the text that it travels as: one type for all of them, read as what it is only where it is used.

use super::{ApiError, Lost};
use serde::de::DeserializeOwned;
use std::{convert::Infallible, fmt, str::FromStr, sync::Arc};

/// An answer or a refusal, both JSON. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    good: bool,
    json: Arc<str>,
}

impl Answer {
    /// What came over HTTP.
    #[cfg(any(test, not(feature = "ssr")))]
    pub fn new(good: bool, json: &str) -> Self {
        Self { good, json: json.into() }
    }

    /// No answer came at all.
    #[cfg(any(test, not(feature = "ssr")))]
    pub fn unreached() -> Self {
        Self::new(false, "{\"Rpc\":\"Unreached\"}")
    }

    /// What the server's own call came to, for the page that it renders.
    #[cfg(feature = "ssr")]
    pub fn of<T: serde::Serialize>(result: &Result<T, ApiError>) -> Self {
        let json = match result {
            Ok(value) => serde_json::to_string(value),
            Err(error) => serde_json::to_string(error),
        };
        // Only maps with keys that are no text can't be written: an answer with one would read as garbled.
        Self { good: result.is_ok(), json: json.unwrap_or_default().into() }
    }

    /// Its text, where it is a good one.
    #[cfg(not(feature = "ssr"))]
    pub fn json(&self) -> Option<Arc<str>> {
        self.good.then(|| Arc::clone(&self.json))
    }

    /// Reads it.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        if self.good { wire::from_str(&self.json).map_err(|_| ApiError::Rpc(Lost::Garbled)) } else { Err(self.error()) }
    }

    /// Reads a refusal; what something else between here and the server said is one too.
    #[inline(never)]
    fn error(&self) -> ApiError {
        wire::from_str(&self.json).unwrap_or(ApiError::Rpc(Lost::Garbled))
    }
}

/// As it stands in a page, for the browser to take up.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.good { "+" } else { "-" })?;
        f.write_str(&self.json)
    }
}

impl FromStr for Answer {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let good = text.strip_prefix('+');
        Ok(Self { good: good.is_some(), json: good.or(text.strip_prefix('-')).unwrap_or_default().into() })
    }
}
