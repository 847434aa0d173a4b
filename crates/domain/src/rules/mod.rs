//! The rule of each kind of value: text in, normal form or fault out.

pub mod ip;
pub mod operator;
pub mod secret;
pub mod text;
pub mod uri;
