//! `cargo xtask dist`: the one file that is the product.

use crate::{
    cmd::{At, Done, create_dir},
    paths,
    run::release_server,
};
use std::{fs, path::PathBuf};

pub fn dist() -> Done<PathBuf> {
    let built = release_server()?;
    let dir = paths::target().join("dist");
    create_dir(&dir)?;
    let binary = dir.join(built.file_name().expect("a file of cargo"));
    fs::copy(&built, &binary).at(&binary)?;
    let bytes = fs::metadata(&binary).at(&binary)?.len();
    println!("xtask: {} ({:.1} MB)", binary.display(), bytes as f64 / 1e6);
    Ok(binary)
}
