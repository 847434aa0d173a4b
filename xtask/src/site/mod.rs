//! The browser's files: wasm, its glue, styles, scripts, pictures, each with its compressed forms, in
//! `target/site/<hash of it all>/`. Steps whose inputs did not change are not run again.

mod compress;
mod optimize;
mod styles;
mod wasm;

use crate::{
    cmd::{At, Done, create_dir, read, write},
    paths,
};
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

/// A finished build of the browser's files.
pub struct Site {
    /// The folder that holds them; its name is the hash.
    pub dir: PathBuf,
    /// Whether wasm-opt made the wasm smaller.
    pub optimized: bool,
}

/// File name and content.
type Files = BTreeMap<String, Vec<u8>>;

pub fn build() -> Done<Site> {
    let cache = paths::target().join("site-cache");
    create_dir(&cache)?;
    let wasm = wasm::build(&cache)?;
    let mut files: Files = wasm.files;
    files.insert("main.css".into(), styles::main_css(&paths::root().join("style"))?.into_bytes());
    add_folder(&mut files, &paths::root().join("frontend/static"), |_| true)?;
    add_folder(&mut files, &paths::root().join("style"), |file| file.extension().is_some_and(|e| e == "svg"))?;

    let hash = hash_of(&files);
    let sites = paths::target().join("site");
    let dir = sites.join(&hash);
    if !dir.is_dir() {
        let unfinished = sites.join(format!(".{hash}.{}", std::process::id()));
        create_dir(&unfinished)?;
        for (name, content) in &files {
            write(&unfinished.join(name), content)?;
            for (suffix, bytes) in compress::forms(name, content, &cache)? {
                write(&unfinished.join(format!("{name}.{suffix}")), bytes)?;
            }
        }
        fs::rename(&unfinished, &dir).at(&dir)?;
    }
    write(&sites.join("current"), &hash)?;
    forget_older(&sites, &hash);
    Ok(Site { dir, optimized: wasm.optimized })
}

fn add_folder(files: &mut Files, dir: &Path, wanted: fn(&Path) -> bool) -> Done {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir).at(dir)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() && !name.starts_with('.') && wanted(&entry.path()) {
            let content = read(&entry.path())?;
            let is_script = entry.path().extension().is_some_and(|extension| extension == "js");
            files.insert(name, if is_script { without_comments(&content) } else { content });
        }
    }
    Ok(())
}

/// A script without the lines that are only words about it, and without indentation.
fn without_comments(script: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(script);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    (lines.collect::<Vec<_>>().join("\n") + "\n").into_bytes()
}

/// Sixteen hex digits over names and contents.
fn hash_of(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, content) in files {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((content.len() as u64).to_le_bytes());
        hash.update(content);
    }
    hex(&hash.finalize()[..8])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}

/// Removes builds before this one; a server that runs has its files in memory.
fn forget_older(sites: &Path, current: &str) {
    for entry in fs::read_dir(sites).into_iter().flatten().flatten() {
        if entry.path().is_dir() && entry.file_name() != current {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_follows_names_and_contents() {
        let files = |pairs: &[(&str, &str)]| -> Files { pairs.iter().map(|(n, c)| ((*n).into(), (*c).into())).collect() };
        let one = hash_of(&files(&[("a", "bc")]));
        assert_eq!(one.len(), 16);
        assert_eq!(one, hash_of(&files(&[("a", "bc")])));
        assert_ne!(one, hash_of(&files(&[("ab", "c")])));
        assert_ne!(one, hash_of(&files(&[("a", "bd")])));
    }
}
