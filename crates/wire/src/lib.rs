//! Reads JSON in the browser, in little code.
//!
//! `serde_json` compiles much of its parser, of its error texts and two ways to read a struct for every type that is read: in a browser
//! all of it is downloaded. Here the parser exists once ([`text`]), what is left per type is its table of fields, and an error says only
//! that there is one: what the server wrote is right, or something else wrote it.
//!
//! It reads what `serde_json` writes for derived types, without `f64`, `i128`, borrowed texts, untagged or flattened types: nothing that
//! the server sends has them.

mod de;
#[cfg(test)]
mod tests;
mod text;

use serde::Deserialize;
use std::fmt;

/// The text is not JSON, or not of the type asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Garbled;

impl fmt::Display for Garbled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not what was expected")
    }
}

impl std::error::Error for Garbled {}

/// Reads a value. Members that the type does not know are passed over; anything behind the value is an error, and so is what nests
/// deeper than 128 levels.
pub fn from_str<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Garbled> {
    let mut text = text::Text::new(text);
    let value = T::deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}
