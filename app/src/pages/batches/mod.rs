//! Many at once: what was asked for, and how it goes. The page can be closed: the server goes on.

mod list;
mod one;
mod words;

pub use list::Batches;
pub use one::{Batch, inputs, read_pace};
