//! The wasm: cargo, cut into parts, wasm-bindgen, wasm-opt.

use super::{hex, optimize};
use crate::{
    cmd::{At, Done, Failed, cargo, create_dir, read, run},
    machine::{self, WASM},
    paths,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use wasm_bindgen_cli_support::Bindgen;
use wasm_split_cli_support::Options;

/// Counts up when the steps below change what they make of the same input.
const RECIPE: &str = "7";
const PROFILE: &str = "wasm-release";

/// The loader of the parts, beside the glue: both import each other.
const LINK: &str = "parts.js";
/// Which files a part wants, by its name.
const WANTED: &str = "parts.json";

pub struct Bundle {
    /// Glue, loader, wasm: name and content.
    pub files: BTreeMap<String, Vec<u8>>,
    pub optimized: bool,
}

pub fn build(cache: &Path) -> Done<Bundle> {
    machine::wasm_target()?;
    // What cuts the wasm follows its relocations. Where panics come from is written into it: by short names, and none of this machine's.
    let flags = format!("-Clink-args=--emit-relocs --remap-path-prefix={}=", crates_folder().display());
    let mut build = cargo();
    build.args(["build", "--package", "seatline-frontend", "--target", WASM, "--profile", PROFILE]);
    run(build.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags))?;
    let raw = paths::target().join(WASM).join(PROFILE).join("seatline_frontend.wasm");
    let optimizer = optimize::find();
    let key = key(&read(&raw)?, optimizer.is_some());
    let made = cache.join(format!("wasm-{key}"));
    if !made.is_dir() {
        make(&raw, optimizer.as_ref(), cache, &made)?;
    }
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(&made).at(&made)?.flatten() {
        files.insert(entry.file_name().to_string_lossy().into_owned(), read(&entry.path())?);
    }
    Ok(Bundle { files, optimized: optimizer.is_some() })
}

/// Where cargo unpacks the crates that it downloads.
fn crates_folder() -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"))).unwrap_or_default();
    home.join("registry/src")
}

fn key(raw: &[u8], optimized: bool) -> String {
    let mut hash = Sha256::new();
    hash.update(raw);
    hash.update([u8::from(optimized)]);
    hash.update(RECIPE);
    hex(&hash.finalize()[..8])
}

fn make(raw: &Path, optimizer: Option<&optimize::Tools>, cache: &Path, made: &Path) -> Done {
    for entry in fs::read_dir(cache).at(cache)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with("wasm-") {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let dir = made.with_extension("unfinished");
    let _ = fs::remove_dir_all(&dir);
    create_dir(&dir)?;
    let main = dir.join("main.wasm");
    split(raw, &dir, &main).map_err(|e| Failed::new(format!("wasm-split: {e}")))?;
    bind(&main, &dir).map_err(|e| Failed::new(format!("wasm-bindgen: {e}")))?;
    fs::remove_file(&main).at(&main)?;
    if let Some(optimizer) = optimizer {
        for entry in fs::read_dir(&dir).at(&dir)?.flatten() {
            match entry.path().extension().and_then(|extension| extension.to_str()) {
                Some("wasm") => optimizer.shrink(&entry.path())?,
                Some("js") => optimizer.minify(&entry.path())?,
                _ => {}
            }
        }
    }
    fs::rename(&dir, made).at(made)
}

/// Cuts out what only a part of the pages reaches.
fn split(raw: &Path, dir: &Path, main: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let (input, link) = (fs::read(raw)?, format!("./{LINK}"));
    let mut options = Options::new(&input);
    options.output_dir = dir;
    options.main_out_path = main;
    options.link_name = &link;
    options.main_module = "./seatline.js";
    let split = wasm_split_cli_support::transform(options)?;
    let wanted: BTreeMap<&str, Vec<String>> =
        split.prefetch_map.iter().map(|(part, stems)| (part.as_str(), stems.iter().map(|stem| format!("{stem}.wasm")).collect())).collect();
    fs::write(dir.join(WANTED), serde_json::to_vec(&wanted)?)?;
    Ok(())
}

/// Glue and wasm for the browser, with short names between them.
fn bind(main: &Path, dir: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let mut output = Bindgen::new()
        .input_path(main)
        .out_name("seatline")
        .web(true)?
        .typescript(false)
        .keep_lld_exports(true)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    if output.snippets().values().any(|inline| !inline.is_empty()) || !output.local_modules().is_empty() {
        return Err("the bundle takes no inline or local JavaScript modules".into());
    }
    let mut glue = output.js().to_owned();
    let module = output.wasm_mut();
    for (i, import) in module.imports.iter_mut().filter(|import| import.module.ends_with("_bg.js")).enumerate() {
        let (long, short) = (format!("{}: function(", import.name), format!("i{i}: function("));
        if glue.contains(&long) {
            glue = glue.replace(&long, &short);
            import.name = format!("i{i}");
        }
    }
    // Streams that Leptos' server functions could send and no page does: as exports they would stay.
    let unused: Vec<String> =
        module.exports.iter().map(|export| export.name.clone()).filter(|name| name.contains("intounderlying")).collect();
    for name in unused {
        module.exports.remove(name)?;
    }
    fs::write(dir.join("seatline_bg.wasm"), module.emit_wasm())?;
    fs::write(dir.join("seatline.js"), glue)?;
    Ok(())
}
