//! The wasm bundle: cargo, wasm-bindgen, wasm-opt.

use super::{hex, optimize};
use crate::{
    cmd::{At, Done, Failed, cargo, create_dir, read, run},
    machine::{self, WASM},
    paths,
};
use sha2::{Digest, Sha256};
use std::{fs, path::Path};
use wasm_bindgen_cli_support::Bindgen;

/// Counts up when the steps below change what they make of the same input.
const RECIPE: &str = "1";
const PROFILE: &str = "wasm-release";

pub struct Bundle {
    pub glue: Vec<u8>,
    pub wasm: Vec<u8>,
    pub optimized: bool,
}

pub fn build(cache: &Path) -> Done<Bundle> {
    machine::wasm_target()?;
    run(cargo().args(["build", "--quiet", "--package", "seatline-frontend", "--target", WASM, "--profile", PROFILE]))?;
    let raw = paths::target().join(WASM).join(PROFILE).join("seatline_frontend.wasm");
    let optimizer = optimize::find();
    let key = key(&read(&raw)?, optimizer.is_some());
    let made = cache.join(format!("wasm-{key}"));
    if !made.is_dir() {
        make(&raw, optimizer.as_ref(), cache, &made)?;
    }
    Ok(Bundle { glue: read(&made.join("seatline.js"))?, wasm: read(&made.join("seatline_bg.wasm"))?, optimized: optimizer.is_some() })
}

fn key(raw: &[u8], optimized: bool) -> String {
    let mut hash = Sha256::new();
    hash.update(raw);
    hash.update([u8::from(optimized)]);
    hash.update(RECIPE);
    hex(&hash.finalize()[..8])
}

fn make(raw: &Path, optimizer: Option<&optimize::WasmOpt>, cache: &Path, made: &Path) -> Done {
    for entry in fs::read_dir(cache).at(cache)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("wasm-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let dir = made.with_extension("unfinished");
    create_dir(&dir)?;
    bind(raw, &dir).map_err(|e| Failed::new(format!("wasm-bindgen: {e}")))?;
    if let Some(optimizer) = optimizer {
        optimizer.run(&dir.join("seatline_bg.wasm"))?;
    }
    fs::rename(&dir, made).at(made)
}

fn bind(raw: &Path, dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut output = Bindgen::new()
        .input_path(raw)
        .out_name("seatline")
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if output.snippets().values().any(|inline| !inline.is_empty()) || !output.local_modules().is_empty() {
        return Err("the bundle is two files: it takes no inline or local JavaScript modules".into());
    }
    output.emit(dir)?;
    Ok(())
}
