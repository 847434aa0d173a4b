//! SIP messages as they stand on the wire (RFC 3261 §7): read leniently, answered byte for byte.
//!
//! The crate below us drops what it cannot read and rebuilds what it can; a registrar must answer both and echo Via, From, To, Call-ID and
//! `CSeq` as they came. So a message here is a start line and a list of raw header values, and what is wrong with it is kept as a [`Fault`].

mod address;
mod answer;
mod auth_params;
mod framing;
mod params;
mod parse;
mod uri;
mod via;

pub(crate) use address::{Address, parse_address, parse_address_list};
pub(crate) use answer::Answer;
pub(crate) use auth_params::{AuthParams, is_digest, parse_auth};
pub(crate) use framing::{Frame, next_frame};
pub(crate) use params::split_commas;
pub(crate) use parse::parse;
pub(crate) use uri::{SipUri, UriFault, host_port, parse_uri, percent_decode, without_headers};
pub(crate) use via::{Via, parse_via};

use std::borrow::Cow;

/// What the start line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    Request { method: String, uri: String },
    Response { code: u16, reason: String },
}

/// What is wrong with a message that could still be read far enough to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    RequestLine,
    Version,
    HeaderLine,
    ControlCharacter,
    ContentLength,
    ShortBody,
    NoEmptyLine,
    HeadersTooLong,
}

/// One message; header names are lower case and in their long form, values are unfolded and trimmed.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub start: Start,
    pub headers: Vec<(Cow<'static, str>, Vec<u8>)>,
    pub body: Vec<u8>,
    pub fault: Option<Fault>,
}

impl Message {
    /// All values of a header, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.headers.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_slice())
    }

    /// The first value of a header.
    pub fn first<'a>(&'a self, name: &'a str) -> Option<&'a [u8]> {
        self.all(name).next()
    }

    /// The first value of a header as text; none when it is absent or not UTF-8.
    pub fn text<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.first(name).and_then(|v| std::str::from_utf8(v).ok())
    }

    /// How many hops it came over. A Via header that can't be split counts as one.
    pub fn via_count(&self) -> usize {
        self.all("via").map(|value| split_commas(value).map_or(1, |list| list.len())).sum()
    }

    /// The comma-separated tokens of all values of a header, as written.
    pub fn listed(&self, name: &str) -> Vec<String> {
        let text = self.all(name).map(String::from_utf8_lossy).collect::<Vec<_>>().join(",");
        text.split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect()
    }

    /// The same in lower case, to be compared.
    pub fn tokens(&self, name: &str) -> Vec<String> {
        self.listed(name).into_iter().map(|token| token.to_ascii_lowercase()).collect()
    }

    /// `CSeq` as number and method; none when it is absent or malformed (RFC 3261 §8.1.1.5: below 2^31).
    pub fn cseq(&self) -> Option<(u32, &str)> {
        let mut parts = self.text("cseq")?.split_ascii_whitespace();
        let (number, method) = (parts.next()?, parts.next()?);
        let whole = parts.next().is_none() && number.bytes().all(|b| b.is_ascii_digit());
        let number = number.parse().ok().filter(|n| *n < 1 << 31)?;
        whole.then_some((number, method))
    }
}
