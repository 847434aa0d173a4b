//! `cargo xtask bench`: the measures of the product, one module each.

use crate::cmd::{Done, Failed};

pub fn bench(args: &[String]) -> Done {
    Err(Failed::new(match args.first() {
        Some(other) => format!("there is no measure `{other}`"),
        None => "which measure?".to_owned(),
    }))
}
